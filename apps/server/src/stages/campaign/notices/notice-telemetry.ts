// Counts what became of notices, and knows whether push services can be reached. Logs only when that changes.
import type { PushKind } from '@tablecast/contracts'
import type { Log } from '../../../ops/log.ts'
import { errorText, type Probe } from '../../../ops/dependencies.ts'

/** Why a notice was given up. `late`: it would be too old. `unwanted`: it is no longer true, or the person left or looks at the room. */
export type Dropped = 'full' | 'late' | 'unwanted' | 'too_soon'
/** The fault of a push service, of a device, or of the way out. */
export type Failed =
  | 'gone'
  | 'busy'
  | 'unauthorized'
  | 'rejected'
  | 'redirect'
  | 'address'
  | 'unknown_host'
  | 'unreachable'
  | 'error'

export class NoticeTelemetry {
  readonly #log: Pick<Log, 'info' | 'warn'>
  readonly sent = new Map<PushKind, number>()
  readonly failures = new Map<Failed, number>()
  readonly drops = new Map<Dropped, number>()
  /** Why the last attempt reached no push service; null when it did. */
  #problem: string | null = null
  #reached: boolean | null = null

  constructor(log: Pick<Log, 'info' | 'warn'>) {
    this.#log = log
  }

  /** Whether the last notice reached a push service; null while none was sent. */
  get reached(): boolean | null {
    return this.#reached
  }

  wasSent(kind: PushKind): void {
    this.sent.set(kind, (this.sent.get(kind) ?? 0) + 1)
  }

  failed(reason: Failed): void {
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1)
  }

  dropped(reason: Dropped): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1)
  }

  /** A push service answered, whatever it said. */
  answered(): void {
    if (this.#reached === false) this.#log.info('push services answer again')
    this.#reached = true
    this.#problem = null
  }

  unreachable(error: unknown): void {
    this.#problem = errorText(error, [])
    if (this.#reached === false) return
    this.#reached = false
    this.#log.warn(
      { reason: this.#problem },
      'no push service can be reached, so nobody gets notices: allow this server https to the hosts of PUSH_SERVICES, or set it to off',
    )
  }

  /** For operators. It calls nobody. */
  probe(): Probe {
    return {
      name: 'Push services',
      detail: 'notices on devices whose page is hidden',
      ping: () => {
        if (this.#problem !== null) return Promise.reject(new Error(this.#problem))
        return Promise.resolve(this.#reached === null ? { absent: 'no notice was sent yet' } : undefined)
      },
      isTimed: false,
      everyMs: 0,
    }
  }
}
