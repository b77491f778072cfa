import { join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { sql } from 'kysely'
import { describe, expect, it, vi } from 'vitest'
import { databaseProblemOf } from './database-problem.ts'
import { openStore } from './open.ts'
import { connectSqlite } from './sqlite.ts'
import type { Repositories } from './store.ts'
import { TransactionalStore } from './transactions.ts'

async function openTable() {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  await (await openStore({ dataDir: folder.path }))[Symbol.asyncDispose]()
  const connection = connectSqlite(join(folder.path, 'tablecast.sqlite'))
  const store = opened.use(new TransactionalStore(connection))
  const commits = vi.spyOn(connection.kysely, 'transaction')
  const owned = opened.move()
  return {
    store,
    kysely: connection.kysely,
    commits: () => commits.mock.calls.length,
    append: (text: string) => (tables: Repositories) => tables.streams.append('topic:t', '', () => text),
    stored: () =>
      store.read(async ({ streams }) => (await streams.since('topic:t', 0, 1_000)).map((event) => event.text)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const texts = Array.from({ length: 200 }, (_, n) => `"${n}"`)

describe('writes that wait at the same time', () => {
  it('share commits, in their order, and each answers after its own', async () => {
    await using table = await openTable()
    const answers = await Promise.all(texts.map((text) => table.store.write(table.append(text))))
    expect(answers.map(({ seq }) => seq)).toEqual(texts.map((_, n) => n + 1))
    expect(await table.stored()).toEqual(texts)
    // 64 writes at most share one; a busy machine makes fewer wait.
    expect(table.commits()).toBeLessThan(texts.length)
  })

  it('that fail are rolled back alone, with their own error', async () => {
    await using table = await openTable()
    const outcomes = await Promise.allSettled(
      texts.map((text, n) =>
        table.store.write(async (tables) => {
          await table.append(text)(tables)
          if (n % 5 === 0) throw new Error(`refused ${n}`)
        }),
      ),
    )
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    expect(refused).toEqual(texts.flatMap((_, n) => (n % 5 === 0 ? [`Error: refused ${n}`] : [])))
    expect(await table.stored()).toEqual(texts.filter((_, n) => n % 5 !== 0))
  })

  it('are all carried out though one of them fills the disk', async () => {
    await using table = await openTable()
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(table.kysely)
    await sql`pragma max_page_count = ${sql.lit((rows[0]?.page_count ?? 0) + 20)}`.execute(table.kysely)
    const outcomes = await Promise.allSettled(
      ['"a"', '"b"', JSON.stringify('x'.repeat(1_000_000)), '"c"', '"d"'].map((text) =>
        table.store.write(table.append(text)),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect(outcomes[2]?.status === 'rejected' && databaseProblemOf(outcomes[2].reason)).toMatchObject({ kind: 'full' })
    expect(await table.stored()).toEqual(['"a"', '"b"', '"c"', '"d"'])
  })

  it('are refused whose turn comes after their deadline, and not carried out later', async () => {
    await using table = await openTable()
    const deadline = performance.now() + 20
    const first = table.store.write(async (tables) => {
      await table.append('"first"')(tables)
      while (performance.now() <= deadline) await Promise.resolve()
    })
    const late = table.store.write(table.append('"late"'), { deadline }).catch(databaseProblemOf)
    const next = table.store.write(table.append('"next"'))
    expect(await late).toMatchObject({ kind: 'held' })
    await Promise.all([first, next])
    expect(await table.stored()).toEqual(['"first"', '"next"'])
  })
})
