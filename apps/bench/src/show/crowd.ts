// The watchers of a show, in several processes.
import type { ChildProcess } from 'node:child_process'
import { ask, end } from '../child.ts'
import { CLIENT_CORE, forkOn } from '../cores.ts'
import type { Came, Order, Words } from './watchers.ts'

/** Watchers of one process that join at the same time. */
const JOINS_AT_ONCE = 25
const WORDS_TIMEOUT_MS = 30_000

export class Crowd implements AsyncDisposable {
  readonly #children: readonly ChildProcess[]

  constructor(processes: number) {
    const script = new URL('watchers.ts', import.meta.url)
    this.#children = Array.from({ length: processes }, () => forkOn(CLIENT_CORE, script, []))
  }

  /** Everybody comes in by that invite. Answers when all are live. */
  async join(port: number, invite: string, count: number): Promise<Came> {
    const shares = sharesOf(count, this.#children.length)
    const order = { do: 'join' as const, port, invite, atOnce: JOINS_AT_ONCE }
    return together(await this.#askEach((n) => ({ ...order, count: shares[n] ?? 0, names: `Watcher ${n}` })))
  }

  expect(text: string): Promise<object[]> {
    return this.#askEach(() => ({ do: 'expect', text }))
  }

  async returned(timeoutMs: number): Promise<Came> {
    return together(await this.#askEach(() => ({ do: 'return', timeoutMs })))
  }

  listen(mark: string): Promise<object[]> {
    return this.#askEach(() => ({ do: 'listen', mark }))
  }

  async heard(expected: number): Promise<Words> {
    const parts = await this.#askEach<Words>(() => ({ do: 'heard', expected, timeoutMs: WORDS_TIMEOUT_MS }))
    return {
      delaysMs: parts.flatMap(({ delaysMs }) => delaysMs),
      slowDelaysMs: parts.flatMap(({ slowDelaysMs }) => slowDelaysMs),
      missing: parts.reduce((sum, { missing }) => sum + missing, 0),
    }
  }

  slowDown(count: number): Promise<object[]> {
    const shares = sharesOf(count, this.#children.length)
    return this.#askEach((n) => ({ do: 'slow', count: shares[n] ?? 0 }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map((child) => end(child)))
  }

  #askEach<T extends object>(orderOf: (n: number) => Order): Promise<T[]> {
    return Promise.all(this.#children.map((child, n) => ask<T>(child, orderOf(n))))
  }
}

const together = (parts: readonly Came[]): Came => ({
  lives: parts.flatMap(({ lives }) => lives),
  missing: parts.reduce((sum, { missing }) => sum + missing, 0),
  refused: parts.reduce((sum, { refused }) => sum + refused, 0),
})

/** As even as can be. */
const sharesOf = (count: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, n) => Math.floor(count / parts) + (n < count % parts ? 1 : 0))
