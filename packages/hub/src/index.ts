// Live fan-out: an ordered log in memory, and cursors into it. No I/O, no dependencies.
export { Batch, HubEvent, type Wire } from './batch.ts'
export { Channel, type ChannelOptions, type Policy, type Published, type Recovery } from './channel.ts'
export { Cursor, type CloseReason, type Sink } from './cursor.ts'
export { Hub, type HubListener, type Observe } from './hub.ts'
export type { ChannelObserver } from './observer.ts'
export { paced } from './paced.ts'
