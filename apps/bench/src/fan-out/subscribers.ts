import type { ChildProcess } from 'node:child_process'
import { answer, end } from '../child.ts'
import { CLIENT_CORE, forkOn } from '../cores.ts'
import type { Server } from './peers.ts'

/** Starts subscribers of that server, in a separate process. */
export async function subscribers(
  server: Server,
  port: number,
  count: number,
): Promise<AsyncDisposable & { process: ChildProcess }> {
  const clients = forkOn(CLIENT_CORE, new URL('clients.ts', import.meta.url), [server, String(port), String(count)])
  await answer(clients)
  return { process: clients, [Symbol.asyncDispose]: () => end(clients) }
}
