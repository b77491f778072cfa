// The reader must refuse any invalid file, also a hostile one, without much memory or time.
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readBackup, writeBackup } from './backup-format.ts'

const header = {
  tablecast: 'backup' as const,
  format: 1,
  schema: '0001_campaigns',
  madeAt: '2026-05-01T20:00:00.000Z',
  database: 'sqlite' as const,
}
const head = (counts: Record<string, number>) => `${JSON.stringify({ ...header, counts })}\n`
const table = '{"table":"rooms","columns":["id","name"]}\n'

/** Through gzip as it comes, so that an endless text is read only as far as the reader goes. */
function zipped(text: Iterable<string> | AsyncIterable<string>): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level: 1 })
  // A reader that stops ends it.
  pipeline(Readable.from(text, { objectMode: false }), gzip, () => {})
  return gzip
}

async function read(text: Iterable<string> | AsyncIterable<string>) {
  let rows = 0
  for await (const part of readBackup(zipped(text))) if (part.kind === 'rows') rows += part.rows.length
  return rows
}

function* endless(first: string, next: string, counted: { pieces: number }) {
  yield first
  for (;;) {
    counted.pieces += 1
    yield next
  }
}

describe('a backup', () => {
  it('with a long line is read in time proportional to its length', async () => {
    async function* rows(length: number) {
      yield [['r', await Promise.resolve('x'.repeat(length))]]
    }
    const cpuMs = async (length: number) => {
      async function* tables() {
        yield await Promise.resolve({ table: 'rooms', columns: ['id', 'name'], rows: rows(length) })
      }
      const pieces: string[] = []
      for await (const piece of writeBackup({ ...header, counts: { rooms: 1 } }, tables())) pieces.push(piece)
      const before = process.cpuUsage()
      expect(await read(pieces)).toBe(1)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1_000
    }
    /** The least of a few rounds: a collection of garbage may fall into any of them. */
    const leastMs = async (length: number) => {
      const rounds: number[] = []
      for (let round = 0; round < 3; round++) rounds.push(await cpuMs(length))
      return Math.min(...rounds)
    }
    const [short, long] = [await leastMs(5_000_000), await leastMs(40_000_000)]
    // Eight times as long: with its square it would be sixty-four.
    expect(long / short).toBeLessThan(24)
  })

  it('with an endless line is refused with the number of that line', async () => {
    const counted = { pieces: 0 }
    const text = endless(`${head({ rooms: 1 })}${table}["r","`, 'x'.repeat(1_048_576), counted)
    await expect(read(text)).rejects.toThrow('line 3 is longer than 67,108,864 characters')
    expect(counted.pieces).toBeLessThan(400)
  })

  it('with more rows than its header says is refused at the first extra row', async () => {
    const counted = { pieces: 0 }
    const text = endless(`${head({ rooms: 3 })}${table}`, '["r","n"]\n'.repeat(1_000), counted)
    await expect(read(text)).rejects.toThrow('holds more rows of rooms than it says, from line 6 on')
    expect(counted.pieces).toBeLessThan(500)
  })

  it('with a line of very many values, or one that is nested, is refused before it is parsed', async () => {
    for (const line of [`[${'0,'.repeat(1_000_000)}0]`, `{${'"a":1,'.repeat(100_000)}"b":1}`, '['.repeat(100_000)])
      await expect(read([head({ rooms: 1 }), table, `${line}\n`])).rejects.toThrow(/line 3 \(the JSON/)
    await expect(read([head({ rooms: 1 }), table, `${'['.repeat(1_000)}\n`])).rejects.toThrow('line 3 makes no sense')
    await expect(read([head({ rooms: 1 }), table, '["r",{}]\n'])).rejects.toThrow('line 3, a row, makes no sense')
  })
})
