import type { FullCandle } from '@tablecast/contracts'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../schema.ts'
import type { StoreKind } from '../store-kind.ts'

export type CandleRow = FullCandle & { sectorId: string }
/** From `from` up to but without `to`, both ISO 8601. */
export type CandleSpan = { sectorId: string; from: string; to: string }

export interface Candles {
  /** Each takes the place of one with the same sector and time. */
  put(rows: readonly CandleRow[]): Promise<void>
  /** One candle for each interval in which there are some, oldest first; the newest `limit`. Intervals begin at multiples since 1970. */
  aggregate(span: CandleSpan & { intervalMs: number; limit: number }): Promise<FullCandle[]>
  /** For each sector the value of its newest candle at or before that time, else of its oldest. */
  references(at: string): Promise<{ sectorId: string; value: number }[]>
  /** Puts one candle for each interval in the place of the finer ones of that span. */
  thin(span: CandleSpan & { intervalMs: number }): Promise<void>
  /** Returns how many went. */
  prune(before: string): Promise<number>
}

/** The query of `aggregate`, also for a test that asks the database for its plan. */
export function aggregation(
  { sectorId, from, to, intervalMs, limit }: CandleSpan & { intervalMs: number; limit: number },
  kind: StoreKind,
): RawBuilder<{ bucket: number; open: number; high: number; low: number; close: number }> {
  const seconds = sql.lit(Math.round(intervalMs / 1_000))
  const bucket =
    kind === 'postgres'
      ? sql`cast(floor(extract(epoch from timestamp) / ${seconds}) * ${seconds} as bigint)`
      : sql`unixepoch(timestamp) / ${seconds} * ${seconds}`
  // The first and the last of each group are found by the primary key.
  return sql`
    with grouped as (
      select ${bucket} as bucket, min(timestamp) as first_at, max(timestamp) as last_at, max(high) as high, min(low) as low
      from sector_candles
      where sector_id = ${sectorId} and timestamp >= ${from} and timestamp < ${to}
      group by 1 order by 1 desc limit ${limit}
    )
    select grouped.bucket, opening.open, grouped.high, grouped.low, closing.close
    from grouped
    join sector_candles as opening on opening.sector_id = ${sectorId} and opening.timestamp = grouped.first_at
    join sector_candles as closing on closing.sector_id = ${sectorId} and closing.timestamp = grouped.last_at
    order by grouped.bucket`
}

export function candles(database: Kysely<Database>, kind: StoreKind): Candles {
  const put: Candles['put'] = async (rows) => {
    // PostgreSQL takes 65,535 parameters in one statement, SQLite half of them.
    for (let at = 0; at < rows.length; at += 1_000)
      await database
        .insertInto('sector_candles')
        .values(rows.slice(at, at + 1_000).map(({ sectorId, ...candle }) => ({ ...candle, sector_id: sectorId })))
        .onConflict((conflict) =>
          conflict.columns(['sector_id', 'timestamp']).doUpdateSet((set) => ({
            value: set.ref('excluded.value'),
            open: set.ref('excluded.open'),
            high: set.ref('excluded.high'),
            low: set.ref('excluded.low'),
            close: set.ref('excluded.close'),
          })),
        )
        .execute()
  }

  const aggregate: Candles['aggregate'] = async (wanted) => {
    const { rows } = await aggregation(wanted, kind).execute(database)
    return rows.map(({ bucket, ...rest }) => ({
      timestamp: new Date(bucket * 1_000).toISOString(),
      value: rest.close,
      ...rest,
    }))
  }

  return {
    put,
    aggregate,

    async references(at) {
      const { rows } = await sql<{ sectorId: string; value: number }>`
        select sectors.id as ${sql.ref('sectorId')}, candle.close as value
        from sectors join sector_candles as candle on candle.sector_id = sectors.id and candle.timestamp = coalesce(
          (select max(timestamp) from sector_candles where sector_id = sectors.id and timestamp <= ${at}),
          (select min(timestamp) from sector_candles where sector_id = sectors.id))`.execute(database)
      return rows
    },

    async thin({ intervalMs, ...span }) {
      const coarse = await aggregate({ ...span, intervalMs, limit: 1_000_000 })
      await database
        .deleteFrom('sector_candles')
        .where('sector_id', '=', span.sectorId)
        .where('timestamp', '>=', span.from)
        .where('timestamp', '<', span.to)
        .execute()
      await put(coarse.map((candle) => ({ ...candle, sectorId: span.sectorId })))
    },

    async prune(before) {
      const { numDeletedRows } = await database
        .deleteFrom('sector_candles')
        .where('timestamp', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
