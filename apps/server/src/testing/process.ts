// The server as a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** `inspectorPort`: where its heap can be looked at, see `heapMb`. */
export function startProcess(environment: Record<string, string>, inspectorPort?: number) {
  const flags = inspectorPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectorPort}`]
  const child = spawn(process.execPath, [...flags, main], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)))
  return { child, output: () => output, exited: once(child, 'exit') as Promise<[number | null, string | null]> }
}

/** What is in use after everything else was thrown away: what the process holds on to. */
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
