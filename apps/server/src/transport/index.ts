// The serialise-once path by itself, for the benchmarks.
export { encodeArenaEvent, plainForm } from '../stages/arena/arena-event.ts'
export { SocketSink, textFrame, type WireForm } from './socket-sink.ts'
export { createTrpcSocketServer, streamChannel } from './trpc-socket.ts'
