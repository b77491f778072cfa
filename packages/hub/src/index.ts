// Live fan-out: an ordered log in memory, and cursors into it. No I/O, no dependencies.
export { Batch, HubEvent } from './batch.ts'
export { Channel } from './channel.ts'
export { Cursor } from './cursor.ts'
export { Hub, type Observe } from './hub.ts'
export type { ChannelObserver } from './observer.ts'
export type { OverflowPolicy } from './overflow-policy.ts'
export { paced } from './paced.ts'
export type { CloseReason, Sink } from './sink.ts'
