// Live fan-out: an ordered log in memory, and cursors into it. No I/O, no dependencies.
export { Batch, HubEvent } from './batch.ts'
export { Channel, type Policy } from './channel.ts'
export { Cursor, type CloseReason, type Sink } from './cursor.ts'
export { Hub, type Observe } from './hub.ts'
export type { ChannelObserver } from './observer.ts'
export { paced } from './paced.ts'
