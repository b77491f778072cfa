// One file for both databases: gzip'd lines of JSON. A header, then for each table a line that names its columns and one array per
// row, then a trailer. The trailer counts and sums up what came before, so that a file that was cut off or altered is refused.
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { jsonExcess } from '@tablecast/contracts'
import { z } from 'zod'

export const FORMAT = 1
/** In characters. A row with the state of a large campaign is below 1 MiB, one with an entry that was imported once may be longer. */
const MAX_LINE = 64 * 1_024 * 1_024
/** A line that is longer is looked at before it is parsed: what it should be is flat, and holds no more values than a table has columns. */
const LONG_LINE = 65_536
const lineBounds = { maxDepth: 3, maxValues: 1_000 }
/** The most rows and characters of a group in which rows are handed on. */
const GROUP_ROWS = 200
const GROUP_LENGTH = 1_024 * 1_024

/** A refusal because of a file or a database. The message is for the operator. */
export class MaintenanceError extends Error {}

export type Value = string | number | null
export type Row = readonly Value[]
export type Counts = Record<string, number>

const Counted = z.record(z.string(), z.number().int().nonnegative())

const Header = z.object({
  tablecast: z.literal('backup'),
  format: z.number().int(),
  /** The newest migration of the database when it was made. */
  schema: z.string(),
  madeAt: z.iso.datetime(),
  database: z.enum(['sqlite', 'postgres']),
  counts: Counted,
})
export type BackupHeader = z.infer<typeof Header>

const TableLine = z.object({ table: z.string(), columns: z.array(z.string().regex(/^[a-z_]+$/)).min(1) })
export type TableHead = z.infer<typeof TableLine>

/** `sha256`: of every byte before this line, uncompressed. */
const Trailer = z.object({ end: z.object({ counts: Counted, sha256: z.string() }) })

const RowLine = z.array(z.union([z.string(), z.number(), z.null()]))

export type TableRows = TableHead & { rows: AsyncIterable<readonly Row[]> }

/** The lines of a backup, in pieces. */
export async function* writeBackup(header: BackupHeader, tables: AsyncIterable<TableRows>): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const counts: Counts = {}
  const piece = (lines: readonly unknown[]) => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    hash.update(text)
    return text
  }
  yield piece([header])
  for await (const { table, columns, rows } of tables) {
    yield piece([{ table, columns }])
    counts[table] = 0
    for await (const group of rows) {
      counts[table] += group.length
      yield piece(group)
    }
  }
  yield `${JSON.stringify({ end: { counts, sha256: hash.digest('hex') } })}\n`
}

export type Part =
  | { kind: 'header'; header: BackupHeader }
  | ({ kind: 'table' } & TableHead)
  | { kind: 'rows'; table: string; rows: readonly Row[] }

/**
 * The parts of a file, the header first. The file is whole only when this ends without an error: until then nothing in it counts.
 * Throws `MaintenanceError`.
 */
export async function* readBackup(source: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  const hash = createHash('sha256')
  const counts: Counts = {}
  let header: BackupHeader | null = null
  let head: TableHead | null = null
  let group: Row[] = []
  let length = 0
  let isOver = false
  const flush = (): Part[] => {
    const rows = group
    group = []
    length = 0
    return head && rows.length > 0 ? [{ kind: 'rows', table: head.table, rows }] : []
  }
  let number = 0
  for await (const line of linesOf(source)) {
    number += 1
    if (isOver) throw new MaintenanceError('the file goes on after its end')
    const value = parsed(line, number)
    if (!header) {
      header = headerOf(value)
      yield { kind: 'header', header }
    } else if (Array.isArray(value)) {
      const row = RowLine.safeParse(value)
      if (!head || !row.success || row.data.length !== head.columns.length) throw damaged(`line ${number}, a row,`)
      const count = (counts[head.table] ?? 0) + 1
      // At once: what comes after it would only be put aside to be thrown away.
      if (count > (header.counts[head.table] ?? 0))
        throw new MaintenanceError(`the file holds more rows of ${head.table} than it says, from line ${number} on`)
      counts[head.table] = count
      group.push(row.data)
      length += line.length
      if (group.length >= GROUP_ROWS || length >= GROUP_LENGTH) yield* flush()
    } else {
      yield* flush()
      const table = TableLine.safeParse(value)
      if (table.success) {
        if (table.data.table in counts) throw damaged(`table ${table.data.table}, which comes twice,`)
        head = table.data
        counts[head.table] = 0
        yield { kind: 'table', ...head }
      } else {
        const trailer = Trailer.safeParse(value)
        if (!trailer.success) throw damaged(`line ${number}`)
        if (trailer.data.end.sha256 !== hash.digest('hex'))
          throw new MaintenanceError('the file was altered: its sum is wrong')
        if (!isSame(trailer.data.end.counts, counts) || !isSame(header.counts, counts))
          throw new MaintenanceError('the file does not hold as many rows as it says')
        isOver = true
      }
    }
    if (!isOver) hash.update(`${line}\n`)
  }
  if (!isOver) throw new MaintenanceError('the file is cut off: its end is missing')
}

function headerOf(value: unknown): BackupHeader {
  const header = Header.safeParse(value)
  if (!header.success) throw new MaintenanceError('this is no backup of Tablecast')
  if (header.data.format !== FORMAT)
    throw new MaintenanceError(`the file is of format ${header.data.format}: this Tablecast reads format ${FORMAT}`)
  return header.data
}

const damaged = (what: string) => new MaintenanceError(`the file is damaged: ${what} makes no sense`)

function parsed(line: string, number: number): unknown {
  const excess = line.length > LONG_LINE ? jsonExcess(line, lineBounds) : null
  if (excess) throw damaged(`line ${number} (${excess.reason})`)
  try {
    return JSON.parse(line)
  } catch {
    throw damaged(`line ${number}`)
  }
}

const isSame = (a: Counts, b: Counts): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([table, rows]) => b[table] === rows)

/** Each piece is looked at once, however long the line is that it belongs to. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 1
  let begun: string[] = []
  let length = 0
  for await (const part of unzipped(source)) {
    let text: string
    try {
      text = decoder.decode(part, { stream: true })
    } catch {
      throw damaged(`the text of line ${number}`)
    }
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      begun.push(text.slice(from, end))
      yield begun.join('')
      number += 1
      begun = []
      length = 0
      from = end + 1
    }
    begun.push(text.slice(from))
    length += text.length - from
    if (length > MAX_LINE)
      throw new MaintenanceError(
        `the file is damaged: line ${number} is longer than ${MAX_LINE.toLocaleString('en')} characters`,
      )
  }
  const rest = begun.join('')
  if (rest !== '') yield rest
}

async function* unzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const feeding = pipeline(source, gunzip)
  // The stream itself reports the error to its reader.
  feeding.catch(() => {})
  try {
    for await (const part of gunzip) yield part as Buffer
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'Z_BUF_ERROR') throw new MaintenanceError('the file is cut off: its end is missing')
    if (String(code).startsWith('Z_')) throw new MaintenanceError('the file is damaged, or no backup of Tablecast')
    throw error
  }
}
