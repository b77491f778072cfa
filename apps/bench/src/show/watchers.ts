// A process with a part of the watchers of a show. Orders come over its channel, and it answers each once.
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpLink } from '@trpc/client'
import { type Live, Watcher } from './watcher.ts'

/** `invite`: the watchers come in by this code, each as a guest of its own. */
export type Join = { do: 'join'; port: number; invite: string; count: number; names: string; atOnce: number }
/** Every watcher's next connection is live when it has brought an event with this text. */
export type Expect = { do: 'expect'; text: string }
/** Waits until every watcher is live over a new connection since `expect`, or `timeoutMs` have passed. */
export type Return = { do: 'return'; timeoutMs: number }
/** Notes when events with this mark come, whose time of sending follows the mark. */
export type Listen = { do: 'listen'; mark: string }
/** Waits until `expected` events with the mark have come to each watcher, or `timeoutMs` have passed. */
export type Heard = { do: 'heard'; expected: number; timeoutMs: number }
/** The last `count` watchers read slowly from now on. */
export type SlowDown = { do: 'slow'; count: number }
export type Order = Join | Expect | Return | Listen | Heard | SlowDown

/** When each was live (by the wall clock), and its bytes until then. */
export type Came = { lives: Live[]; missing: number; refused: number }
export type Words = { delaysMs: number[]; slowDelaysMs: number[]; missing: number }

const JOIN_TIMEOUT_MS = 180_000
const LOOK_INTERVAL_MS = 50
const RETRY_DELAY_MS = 1_000
const MAX_TRIES = 30

class Watchers {
  readonly #watchers: Watcher[] = []
  #lives: Live[] = []
  #refused = 0
  #mark = ''
  #delaysMs: number[] = []
  #slowDelaysMs: number[] = []
  #slowFrom = Infinity

  obey(order: Order): Promise<object> {
    switch (order.do) {
      case 'join':
        return this.#join(order)
      case 'expect':
        this.#startOver()
        for (const watcher of this.#watchers) watcher.expect(order.text)
        return Promise.resolve({})
      case 'return':
        return this.#allLive(order.timeoutMs)
      case 'listen':
        this.#mark = order.mark
        this.#delaysMs = []
        this.#slowDelaysMs = []
        return Promise.resolve({})
      case 'heard':
        return this.#heard(order)
      case 'slow':
        this.#slowFrom = this.#watchers.length - order.count
        for (const watcher of this.#watchers.slice(this.#slowFrom)) watcher.slowDown()
        return Promise.resolve({})
    }
  }

  async #join({ port, invite, count, names, atOnce }: Join): Promise<Came> {
    this.#startOver()
    let next = 0
    const oneAfterTheOther = async () => {
      for (let n = next++; n < count; n = next++) {
        const token = await this.#persist(() => memberToken(port, invite, `${names} ${n}`))
        const watcher = new Watcher(port, token, {
          live: (live) => void this.#lives.push(live),
          refused: () => void (this.#refused += 1),
          event: (text) => this.#event(text, n),
        })
        this.#watchers.push(watcher)
        watcher.connect()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther))
    return this.#allLive(JOIN_TIMEOUT_MS)
  }

  /** As a person whose page did not load. */
  async #persist<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        return await work()
      } catch (error) {
        if (tries >= MAX_TRIES) throw error
        this.#refused += 1
        await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * (0.5 + Math.random())))
      }
  }

  async #allLive(timeoutMs: number): Promise<Came> {
    await until(timeoutMs, () => this.#lives.length >= this.#watchers.length)
    const missing = this.#watchers.length - this.#lives.length
    return { lives: this.#lives, missing, refused: this.#refused }
  }

  async #heard({ expected, timeoutMs }: Heard): Promise<Words> {
    const readers = Math.min(this.#slowFrom, this.#watchers.length)
    await until(timeoutMs, () => this.#delaysMs.length >= expected * readers)
    const [delaysMs, slowDelaysMs] = [this.#delaysMs, this.#slowDelaysMs]
    return { delaysMs, slowDelaysMs, missing: expected * readers - delaysMs.length }
  }

  #startOver(): void {
    this.#lives = []
    this.#refused = 0
  }

  #event(text: string, watcher: number): void {
    if (this.#mark === '') return
    const at = text.indexOf(this.#mark)
    if (at < 0) return
    const delayMs = Date.now() - Number.parseInt(text.slice(at + this.#mark.length), 10)
    if (watcher < this.#slowFrom) this.#delaysMs.push(delayMs)
    else this.#slowDelaysMs.push(delayMs)
  }
}

/** As a page that was opened by an invite: a guest, then a member. */
async function memberToken(port: number, code: string, name: string): Promise<string> {
  const client = (token?: string) =>
    createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: `http://127.0.0.1:${port}/trpc`,
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        }),
      ],
    })
  const { token } = await client().auth.guest.mutate({ name })
  await client(token).rooms.join.mutate({ key: `show-${process.pid}-${name.replaceAll(' ', '-')}`, code })
  return token
}

async function until(timeoutMs: number, holds: () => boolean): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS))
}

const watchers = new Watchers()
process.on('message', (order: Order) => {
  void watchers.obey(order).then((answer) => process.send?.(answer))
})
