// The state of each service that this node depends on: reachable or not, since when, and why. Checked only when an operator asks.
import { type Dependencies as Answer, type Dependency, startOf } from '@tablecast/contracts'

export type Probe = {
  name: string
  /** The kind and the address of the service, without credentials. */
  detail: string
  /** Resolves when the service answers. Resolves with `absent`, the words to show, when it was never there. Rejects when it fails. */
  ping(signal: AbortSignal): Promise<void | { absent: string }>
  /** False where `ping` only looks up a state, so that its duration means nothing. */
  isTimed: boolean
  /** The shortest time between two pings in milliseconds, with any number of operators. */
  everyMs: number
  /** For a client that notices a loss itself: calls `listener` at each loss and return. Returns a function that stops that. */
  watch?(listener: (isUp: boolean) => void): () => void
}

export type DependenciesOptions = {
  probes: readonly Probe[]
  /** The name of this node for people. */
  node(): string
  /** Words that are removed from every error message. A library may put a password into one. */
  secrets: readonly string[]
  now?: () => Date
}

const ANSWER_TIMEOUT_MS = 3_000
const MAX_ERROR_LENGTH = 200

export class Dependencies implements Disposable {
  readonly #node: () => string
  readonly #watched: WatchedProbe[]

  constructor({ probes, node, secrets, now = () => new Date() }: DependenciesOptions) {
    this.#node = node
    this.#watched = probes.map(
      (probe) => new WatchedProbe(probe, { now, textOf: (error) => errorText(error, secrets) }),
    )
  }

  /** Checks all services in parallel. A service that does not answer within `ANSWER_TIMEOUT_MS` is down. */
  async look(): Promise<Answer> {
    const dependencies = await Promise.all(this.#watched.map((watched) => watched.look()))
    return { node: this.#node(), dependencies }
  }

  [Symbol.dispose](): void {
    for (const watched of this.#watched) watched.close()
  }
}

type WatchOptions = { now: () => Date; textOf: (error: unknown) => string }
type Known = Pick<Dependency, 'state' | 'since' | 'latencyMs' | 'error'>

class WatchedProbe {
  readonly #probe: Probe
  readonly #options: WatchOptions
  readonly #unwatch: (() => void) | undefined
  #known: Known | null = null
  #checkedAt = -Infinity
  #looking: Promise<void> | null = null

  constructor(probe: Probe, options: WatchOptions) {
    this.#probe = probe
    this.#options = options
    this.#unwatch = probe.watch?.((isUp) => {
      this.#note(isUp ? 'up' : 'down', null, isUp ? null : 'the connection was lost')
      this.#checkedAt = -Infinity
    })
  }

  async look(): Promise<Dependency> {
    if (performance.now() - this.#checkedAt >= this.#probe.everyMs)
      await (this.#looking ??= this.#ask().finally(() => (this.#looking = null)))
    const { name, detail } = this.#probe
    return { name, detail, ...(this.#known ?? this.#note('down', null, null)) }
  }

  close(): void {
    this.#unwatch?.()
  }

  async #ask(): Promise<void> {
    const startedAt = performance.now()
    const late = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    const tooLate = new Promise<never>((_resolve, reject) =>
      late.addEventListener('abort', () => reject(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1_000} s`))),
    )
    try {
      const answer = await Promise.race([this.#probe.ping(late), tooLate])
      if (answer) this.#note('absent', null, answer.absent)
      else this.#note('up', this.#probe.isTimed ? performance.now() - startedAt : null, null)
    } catch (error) {
      this.#note('down', null, this.#options.textOf(error))
    }
    this.#checkedAt = performance.now()
  }

  /** Keeps the last error, so that an operator can still read it when the service is up again. */
  #note(state: Dependency['state'], latencyMs: number | null, error: string | null): Known {
    const since = this.#known?.state === state ? this.#known.since : this.#options.now().toISOString()
    return (this.#known = { state, since, latencyMs, error: error ?? this.#known?.error ?? null })
  }
}

/** The text of an error in one line of at most 200 characters, without credentials. */
export function errorText(error: unknown, secrets: readonly string[]): string {
  let text = [...new Set(reasonsOf(error))].join(': ')
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '[redacted]')
  return startOf(text.replaceAll(/\/\/[^/@\s]*@/g, '//').replaceAll(/\s+/g, ' '), MAX_ERROR_LENGTH)
}

/** The messages of an error and its causes. For a refused connection only the innermost one says so. */
function reasonsOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 4) return [String(error)]
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const inner = error.cause ?? (error instanceof AggregateError ? (error.errors as unknown[])[0] : undefined)
  return [error.message || code, ...(inner === undefined ? [] : reasonsOf(inner, depth + 1))]
}
