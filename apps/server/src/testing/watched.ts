// A server as a process that is watched from the inside, see `server-watch.ts`.
import { openProcess } from './process.ts'

/** The longest that the loop stood still since it was asked last: by the clock, and by what the thread worked meanwhile. */
export type Stall = { wallMs: number; cpuMs: number }
/** In bytes, after everything that is not in use was collected. */
export type Memory = { heapUsed: number; external: number; arrayBuffers: number; rss: number }

const watch = new URL('server-watch.ts', import.meta.url)

export async function openWatched(environment: Record<string, string> = {}) {
  const server = await openProcess({ NODE_OPTIONS: `--import ${watch.href}`, ...environment })
  const [, port] = /watched on port (\d+)/.exec(server.output()) ?? []
  const ask = async <T>(path: string) => (await (await fetch(`http://127.0.0.1:${port}/${path}`)).json()) as T
  return {
    ...server,
    url: `http://127.0.0.1:${server.port}`,
    worstStall: () => ask<Stall>(''),
    memory: () => ask<Memory>('memory'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
