// Live fan-out: an ordered log in memory, and cursors into it. No I/O, no dependencies.
export { Batch, HubEvent } from './batch.ts'
export { Channel, type ChannelOptions, type Policy, type Recovery } from './channel.ts'
export { Cursor, type CloseReason, type Sink } from './cursor.ts'
export { Hub, type HubListener } from './hub.ts'
export { paced } from './paced.ts'
