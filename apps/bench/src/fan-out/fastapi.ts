// The peer in Python: FastAPI and uvicorn with uvloop, as Debian packages them.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ChildServer, freePort, until } from '@tablecast/testing'
import { onCore, SERVER_CORE } from '../cores.ts'
import { eventOf } from './event.ts'
import type { Measurement, RunningServer, Shape } from './peers.ts'
import { subscribers } from './subscribers.ts'

/** The system's Python, because others do not see the system's packages. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

const ASK =
  'import fastapi, uvicorn, websockets, uvloop; print(fastapi.__version__, uvicorn.__version__, websockets.__version__)'

/** Null if FastAPI is not installed. */
export function fastApiVersion(): string | null {
  const { status, stdout } = spawnSync(PYTHON, ['-c', ASK], { encoding: 'utf8' })
  const [fastapi, uvicorn, websockets] = stdout?.trim().split(' ') ?? []
  return status === 0 ? `FastAPI ${fastapi}, uvicorn ${uvicorn}, websockets ${websockets}` : null
}

export async function startFastApi(name: 'fastapi' | 'fastapi-browser', shape: Shape): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack()
  const port = await freePort()
  const script = fileURLToPath(new URL('uvicorn_server.py', import.meta.url))
  const [command, ...args] = [...onCore(SERVER_CORE), PYTHON, script, String(port), eventOf(shape.bytes)]
  const server = opened.use(new ChildServer({ command, args, ready: null, stopSignal: 'SIGKILL' }))
  await server.start()
  const ask = async (ms: number) => {
    const answer = await fetch(`http://127.0.0.1:${port}/round?ms=${ms}&burst=${shape.burst}`)
    return (await answer.json()) as Measurement
  }
  await until(() =>
    ask(0).then(
      () => true,
      () => false,
    ),
  )
  opened.use(await subscribers(name, port, shape.subscribers))
  const owned = opened.move()
  return { measure: ask, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
