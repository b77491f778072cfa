// The entry of a build. Compiled code is kept beside it for the next start, or where NODE_COMPILE_CACHE says.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'

/** Node keeps it when the process ends; one that is killed would keep nothing. */
const FLUSH_AFTER_MS = 5_000

// Without a folder that it can write to, Node compiles at each start.
enableCompileCache(join(import.meta.dirname, '.cache'))
setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref()
await import('./main.ts')
