// Real services of a test's own: on free ports of loopback, in temporary folders, gone with the test.
export { argumentsOf } from './arguments.ts'
export { type Adventure, adventureOf } from './adventure.ts'
export { ChildServer } from './child-server.ts'
export { temporaryFolder } from './folder.ts'
export { ModelCall, startModel, type TestModel } from './model.ts'
export { startNats, type TestNats } from './nats.ts'
export { freePort } from './port.ts'
export { startPostgres, type TestPostgres } from './postgres.ts'
export { clientFrame, rawWebSocket } from './raw-web-socket.ts'
export { startRedis, type TestRedis } from './redis.ts'
export { type ProxiedConnection, type Tap, TcpProxy, type TcpProxyOptions } from './tcp-proxy.ts'
export { until } from './until.ts'
export {
  type OidcClient,
  type OidcTokens,
  RefusedByProvider,
  renewAtProvider,
  signInAtProvider,
} from './oidc-person.ts'
export { type OidcOptions, type OidcProvider, startOidc } from './oidc.ts'
