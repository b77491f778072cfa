// The serialise-once path by itself, for the benchmarks.
export { textFrame } from './socket-sink.ts'
export { Streams } from './streams.ts'
export { createTrpcSocketServer, streamChannel } from './trpc-socket.ts'
