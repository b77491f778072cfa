// Brings one notice to one device: several attempts while the push service is busy, and none once the notice is no longer true.
import type { Timers } from '../presence-timers.ts'
import type { NoticeToDevice } from './encrypt-notice.ts'
import type { Dropped, Failed, NoticeTelemetry } from './notice-telemetry.ts'
import type { PushAnswer } from './push-request.ts'
import { AddressRefused, UnknownHost } from './resolve.ts'

export type DeliverDeps = {
  send(notice: NoticeToDevice): Promise<PushAnswer>
  telemetry: Pick<NoticeTelemetry, 'answered' | 'unreachable' | 'reached'>
  timers: Timers
  /** Ends waits and requests when the server closes. */
  closing: AbortSignal
}

export type Outcome = 'sent' | Failed | Extract<Dropped, 'late' | 'unwanted'>

const ATTEMPTS = 4
const FIRST_WAIT_MS = 1_000
const MAX_WAIT_MS = 60_000

/**
 * `find`: reads the device before each attempt; null when the notice must not go to it any more. `until`: when it is too old, by the
 * clock of `timers`. `gone` means that the device no longer exists at its push service.
 */
export async function deliver(
  { find, until }: { find(): Promise<NoticeToDevice | null>; until: number },
  deps: DeliverDeps,
): Promise<Outcome> {
  const { timers, closing } = deps
  let outcome: Outcome = 'late'
  for (let attempt = 0; attempt < ATTEMPTS && timers.now() < until; attempt++) {
    const notice = closing.aborted ? null : await find()
    if (!notice) return 'unwanted'
    const tried = await tryOnce(notice, deps)
    outcome = tried.outcome
    if (tried.retryAfterMs === null) return outcome
    const waitMs = Math.min(MAX_WAIT_MS, Math.max(tried.retryAfterMs, FIRST_WAIT_MS * 4 ** attempt))
    if (attempt + 1 === ATTEMPTS || timers.now() + waitMs >= until) return outcome
    await pause(waitMs, timers, closing)
  }
  return outcome
}

function pause(ms: number, timers: Timers, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, () => {
      closing.removeEventListener('abort', end)
      resolve()
    })
    const end = () => {
      cancel()
      resolve()
    }
    closing.addEventListener('abort', end, { once: true })
  })
}

/** `retryAfterMs`: null where another attempt would end like this one. */
type Tried = { outcome: Outcome; retryAfterMs: number | null }

async function tryOnce(notice: NoticeToDevice, { send, telemetry, closing }: DeliverDeps): Promise<Tried> {
  try {
    const answer = await send(notice)
    telemetry.answered()
    return meaningOf(answer)
  } catch (error) {
    if (closing.aborted) return { outcome: 'unwanted', retryAfterMs: null }
    if (error instanceof AddressRefused) return { outcome: 'address', retryAfterMs: null }
    if (error instanceof UnknownHost) return { outcome: 'unknown_host', retryAfterMs: null }
    const isKnown = telemetry.reached === false
    telemetry.unreachable(error)
    return { outcome: 'unreachable', retryAfterMs: isKnown ? null : 0 }
  }
}

function meaningOf({ status, retryAfter }: PushAnswer): Tried {
  if (status >= 200 && status < 300) return { outcome: 'sent', retryAfterMs: null }
  if (status === 404 || status === 410) return { outcome: 'gone', retryAfterMs: null }
  if (status === 401 || status === 403) return { outcome: 'unauthorized', retryAfterMs: null }
  if (status === 429 || status >= 500) return { outcome: 'busy', retryAfterMs: secondsOf(retryAfter) * 1_000 }
  return { outcome: status >= 300 && status < 400 ? 'redirect' : 'rejected', retryAfterMs: null }
}

/** A number of seconds. A date would need a clock that agrees, so it counts as none. */
const secondsOf = (retryAfter: string | null): number => (/^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0)
