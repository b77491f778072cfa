// The process of a `ServerHost`.
import type { Server } from '@tablecast/server'

// From the build, which loads in a third of the time, and so does the process that reads pictures.
const built = new URL('../apps/server/dist/server.js', import.meta.url)
const { openServer, parseConfig } = (await import(built.href)) as typeof import('@tablecast/server')

/** Opens a server with these variables, or closes the one at `port`. */
export type HostRequest = { id: number } & ({ open: Record<string, string> } | { close: string })
export type HostAnswer = { id: number; problem?: string }

const servers = new Map<string, Server>()

process.on('message', (request: HostRequest) => {
  const answer = (problem?: string) => void process.send?.({ id: request.id, ...(problem ? { problem } : {}) })
  carryOut(request).then(
    () => answer(),
    (error: unknown) => answer(error instanceof Error ? error.stack : String(error)),
  )
})
// The worker has ended, in whatever way.
process.on('disconnect', () => process.exit())

async function carryOut(request: HostRequest): Promise<void> {
  if ('open' in request) {
    const server = await openServer(parseConfig(request.open))
    servers.set(String(server.port), server)
    return
  }
  const server = servers.get(request.close)
  servers.delete(request.close)
  await server?.[Symbol.asyncDispose]()
}
