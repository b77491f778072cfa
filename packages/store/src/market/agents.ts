import type { MarketAgent } from '@tablecast/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'
import { type Columns, type Page, type Rows, VersionedTable } from './rows.ts'

type AgentFilter = { sectorId?: string | undefined; status?: string | undefined }

export interface Agents extends Rows<MarketAgent> {
  list(page: Page & AgentFilter): Promise<MarketAgent[]>
  /** The status alone, which changes all the time; false when there is no such agent. */
  setStatus(id: string, status: string, at: string): Promise<boolean>
}

const columns: Columns<MarketAgent> = {
  id: 'id',
  name: 'name',
  description: 'description',
  sectorId: 'sector_id',
  status: 'status',
  version: 'version',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}

export function agents(database: Kysely<Database>, locks: boolean): Agents {
  const table = new VersionedTable<MarketAgent>(database, 'agents', columns, locks)
  return {
    insert: (row) => table.insert(row),
    get: (id) => table.get(id),
    lock: (id) => table.lock(id),
    keep: (id) => table.keep(id),
    save: (row) => table.save(row),
    remove: (id) => table.remove(id),
    list: ({ sectorId, status, ...page }) =>
      table.page(page, [
        ...(sectorId === undefined ? [] : [sql`sector_id = ${sectorId}`]),
        ...(status === undefined ? [] : [sql`status = ${status}`]),
      ]),
    setStatus: (id, status, at) => table.set(id, sql`status = ${status}`, at),
  }
}
