// A DM who writes without rest: each change with a key of its own, and the same key again until it is acknowledged.
import { setTimeout as pause } from 'node:timers/promises'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, httpLink, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import type { Ledger } from './ledger.ts'
import { codeOf, type Refusal } from './refusal.ts'
import { SECRET } from './secrets.ts'

export type WriterOptions = {
  name: string
  /** http://host:port */
  url: string
  token: string
  roomId: string
  over: 'http' | 'websocket'
  ledger: Ledger
  /** 0 to 1. */
  random: () => number
}

/** Between two changes, on average. */
const CHANGE_INTERVAL_MS = 40
/** The time that it waits for an answer. */
const ANSWER_TIMEOUT_MS = 20_000

export class Writer implements AsyncDisposable {
  readonly name: string
  readonly refusals: { code: Refusal; message: string; at: number }[] = []
  readonly #options: WriterOptions
  readonly #client: TRPCClient<AppRouter>
  readonly #close: () => Promise<void>
  readonly #running: Promise<void>
  changeIntervalMs = CHANGE_INTERVAL_MS
  #isStopped = false
  #isPaused = false
  #count = 0
  #isWriting = false
  /** When the last acknowledgement came, on the clock of `performance`. */
  acknowledgedAt = performance.now()

  constructor(options: WriterOptions) {
    this.#options = options
    this.name = options.name
    const { client, close } = options.over === 'http' ? overHttp(options) : overWebSocket(options)
    this.#client = client
    this.#close = close
    this.#running = this.#run()
  }

  /** Begins nothing new until `resume`; changes without an acknowledgement are tried further. */
  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
  }

  /** Paused, with nothing that waits for its acknowledgement. */
  get isResting(): boolean {
    return this.#isPaused && !this.#isWriting
  }

  /** Resolves when the last change was acknowledged. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true
    await this.#close()
  }

  async #run(): Promise<void> {
    const { random } = this.#options
    while (!this.#isStopped) {
      if (!this.#isPaused) {
        this.#isWriting = true
        await this.#write()
        this.#isWriting = false
      }
      await pause(this.changeIntervalMs * (0.5 + random()))
    }
  }

  async #write(): Promise<void> {
    const { name, ledger, roomId, random } = this.#options
    const number = this.#count++
    const key = `${name}-key-${String(number).padStart(6, '0')}`
    const { message, mark } = wordsOf(`${name}-${number}`, number)
    for (let tries = 0; ; tries++) {
      try {
        const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
        const { seq } = await this.#client.campaign.say.mutate({ roomId, key, message }, { signal })
        ledger.write({ key, seq, mark })
        this.acknowledgedAt = performance.now()
        return
      } catch (error) {
        this.refusals.push({ code: codeOf(error), message: (error as Error).message, at: performance.now() })
        // The table is over, with a change that was never acknowledged: nobody asks for it.
        if (this.#isStopped && tries > 200) return
        await pause(Math.min(1_000, 50 * 2 ** tries) * (0.5 + random() / 2))
      }
    }
  }
}

/** Words for all, words for DMs alone, and a change of the state. */
function wordsOf(id: string, number: number): { message: string; mark: string | null } {
  const mark = `<${id}>`
  switch (number % 5) {
    case 1:
      return { message: `/secret ${SECRET} ${mark}`, mark }
    case 3:
      return { message: `/hp Mira ${number % 2 === 0 ? '+1' : '-1'}`, mark: null }
    default:
      return { message: `The bell tolls ${mark}.`, mark }
  }
}

function overHttp({ url, token }: WriterOptions) {
  const link = httpLink({ url: `${url}/trpc`, headers: { authorization: `Bearer ${token}` } })
  return { client: createTRPCClient<AppRouter>({ links: [link] }), close: () => Promise.resolve() }
}

function overWebSocket({ url, token, random }: WriterOptions) {
  const socket = createWSClient({
    url: `${url.replace(/^http/, 'ws')}/trpc`,
    WebSocket: WebSocket as never,
    connectionParams: { token },
    retryDelayMs: (attempt) => Math.min(1_000, 50 * 2 ** attempt) * (0.5 + random() / 2),
    keepAlive: { enabled: true, intervalMs: 2_000, pongTimeoutMs: 3_000 },
  })
  return {
    client: createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] }),
    close: async () => {
      await socket.close()
    },
  }
}
