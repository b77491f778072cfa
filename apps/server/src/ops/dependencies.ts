// Whether what this node needs can be reached from it, since when, and why not. Looked at only when an operator asks.
import type { Dependencies as Answer, Dependency } from '@tablecast/contracts'

export type Probe = {
  name: string
  /** What and where it is, without credentials. */
  detail: string
  /** Resolves when it has answered, or with words when it has never been there. Rejects with the reason why it does not answer. */
  ping(signal: AbortSignal): Promise<void | { absent: string }>
  /** False where there is no answer to wait for, only a state to look up. */
  isTimed: boolean
  /** It is asked at most so often, in milliseconds, however many operators look. */
  everyMs: number
  /** Told of each loss and return, by those that notice it themselves. Returns what ends it. */
  watch?(listener: (isUp: boolean) => void): () => void
}

export type DependenciesParts = {
  probes: readonly Probe[]
  /** How people know this node. */
  node(): string
  /** Never part of what is told, wherever a library may have put them. */
  secrets: readonly string[]
  now?: () => Date
}

const ANSWER_MS = 3_000
const MAX_ERROR = 200

export class Dependencies implements Disposable {
  readonly #node: () => string
  readonly #watched: Watched[]

  constructor({ probes, node, secrets, now = () => new Date() }: DependenciesParts) {
    this.#node = node
    this.#watched = probes.map((probe) => new Watched(probe, { now, words: (error) => wordsOf(error, secrets) }))
  }

  /** All of them, asked side by side; each answers or is down within three seconds. */
  async look(): Promise<Answer> {
    const dependencies = await Promise.all(this.#watched.map((watched) => watched.look()))
    return { node: this.#node(), dependencies }
  }

  [Symbol.dispose](): void {
    for (const watched of this.#watched) watched.close()
  }
}

type Known = Pick<Dependency, 'state' | 'since' | 'latencyMs' | 'error'>

class Watched {
  readonly #probe: Probe
  readonly #parts: { now: () => Date; words: (error: unknown) => string }
  readonly #unwatch: (() => void) | undefined
  #known: Known | null = null
  #lookedAt = -Infinity
  #looking: Promise<void> | null = null

  constructor(probe: Probe, parts: { now: () => Date; words: (error: unknown) => string }) {
    this.#probe = probe
    this.#parts = parts
    this.#unwatch = probe.watch?.((isUp) => {
      this.#note(isUp ? 'up' : 'down', null, isUp ? null : 'the connection was lost')
      this.#lookedAt = -Infinity
    })
  }

  async look(): Promise<Dependency> {
    if (performance.now() - this.#lookedAt >= this.#probe.everyMs)
      await (this.#looking ??= this.#ask().finally(() => (this.#looking = null)))
    const { name, detail } = this.#probe
    return { name, detail, ...(this.#known ?? this.#note('down', null, null)) }
  }

  close(): void {
    this.#unwatch?.()
  }

  async #ask(): Promise<void> {
    const asked = performance.now()
    const late = AbortSignal.timeout(ANSWER_MS)
    const tooLate = new Promise<never>((_resolve, reject) =>
      late.addEventListener('abort', () => reject(new Error(`no answer within ${ANSWER_MS / 1_000} s`))),
    )
    try {
      const answer = await Promise.race([this.#probe.ping(late), tooLate])
      if (answer) this.#note('absent', null, answer.absent)
      else this.#note('up', this.#probe.isTimed ? performance.now() - asked : null, null)
    } catch (error) {
      this.#note('down', null, this.#parts.words(error))
    }
    this.#lookedAt = performance.now()
  }

  /** The last error stays to be read when all is well again. */
  #note(state: Dependency['state'], latencyMs: number | null, error: string | null): Known {
    const since = this.#known?.state === state ? this.#known.since : this.#parts.now().toISOString()
    return (this.#known = { state, since, latencyMs, error: error ?? this.#known?.error ?? null })
  }
}

/** In one line, of bounded length, with no credentials. */
export function wordsOf(error: unknown, secrets: readonly string[]): string {
  let text = [...new Set(reasonsOf(error))].join(': ')
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '[redacted]')
  return text
    .replaceAll(/\/\/[^/@\s]*@/g, '//')
    .replaceAll(/\s+/g, ' ')
    .slice(0, MAX_ERROR)
}

/** An error, and what it came from: a refused connection has its words in the innermost one. */
function reasonsOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 4) return [String(error)]
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const inner = error.cause ?? (error instanceof AggregateError ? (error.errors as unknown[])[0] : undefined)
  return [error.message || code, ...(inner === undefined ? [] : reasonsOf(inner, depth + 1))]
}
