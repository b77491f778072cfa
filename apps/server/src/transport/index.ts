// The serialise-once path by itself, for the benchmarks.
export { encodeArenaEvent, plainForm } from '../stages/arena/arena-event.ts'
export { KeepAlive } from './keep-alive.ts'
export { SocketSink, textFrame, type WireForm } from './socket-sink.ts'
export { ChannelStream } from './stream.ts'
export { createTrpcSocketServer } from './trpc-socket.ts'
