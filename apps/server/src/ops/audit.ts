// The audit trail: what touched the access of a room, for its owner to read. Also a line of the log each.
import type { AuditEvent, AuditKind, AuditPage } from '@tablecast/contracts'
import type { Store, Repositories } from '@tablecast/store'
import type { Log } from './log.ts'

type Detail = AuditEvent['detail']
/** `roomId`: null for what concerns no one room. */
export type Audited = {
  roomId: string | null
  kind: AuditKind
  by: { userId: string; name: string }
  detail: Detail
}

/** Of the same doing of the same person, so often at the most; what comes in between is counted. */
const QUIET_MS = 60_000
/** Every page that is loaded anew signs in. */
const QUIET_SIGN_IN_MS = 12 * 60 * 60_000
const MAX_REMEMBERED = 10_000
/** An operator wants to see these without asking. */
const alarming = new Set<AuditKind>(['refused', 'kicked', 'banned', 'handed_over', 'upgraded'])

export class Audit {
  readonly #store: Store
  readonly #log: Log
  readonly #recent = new Map<string, { at: number; times: number }>()

  constructor(parts: { store: Store; log: Log }) {
    this.#store = parts.store
    this.#log = parts.log
  }

  /** In the transaction that makes it true. */
  async note({ audit }: Repositories, audited: Audited): Promise<void> {
    await audit.append(rowOf(audited))
    this.#tell(audited)
  }

  write(audited: Audited): Promise<void> {
    return this.#store.write((tables) => this.note(tables, audited))
  }

  /** For what may happen over and over: at most once a minute for the same (a sign-in: once in 12 hours); the next one says how often it was. */
  async now(audited: Audited): Promise<void> {
    const key = `${audited.roomId} ${audited.kind} ${audited.by.userId} ${audited.detail.what} ${audited.detail.code}`
    const at = performance.now()
    const recent = this.#recent.get(key)
    if (recent && at - recent.at < (audited.kind === 'signed_in' ? QUIET_SIGN_IN_MS : QUIET_MS)) {
      recent.times += 1
      return
    }
    // The oldest are forgotten first, so that strangers with ever new names cost no memory.
    this.#recent.delete(key)
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size < MAX_REMEMBERED) break
      this.#recent.delete(oldest)
    }
    this.#recent.set(key, { at, times: 0 })
    const times = recent && recent.times > 0 && audited.kind !== 'signed_in' ? { times: recent.times + 1 } : {}
    await this.write({ ...audited, detail: { ...audited.detail, ...times } })
  }

  /** Someone was refused. Nobody waits for it, and a room that does not exist has no trail. */
  refused(roomId: string, by: Audited['by'], what: string, code: string): void {
    this.now({ roomId, kind: 'refused', by, detail: { what, code } }).catch((error: unknown) =>
      this.#log.debug({ err: error, roomId }, 'a refusal was not written down'),
    )
  }

  page(roomId: string, page: { before?: string | undefined; limit: number }): Promise<AuditPage> {
    return this.#store.read(({ audit }) => audit.page(roomId, page))
  }

  #tell({ roomId, kind, by, detail }: Audited): void {
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
