// Messages between parts and processes: in memory by default, over NATS or Redis by URL.
export { type Bus, BusError, type BusErrorCode, type BusMessage, MAX_PAYLOAD_BYTES } from './bus.ts'
export type { Feed, FeedSource } from './feed.ts'
export { MemoryBus } from './memory.ts'
export { NatsBus, type NatsOptions } from './nats.ts'
export { type BusOptions, openBus, openPubSub, type PubSubOptions } from './open.ts'
export { pause } from './pause.ts'
export type { ChannelMessage, PubSub, Subscription } from './pub-sub.ts'
export { RedisPubSub, type RedisOptions } from './redis.ts'
