// The serialise-once path by itself, measured as in the server, for the benchmarks.
export { Metrics } from '../ops/metrics.ts'
export { tallyOf } from '../ops/stage-meter.ts'
export { encodeArenaEvent, plainForm } from '../stages/arena/arena-event.ts'
export { KeepAlive } from './keep-alive.ts'
export { SocketSink, textFrame, type WireForm } from './socket-sink.ts'
export { ChannelStream } from './stream.ts'
export { createTrpcSocketServer } from './trpc-socket.ts'
