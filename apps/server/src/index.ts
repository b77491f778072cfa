export type { AppRouter } from './router.ts'
export { openServer, type Server } from './server.ts'
export { type Config, ConfigError, parseConfig } from './config.ts'
