import type { Bus } from './bus.ts'
import { MemoryBus } from './memory.ts'
import type { PubSub } from './pub-sub.ts'

export type BusOptions = { natsUrl?: string | undefined; name: string; failed?: (error: unknown) => void }
export type PubSubOptions = { redisUrl?: string | undefined; name: string; failed?: (error: unknown) => void }

/** NATS with a URL, else memory. Loads the client that it needs, and never waits for a connection. */
export async function openBus({ natsUrl, name, failed = () => {} }: BusOptions): Promise<Bus> {
  if (!natsUrl) return new MemoryBus(failed)
  const { NatsBus } = await import('./nats.ts')
  return new NatsBus({ url: natsUrl, name, failed })
}

/** Redis with a URL, else memory. Loads the client that it needs, and never waits for a connection. */
export async function openPubSub({ redisUrl, name, failed = () => {} }: PubSubOptions): Promise<PubSub> {
  if (!redisUrl) return new MemoryBus(failed)
  const { RedisPubSub } = await import('./redis.ts')
  return new RedisPubSub({ url: redisUrl, name, failed })
}
