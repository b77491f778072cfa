// The server as a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort, inherited, temporaryFolder, until } from '@tablecast/testing'
import { WebSocket } from 'ws'

/** Starts the server from its sources. */
export const sources = fileURLToPath(new URL('../main.ts', import.meta.url))
/** `pnpm test` names the server that it has just built: it starts with two thirds of the processor time. */
const main = process.env['TEST_SERVER'] ?? sources

type ProcessOptions = {
  /** A module that runs before the server. */
  preload?: URL
  /** The file that starts the server: what `pnpm test` has built, else the sources. */
  entry?: string
  /** Arguments of the command line. */
  arguments?: readonly string[]
}

/** Starts the server as a process. `inspectorPort` opens the port that `heapMb` needs. */
export function startProcess(
  environment: Record<string, string>,
  inspectorPort?: number,
  { preload, entry = main, arguments: given = [] }: ProcessOptions = {},
) {
  const flags = [
    ...(inspectorPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectorPort}`]),
    ...(preload ? ['--import', preload.href] : []),
  ]
  const child = spawn(process.execPath, [...flags, entry, ...given], {
    env: { ...inherited(), LOG_LEVEL: 'silent', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)))
  return { child, output: () => output, exited: once(child, 'exit') as Promise<[number | null, string | null]> }
}

/** Starts a server on a free port and in a new folder, and waits until it is ready. Disposing kills it. */
export async function openProcess(environment: Record<string, string>, inspectorPort?: number) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const port = await freePort()
  const server = startProcess(
    { PORT: String(port), DATA_DIR: folder.path, MARKET_SIM: 'off', ...environment },
    inspectorPort,
  )
  opened.defer(async () => {
    server.child.kill('SIGKILL')
    await server.exited
  })
  await until(() => {
    if (server.child.exitCode !== null) throw new Error(`the server ended while it started: ${server.output()}`)
    return server.output().includes('ready at')
  })
  const owned = opened.move()
  const signal = (name: NodeJS.Signals) => void server.child.kill(name)
  return { port, output: server.output, signal, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** The used heap of the process in MiB, after a garbage collection. */
export async function heapMb(inspectorPort: number): Promise<number> {
  const listed = await fetch(`http://127.0.0.1:${inspectorPort}/json`)
  const [target] = (await listed.json()) as { webSocketDebuggerUrl: string }[]
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '')
  await once(socket, 'open')
  const ask = async (id: number, method: string) => {
    socket.send(JSON.stringify({ id, method }))
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer]
      const answer = JSON.parse(data.toString()) as { id?: number; result?: { usedSize?: number } }
      if (answer.id === id) return answer.result
    }
  }
  try {
    await ask(1, 'HeapProfiler.collectGarbage')
    return ((await ask(2, 'Runtime.getHeapUsage'))?.usedSize ?? 0) / 1_048_576
  } finally {
    socket.terminate()
  }
}
