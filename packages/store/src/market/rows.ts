// The shared part of the market's tables: rows with an id, and a version that shows a change in between.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../schema.ts'

export interface Rows<R> {
  /** False when there is one with that id. */
  insert(row: R): Promise<boolean>
  get(id: string): Promise<R | null>
  /** Locks the row until the transaction ends. */
  lock(id: string): Promise<R | null>
  /** Keeps the row from being removed until the transaction ends. False when there is none. */
  keep(id: string): Promise<boolean>
  /** Takes the place of the row with the version before; false when it is not there any more. */
  save(row: R): Promise<boolean>
  /** False when there was none. */
  remove(id: string): Promise<boolean>
}

export type Page = { after?: string | undefined; limit: number }

type Value = string | number | null
type Versioned = { id: string; version: number }
/** The column of each property. */
export type Columns<R> = { readonly [K in keyof R]: string }

export class VersionedTable<R extends Versioned & { readonly [K in keyof R]: Value }> implements Rows<R> {
  readonly #database: Kysely<Database>
  readonly #table: RawBuilder<unknown>
  readonly #columns: readonly (readonly [keyof R & string, RawBuilder<unknown>])[]
  readonly #locks: boolean

  constructor(database: Kysely<Database>, table: keyof Database, columns: Columns<R>, locks: boolean) {
    this.#database = database
    this.#locks = locks
    this.#table = sql.table(table)
    this.#columns = Object.entries<string>(columns).map(([key, column]) => [key as keyof R & string, sql.ref(column)])
  }

  insert(row: R): Promise<boolean> {
    const columns = sql.join(this.#columns.map(([, column]) => column))
    const values = sql.join(this.#columns.map(([key]) => sql.val(row[key])))
    return this.#changes(sql`insert into ${this.#table} (${columns}) values (${values}) on conflict (id) do nothing`)
  }

  async get(id: string): Promise<R | null> {
    return (await this.#select(sql`id = ${id}`, 1))[0] ?? null
  }

  async lock(id: string): Promise<R | null> {
    return (await this.#select(sql`id = ${id}`, 1, this.#locks ? sql`for update` : sql``))[0] ?? null
  }

  async keep(id: string): Promise<boolean> {
    // Changes of the row go on meanwhile.
    return (await this.#select(sql`id = ${id}`, 1, this.#locks ? sql`for key share` : sql``)).length > 0
  }

  save(row: R): Promise<boolean> {
    const changes = sql.join(this.#columns.map(([key, column]) => sql`${column} = ${row[key]}`))
    return this.#changes(
      sql`update ${this.#table} set ${changes} where id = ${row.id} and version = ${row.version - 1}`,
    )
  }

  remove(id: string): Promise<boolean> {
    return this.#changes(sql`delete from ${this.#table} where id = ${id}`)
  }

  /** By id, those after `after`, of those for which every condition holds. */
  page({ after = '', limit }: Page, conditions: readonly RawBuilder<unknown>[]): Promise<R[]> {
    return this.#select(sql.join([sql`id > ${after}`, ...conditions], sql` and `), limit)
  }

  /** A column alone, and when. */
  set(id: string, change: RawBuilder<unknown>, at: string): Promise<boolean> {
    return this.#changes(sql`update ${this.#table} set ${change}, updated_at = ${at} where id = ${id}`)
  }

  async #select(where: RawBuilder<unknown>, limit: number, locking = sql``): Promise<R[]> {
    const columns = sql.join(this.#columns.map(([key, column]) => sql`${column} as ${sql.ref(key)}`))
    const query = sql<R>`select ${columns} from ${this.#table} where ${where} order by id limit ${limit} ${locking}`
    return (await query.execute(this.#database)).rows
  }

  async #changes(query: RawBuilder<unknown>): Promise<boolean> {
    const { numAffectedRows } = await query.execute(this.#database)
    return Number(numAffectedRows) === 1
  }
}
