import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { StoreOptions } from './connect.ts'
import { openStore } from './open.ts'
import { startPostgres, temporaryFolder } from '@tablecast/testing'

const writer = fileURLToPath(new URL('testing/crash-writer.ts', import.meta.url))

/** Kills the writer after `acknowledged` further writes; answers the newest acknowledged seq. */
async function writeAndKill({ dataDir, databaseUrl }: StoreOptions, acknowledged: number): Promise<number> {
  const child = spawn(process.execPath, [writer, dataDir, ...(databaseUrl ? [databaseUrl] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  let newest = 0
  let count = 0
  let rest = ''
  for await (const part of child.stdout) {
    const lines = (rest + String(part)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) newest = Number(line)
    count += lines.length
    if (count >= acknowledged) child.kill('SIGKILL')
  }
  await gone
  return newest
}

async function expectWhole(options: StoreOptions, acknowledged: number): Promise<void> {
  await using store = await openStore(options)
  await store.read(async ({ streams, journal, campaigns, entries }) => {
    const events = await streams.since('room:r:dm', 0, 1_000_000)
    expect(events.length).toBeGreaterThanOrEqual(acknowledged)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    const rows = await journal.since('c', 0, 1_000_000)
    expect(rows.map(({ version }) => version)).toEqual(
      events.map(({ text }) => (JSON.parse(text) as { version: number }).version),
    )
    const campaign = await campaigns.get('c')
    expect(campaign).toMatchObject({ version: rows.length, state: { status: String(rows.length) } })
    const { entries: newest } = await entries.page('c', 'dm', { limit: 1 })
    expect(newest[0]?.id).toBe(`e${rows.length}`)
  })
}

describe('a writer killed at any moment', () => {
  it('loses no acknowledged event and leaves nothing half-done: 20 kills on SQLite', async () => {
    await using folder = await temporaryFolder('/var/tmp')
    for (let round = 0; round < 20; round++) {
      const acknowledged = await writeAndKill({ dataDir: folder.path }, 5 + ((round * 7) % 40))
      expect(acknowledged).toBeGreaterThan(0)
      await expectWhole({ dataDir: folder.path }, acknowledged)
    }
  })

  it('loses no acknowledged event and leaves nothing half-done: 5 kills on PostgreSQL', async () => {
    await using postgres = await startPostgres({ isDurable: true })
    const options = { dataDir: ':memory:', databaseUrl: await postgres.createDatabase() }
    for (let round = 0; round < 5; round++) {
      const acknowledged = await writeAndKill(options, 5 + round * 9)
      expect(acknowledged).toBeGreaterThan(0)
      await expectWhole(options, acknowledged)
    }
  })
})
