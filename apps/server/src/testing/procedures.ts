// The procedures of a server, to read their declarations: they have no parts, so none can be called.
import { createRouter } from '../router.ts'

export const idleRouter = createRouter({ rooms: {} } as never)
