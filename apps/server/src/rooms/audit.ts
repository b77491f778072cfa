// The audit trail: each event that concerns access to a room, for its owner to read. Each is logged too.
import { randomUUID } from 'node:crypto'
import type { AuditEvent, AuditKind, AuditPage } from '@tablecast/contracts'
import { Batched, type Repositories, type Store } from '@tablecast/store'
import type { Log } from '../ops/log.ts'

type Detail = AuditEvent['detail']
/** `roomId`: null for an event that concerns no single room. */
export type Audited = {
  roomId: string | null
  kind: AuditKind
  by: { userId: string; name: string }
  detail: Detail
}

/** An identical event of the same person is written at most once in this time. Repeats are counted. */
const REPEAT_WINDOW_MS = 60_000
/** Longer for sign-ins, because every page load signs in. */
const SIGN_IN_REPEAT_WINDOW_MS = 12 * 60 * 60_000
const MAX_REMEMBERED = 10_000
/** Logged with level `info`, so that operators see them by default. */
const alarming = new Set<AuditKind>(['refused', 'kicked', 'banned', 'handed_over', 'upgraded'])

export class Audit {
  readonly #store: Store
  readonly #log: Log
  /** Rows that belong to no room, and so can't fail one another. */
  readonly #signIns: Batched<{ id: string; audited: Audited }, true>
  readonly #lastWritten = new Map<string, { at: number; times: number }>()

  constructor({ store, log }: { store: Store; log: Log }) {
    this.#store = store
    this.#log = log
    this.#signIns = new Batched({
      run: (work) => store.write(work),
      idOf: ({ id }) => id,
      answer: async ({ audit }, rows) => {
        for (const { audited } of rows) await audit.append(rowOf(audited))
        return new Map(rows.map(({ id }) => [id, true]))
      },
    })
  }

  /** Writes the event in the transaction that makes the change. */
  async note({ audit }: Repositories, audited: Audited): Promise<void> {
    await audit.append(rowOf(audited))
    this.#logEvent(audited)
  }

  async write(audited: Audited): Promise<void> {
    if (audited.roomId !== null) return this.#store.write((tables) => this.note(tables, audited))
    await this.#signIns.get({ id: randomUUID(), audited })
    this.#logEvent(audited)
  }

  /**
   * For events that may repeat quickly: writes an identical event at most once a minute (a sign-in: once in 12 hours). The next one
   * that is written says how many there were.
   */
  async writeOncePerWindow(audited: Audited): Promise<void> {
    const key = `${audited.roomId} ${audited.kind} ${audited.by.userId} ${audited.detail.what} ${audited.detail.code}`
    const at = performance.now()
    const recent = this.#lastWritten.get(key)
    if (recent && at - recent.at < (audited.kind === 'signed_in' ? SIGN_IN_REPEAT_WINDOW_MS : REPEAT_WINDOW_MS)) {
      recent.times += 1
      return
    }
    // Forgets the oldest first, so that strangers who take new names again and again can't fill the memory.
    this.#lastWritten.delete(key)
    for (const oldest of this.#lastWritten.keys()) {
      if (this.#lastWritten.size < MAX_REMEMBERED) break
      this.#lastWritten.delete(oldest)
    }
    this.#lastWritten.set(key, { at, times: 0 })
    const times = recent && recent.times > 0 && audited.kind !== 'signed_in' ? { times: recent.times + 1 } : {}
    await this.write({ ...audited, detail: { ...audited.detail, ...times } })
  }

  /** Notes that a call was refused, without waiting for the write. The write fails for a room that does not exist. */
  refused(roomId: string, by: Audited['by'], what: string, code: string): void {
    this.writeOncePerWindow({ roomId, kind: 'refused', by, detail: { what, code } }).catch((error: unknown) =>
      this.#log.debug({ err: error, roomId }, 'audit: a refusal was not stored'),
    )
  }

  page(roomId: string, page: { before?: string | undefined; limit: number }): Promise<AuditPage> {
    return this.#store.read(({ audit }) => audit.page(roomId, page))
  }

  #logEvent({ roomId, kind, by, detail }: Audited): void {
    this.#log[alarming.has(kind) ? 'info' : 'debug']({ audit: kind, roomId, userId: by.userId, detail }, 'audit')
  }
}

const rowOf = ({ roomId, kind, by, detail }: Audited) => ({
  roomId,
  at: new Date().toISOString(),
  kind,
  actorId: by.userId,
  actorName: by.name,
  detail,
})
