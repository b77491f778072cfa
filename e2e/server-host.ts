// Opens the servers of a worker's tests one after the other in one process.
//
// A process that starts has to load and compile the server, and runs all of its code slowly at first. That takes longer than what most
// tests ask of their server. A test that ends its server, or looks at its process, has a process of its own: see `server.ts`.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HostAnswer, HostRequest } from './server-host-process.ts'

/** Node keeps the compiled server here. */
const compileCache = resolve('node_modules/.cache/e2e-compiled-server')
const program = fileURLToPath(new URL('server-host-process.ts', import.meta.url))

export class ServerHost {
  #process: ChildProcess | null = null
  #requests = 0
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>()

  /** Opens a server. `PORT` must be among its variables, and names it from then on. */
  async open(environment: Record<string, string>): Promise<void> {
    await this.#ask({ id: ++this.#requests, open: environment })
  }

  async close(port: string): Promise<void> {
    await this.#ask({ id: ++this.#requests, close: port })
  }

  /** The process ends in order, which is when Node writes what it has compiled. */
  async stop(): Promise<void> {
    const child = this.#process
    if (!child) return
    const gone = once(child, 'exit')
    child.disconnect()
    await gone
  }

  #ask(request: HostRequest): Promise<void> {
    this.#process ??= this.#start()
    const answered = Promise.withResolvers<void>()
    this.#waiting.set(request.id, answered)
    this.#process.send(request)
    return answered.promise
  }

  #start(): ChildProcess {
    const child = fork(program, {
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', ({ id, problem }: HostAnswer) => {
      const answered = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (problem === undefined) answered?.resolve()
      else answered?.reject(new Error(problem))
    })
    child.on('exit', () => {
      this.#process = null
      for (const { reject } of this.#waiting.values()) reject(new Error('the process of the servers ended'))
      this.#waiting.clear()
    })
    return child
  }
}
