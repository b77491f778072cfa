export type { AppRouter } from './router.ts'
export { openServer, type Server } from './server.ts'
export { parseConfig } from './config.ts'
