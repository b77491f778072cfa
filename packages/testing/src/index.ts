// Real services of a test's own: on free ports of loopback, in temporary folders, gone with the test.
export { temporaryFolder } from './folder.ts'
export { ModelCall, startModel, type TestModel } from './model.ts'
export { startNats, type TestNats } from './nats.ts'
export { freePort } from './port.ts'
export { startPostgres, type TestPostgres } from './postgres.ts'
export { clientFrame, rawWebSocket } from './raw-web-socket.ts'
export { startRedis, type TestRedis } from './redis.ts'
export { until } from './until.ts'
