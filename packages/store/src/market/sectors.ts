import type { Sector } from '@tablecast/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'
import { type Columns, type Page, type Rows, VersionedTable } from './rows.ts'

/** Removing one removes its candles; agents and discussions lose their sector. */
export interface Sectors extends Rows<Sector> {
  /** `search`: part of the name, in any case. */
  list(page: Page & { search?: string | undefined }): Promise<Sector[]>
  /** The value alone, which moves all the time; false when there is no such sector. */
  setValue(id: string, value: number, at: string): Promise<boolean>
}

const columns: Columns<Sector> = {
  id: 'id',
  name: 'name',
  description: 'description',
  value: 'value',
  version: 'version',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}

export function sectors(database: Kysely<Database>, locks: boolean): Sectors {
  const table = new VersionedTable<Sector>(database, 'sectors', columns, locks)
  return {
    insert: (row) => table.insert(row),
    get: (id) => table.get(id),
    lock: (id) => table.lock(id),
    keep: (id) => table.keep(id),
    save: (row) => table.save(row),
    remove: (id) => table.remove(id),
    list: ({ search, ...page }) =>
      table.page(page, search ? [sql`lower(name) like ${patternOf(search)} escape '\\'`] : []),
    setValue: (id, value, at) => table.set(id, sql`value = ${value}`, at),
  }
}

/** The search is text, not a pattern. */
const patternOf = (search: string) => `%${search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
