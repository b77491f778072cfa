import { type RawBuilder, sql } from 'kysely'
import type { StoreKind } from './store-kind.ts'

/** The database's time in milliseconds since 1970. The nodes' own clocks may differ too much. */
export function databaseNow(kind: StoreKind): { ms: RawBuilder<number>; plus(ms: number): RawBuilder<number> } {
  const ms =
    kind === 'postgres'
      ? sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
      : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
  return { ms, plus: (more) => sql<number>`${ms} + cast(${more} as integer)` }
}
