// What one may do with sectors, agents and discussions alike.
import { randomUUID } from 'node:crypto'
import { TablecastError } from '@tablecast/contracts'
import type { Store, Repositories } from '@tablecast/store'

type Row = { id: string; version: number; createdAt: string; updatedAt: string }
type RowsOf<R> = {
  insert(row: R): Promise<boolean>
  get(id: string): Promise<R | null>
  lock(id: string): Promise<R | null>
  save(row: R): Promise<boolean>
  remove(id: string): Promise<boolean>
}

export type CollectionParts<R extends Row> = {
  store: Store
  /** What one of them is called. */
  noun: string
  rows(tables: Repositories): RowsOf<R>
  /** Throws when the row can't be: it names something that there is not. */
  check(tables: Repositories, row: R): Promise<void>
  /** Told after the commit. `before` is null for a new one, `after` for a removed one. */
  changed(change: { before: R | null; after: R | null }): void
}

/** Asked first in the transaction. Throws when whoever acts is nobody any more. */
type Confirm = (tables: Repositories) => Promise<void>

/** `version`: the one that the caller has seen; null to change whatever there is. `allow` throws when the caller may not. */
export type Change<R> = { version: number | null; confirm: Confirm; allow(row: R): void }

/** Runs what creates a row, or answers with the one that an earlier call of the same key created. */
type Creating = <T>(tables: Repositories, create: () => Promise<T>) => Promise<T>

/** Throws NOT_FOUND, ALREADY_EXISTS, PRECONDITION_FAILED, CONFLICT, VALIDATION_FAILED. */
export class Collection<R extends Row> {
  readonly #parts: CollectionParts<R>

  constructor(parts: CollectionParts<R>) {
    this.#parts = parts
  }

  /** `id`: null for one of the server's own. */
  async create(id: string | null, fields: Omit<R, keyof Row>, creating: Creating): Promise<R> {
    const { store, rows, check, changed, noun } = this.#parts
    const at = new Date().toISOString()
    // The fields and what every row has are all that there is in one.
    const row = { ...fields, id: id ?? randomUUID(), version: 1, createdAt: at, updatedAt: at } as R
    let isNew = false
    const answer = await store.write(async (tables) => {
      isNew = false
      return creating(tables, async () => {
        await check(tables, row)
        if (!(await rows(tables).insert(row)))
          throw new TablecastError('ALREADY_EXISTS', `there is a ${noun} ${row.id} already: choose another id`)
        isNew = true
        return row
      })
    })
    if (isNew) changed({ before: null, after: row })
    return answer
  }

  async get(id: string): Promise<R> {
    return this.#parts.store.read((tables) => this.#existing(tables, id))
  }

  async change(id: string, fields: Partial<Omit<R, keyof Row>>, { version, confirm, allow }: Change<R>): Promise<R> {
    const { store, rows, check, changed } = this.#parts
    const change = await store.write(async (tables) => {
      await confirm(tables)
      const before = await this.#locked(tables, id)
      allow(before)
      this.#checkVersion(before, version)
      const after = { ...before, ...fields, version: before.version + 1, updatedAt: new Date().toISOString() }
      await check(tables, after)
      await rows(tables).save(after)
      return { before, after }
    })
    changed(change)
    return change.after
  }

  async remove(id: string, { version, confirm, allow }: Change<R>): Promise<void> {
    const { store, rows, changed } = this.#parts
    const before = await store.write(async (tables) => {
      await confirm(tables)
      const row = await this.#locked(tables, id)
      allow(row)
      this.#checkVersion(row, version)
      await rows(tables).remove(id)
      return row
    })
    changed({ before, after: null })
  }

  async #existing(tables: Repositories, id: string): Promise<R> {
    return (await this.#parts.rows(tables).get(id)) ?? this.#nothing(id)
  }

  /** Whoever changes it at the same time waits, and sees the new version then. */
  async #locked(tables: Repositories, id: string): Promise<R> {
    return (await this.#parts.rows(tables).lock(id)) ?? this.#nothing(id)
  }

  #nothing(id: string): never {
    throw new TablecastError('NOT_FOUND', `there is no ${this.#parts.noun} ${id}`)
  }

  #checkVersion(row: R, version: number | null): void {
    if (version === null || row.version === version) return
    throw new TablecastError(
      'PRECONDITION_FAILED',
      `the ${this.#parts.noun} ${row.id} was changed meanwhile: read it again`,
      { version: row.version },
    )
  }
}
