import type { Discussion } from '@tablecast/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'
import { type Columns, type Page, type Rows, VersionedTable } from './rows.ts'

/** `ownerId`: the user who opened it; null when nobody in particular did. */
export type DiscussionRow = Discussion & { ownerId: string | null }

/** Removing one removes its messages. */
export interface Discussions extends Rows<DiscussionRow> {
  list(page: Page & { sectorId?: string | undefined }): Promise<DiscussionRow[]>
}

const columns: Columns<DiscussionRow> = {
  id: 'id',
  title: 'title',
  sectorId: 'sector_id',
  ownerId: 'owner_id',
  version: 'version',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}

export function discussions(database: Kysely<Database>, locks: boolean): Discussions {
  const table = new VersionedTable<DiscussionRow>(database, 'discussions', columns, locks)
  return {
    insert: (row) => table.insert(row),
    get: (id) => table.get(id),
    lock: (id) => table.lock(id),
    keep: (id) => table.keep(id),
    save: (row) => table.save(row),
    remove: (id) => table.remove(id),
    list: ({ sectorId, ...page }) => table.page(page, sectorId === undefined ? [] : [sql`sector_id = ${sectorId}`]),
  }
}
