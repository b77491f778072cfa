import type { Bus } from './bus.ts'
import { MemoryBus } from './memory.ts'
import { NatsBus } from './nats.ts'

export type BusOptions = { natsUrl?: string | undefined; name: string; failed?: (error: unknown) => void }

/** NATS with a URL, else memory. Never waits for a connection. */
export const openBus = ({ natsUrl, name, failed = () => {} }: BusOptions): Bus =>
  natsUrl ? new NatsBus({ url: natsUrl, name, failed }) : new MemoryBus(failed)
