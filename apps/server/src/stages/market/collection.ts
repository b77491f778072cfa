// Create, read, change and remove: the same for sectors, agents and discussions.
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

export type CollectionDeps<R extends Row> = {
  store: Store
  /** The name of one row, for messages: `sector`. */
  noun: string
  rows(tables: Repositories): RowsOf<R>
  /** Throws VALIDATION_FAILED when the row refers to a row that does not exist. */
  check(tables: Repositories, row: R): Promise<void>
  /** Called after the commit. `before` is null for a new row, `after` is null for a removed one. */
  changed(change: { before: R | null; after: R | null }): void
}

/** Runs first in the transaction. Throws UNAUTHORIZED when the caller's guest token has been replaced by an account. */
type Confirm = (tables: Repositories) => Promise<void>

/**
 * `version`: the version that the caller has seen; null for any. `allow` throws FORBIDDEN when the caller may not change the
 * row.
 */
export type Change<R> = { version: number | null; confirm: Confirm; allow(row: R): void }

/** Runs `create`, or resolves with the row that an earlier call with the same key created. */
type Creating = <T>(tables: Repositories, create: () => Promise<T>) => Promise<T>

/** Throws NOT_FOUND, ALREADY_EXISTS, PRECONDITION_FAILED, CONFLICT, VALIDATION_FAILED. */
export class Collection<R extends Row> {
  readonly #deps: CollectionDeps<R>

  constructor(deps: CollectionDeps<R>) {
    this.#deps = deps
  }

  /** `id`: null for a random one. */
  async create(id: string | null, fields: Omit<R, keyof Row>, creating: Creating): Promise<R> {
    const { store, rows, check, changed, noun } = this.#deps
    const at = new Date().toISOString()
    // A row is the common columns and the given fields, which the type system can't know of a generic row.
    const row = { ...fields, id: id ?? randomUUID(), version: 1, createdAt: at, updatedAt: at } as R
    let isNew = false
    const answer = await store.write(async (tables) => {
      isNew = false
      return creating(tables, async () => {
        await check(tables, row)
        if (!(await rows(tables).insert(row)))
          throw new TablecastError('ALREADY_EXISTS', `There is a ${noun} ${row.id} already: choose another id.`)
        isNew = true
        return row
      })
    })
    if (isNew) changed({ before: null, after: row })
    return answer
  }

  async get(id: string): Promise<R> {
    return this.#deps.store.read((tables) => this.#existing(tables, id))
  }

  async change(id: string, fields: Partial<Omit<R, keyof Row>>, { version, confirm, allow }: Change<R>): Promise<R> {
    const { store, rows, check, changed } = this.#deps
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
    const { store, rows, changed } = this.#deps
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
    return (await this.#deps.rows(tables).get(id)) ?? this.#throwMissing(id)
  }

  /** A concurrent change waits for the lock, and then reads the new version. */
  async #locked(tables: Repositories, id: string): Promise<R> {
    return (await this.#deps.rows(tables).lock(id)) ?? this.#throwMissing(id)
  }

  #throwMissing(id: string): never {
    throw new TablecastError('NOT_FOUND', `There is no ${this.#deps.noun} ${id}.`)
  }

  #checkVersion(row: R, version: number | null): void {
    if (version === null || row.version === version) return
    throw new TablecastError(
      'PRECONDITION_FAILED',
      `The ${this.#deps.noun} ${row.id} was changed meanwhile: read it again.`,
      { version: row.version },
    )
  }
}
