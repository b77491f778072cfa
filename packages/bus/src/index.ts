// Messages between parts and processes: in memory by default, over NATS by URL.
export { type Bus, BusError, type BusErrorCode, type BusMessage, MAX_PAYLOAD_BYTES, type Subscription } from './bus.ts'
export type { Feed, FeedSource } from './feed.ts'
export { MemoryBus } from './memory.ts'
export { NatsBus, type NatsOptions } from './nats.ts'
export { type BusOptions, openBus } from './open.ts'
export { pause } from './pause.ts'
