// A server process with `server-watch.ts` loaded into it.
import { openProcess } from './process.ts'

/** The longest time that the event loop was blocked since the last call: by the wall clock, and in CPU time of the thread. */
export type Stall = { wallMs: number; cpuMs: number }
/** In bytes, after a garbage collection. */
export type Memory = { heapUsed: number; external: number; arrayBuffers: number; rss: number }

/** The module to load with `NODE_OPTIONS=--import`. */
export const serverWatch = new URL('server-watch.ts', import.meta.url)

/** Asks a watched server. `output` returns all that the server has printed. */
export function watchOf(output: () => string) {
  const ask = async <T>(path: string) => {
    const port = [...output().matchAll(/watched on port (\d+)/g)].at(-1)?.[1]
    return (await (await fetch(`http://127.0.0.1:${port}/${path}`)).json()) as T
  }
  return { worstStall: () => ask<Stall>(''), memory: () => ask<Memory>('memory') }
}

export async function openWatched(environment: Record<string, string> = {}) {
  const server = await openProcess({ NODE_OPTIONS: `--import ${serverWatch.href}`, ...environment })
  return {
    ...server,
    ...watchOf(server.output),
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
