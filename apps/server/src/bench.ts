// The parts of the server that send an event to many clients, for the benchmarks.
export { createMetrics } from './ops/node-metrics.ts'
export { tallyOf } from './transport/stage-meter.ts'
export { encodeArenaEvent, plainForm } from './stages/arena/arena-event.ts'
export { KeepAlive } from './transport/keep-alive.ts'
export { SocketSink, textFrame, type WireForm } from './transport/socket-sink.ts'
export { Arrivals } from './transport/arrivals.ts'
export { ChannelStream } from './transport/stream.ts'
export { TrpcSockets } from './transport/trpc-socket.ts'
