// A server as a process that is watched from the inside, see `server-watch.ts`.
import { openProcess } from './process.ts'

/** The longest that the loop stood still since it was asked last: by the clock, and by what the thread worked meanwhile. */
export type Stall = { wallMs: number; cpuMs: number }
/** In bytes, after everything that is not in use was collected. */
export type Memory = { heapUsed: number; external: number; arrayBuffers: number; rss: number }

/** What a server loads to be watched: `NODE_OPTIONS=--import` this. */
export const serverWatch = new URL('server-watch.ts', import.meta.url)

/** Asks a server that is watched. `output`: what it has printed. */
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
