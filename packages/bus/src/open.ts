import type { Bus } from './bus.ts'
import { MemoryBus } from './memory.ts'
import { NatsBus } from './nats.ts'
import type { PubSub } from './pub-sub.ts'
import { RedisPubSub } from './redis.ts'

export type BusOptions = { natsUrl?: string | undefined; name: string; failed?: (error: unknown) => void }
export type PubSubOptions = { redisUrl?: string | undefined; name: string; failed?: (error: unknown) => void }

/** NATS with a URL, else memory. Never waits for a connection. */
export const openBus = ({ natsUrl, name, failed = () => {} }: BusOptions): Bus =>
  natsUrl ? new NatsBus({ url: natsUrl, name, failed }) : new MemoryBus(failed)

/** Redis with a URL, else memory. Never waits for a connection. */
export const openPubSub = ({ redisUrl, name, failed = () => {} }: PubSubOptions): PubSub =>
  redisUrl ? new RedisPubSub({ url: redisUrl, name, failed }) : new MemoryBus(failed)
