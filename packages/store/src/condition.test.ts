import { Kysely, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Condition } from './condition.ts'
import type { Connection } from './connection.ts'
import type { Database } from './schema.ts'
import type { StoreKind } from './store-kind.ts'
import { databaseProblemOf } from './database-problem.ts'

const sqliteError = (errcode: number) => Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode })
const postgresError = (code: string) => Object.assign(new Error('x'), { code })

/** A database that the test controls, and its condition. */
function watched(kind: StoreKind = 'sqlite') {
  const state = { isLost: false, isFull: false, probes: 0, error: null as Error | null }
  const connection: Connection = {
    kind,
    // The test runs no query.
    kysely: new Kysely<Database>({ dialect: new SqliteDialect({ database: () => Promise.reject(new Error('no')) }) }),
    isLost: () => state.isLost,
    isFull: () => Promise.resolve(state.isFull),
    walBytes: () => null,
    tidy: () => {},
    until: (_deadline, work) => work(),
    closed: () => {},
  }
  const write = () => condition.watch(() => (state.error ? Promise.reject(state.error) : Promise.resolve('written')))
  const condition: Condition = new Condition({
    connection,
    isNew: false,
    tryWrite: () => {
      state.probes += 1
      return write()
    },
  })
  const kindNow = () => condition.problem?.kind ?? null
  return { state, condition, write, kind: kindNow }
}

describe('the condition of a database', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('stays “full” for a while after a refused write, also when a smaller write succeeds', async () => {
    const { state, write, kind } = watched()
    expect(await write()).toBe('written')
    expect(kind()).toBeNull()
    state.error = sqliteError(13)
    await expect(write()).rejects.toBe(state.error)
    state.error = null
    await write()
    expect(kind()).toBe('full')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(kind()).toBeNull()
  })

  it.each([
    ['sqlite', sqliteError(8), 'refused'],
    ['sqlite', sqliteError(10), 'refused'],
    ['sqlite', sqliteError(11), 'refused'],
    ['sqlite', sqliteError(26), 'refused'],
    ['sqlite', sqliteError(14 | (2 << 8)), 'refused'],
    ['sqlite', sqliteError(5), 'held'],
    ['postgres', postgresError('25006'), 'refused'],
    ['postgres', postgresError('58030'), 'refused'],
    ['postgres', postgresError('42P01'), 'refused'],
    ['postgres', postgresError('53300'), 'unreachable'],
    ['postgres', postgresError('57P03'), 'unreachable'],
    ['postgres', postgresError('3D000'), 'unreachable'],
    ['postgres', postgresError('ECONNREFUSED'), 'unreachable'],
    ['postgres', new Error('Connection terminated unexpectedly'), 'unreachable'],
  ] as const)('%s: %o is %s, until a write goes through', async (database, error, expected) => {
    const { state, write, kind } = watched(database)
    state.error = error
    await expect(write()).rejects.toBe(error)
    expect(kind()).toBe(expected)
    state.error = null
    await write()
    expect(kind()).toBeNull()
  })

  it('does not change with an error that is not the database’s', async () => {
    const { state, write, kind } = watched('postgres')
    for (const error of [new Error('NOT_FOUND'), postgresError('23505'), postgresError('22P02'), sqliteError(19)]) {
      state.error = error
      await expect(write()).rejects.toBe(error)
      expect(databaseProblemOf(error)).toBeNull()
      expect(kind()).toBeNull()
    }
  })

  it('stays “held” for a while on PostgreSQL, where a lock stops only some writes', async () => {
    const { state, write, kind } = watched('postgres')
    state.error = postgresError('57014')
    await expect(write()).rejects.toBe(state.error)
    state.error = null
    await write()
    expect(kind()).toBe('held')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(kind()).toBeNull()
  })

  it('is “held” while a write waits, before it is refused', async () => {
    const { condition, kind } = watched()
    const waiting = Promise.withResolvers<void>()
    const writing = condition.watch(() => waiting.promise)
    expect(kind()).toBeNull()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(kind()).toBe('held')
    waiting.resolve()
    await writing
    expect(kind()).toBeNull()
  })

  it('is found by one trial write for all callers that ask at about the same time', async () => {
    const { state, condition } = watched()
    expect(await condition.probe()).toBeNull()
    state.error = sqliteError(13)
    await vi.advanceTimersByTimeAsync(1_000)
    const asked = await Promise.all(Array.from({ length: 50 }, () => condition.probe()))
    expect(asked).toEqual(asked.map(() => expect.objectContaining({ kind: 'full' }) as unknown))
    expect(state.probes).toBe(2)
    state.error = null
    state.isFull = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await condition.probe()).toMatchObject({ kind: 'full' })
    state.isFull = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await condition.probe()).toBeNull()
  })

  it('has words for people without a path, query or address', () => {
    for (const error of [sqliteError(13), sqliteError(26), postgresError('3D000'), new Error('Connection terminated')])
      expect(databaseProblemOf(error)?.words).toMatch(/^[A-Z][A-Za-z ,.:;-]+$/)
  })
})
