// Messages between parts and processes: in memory by default, over NATS or Redis by URL. The clients of NATS and Redis load only
// where a URL asks for them; `@tablecast/bus/nats`, `/redis` and `/inspect` load them at once.
export { type Bus, BusError, type BusMessage, MAX_PAYLOAD_BYTES } from './bus.ts'
export type { Feed, FeedProblem, FeedSource } from './feed.ts'
export { MemoryBus } from './memory.ts'
export { openBus, openPubSub } from './open.ts'
export { pause } from './pause.ts'
export type { ChannelMessage, PubSub, Subscription } from './pub-sub.ts'
export { withoutCredentials } from './without-credentials.ts'
