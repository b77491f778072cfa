import { randomUUID } from 'node:crypto'
import { createWriteStream, rmSync } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type BackupHeader, openMaintenance } from '@tablecast/store'
import type { Command } from '../command.ts'
import { databaseOf } from '../database.ts'
import { openPictures } from '../pictures.ts'
import { sizeOf, totalOf } from '../words.ts'

/** The text shrinks to a tenth or less at every level; the higher ones take several times as long. */
const LEVEL = 3

export const backup: Command = {
  does: 'Writes the whole database and its pictures into a file, while the servers run; - writes to standard output.',
  takes: ['<file>'],
  flags: { 'no-media': { type: 'boolean', does: 'Leaves the content of pictures out: they stay where they are kept' } },
  more: [
    'The file holds the story, the members, the invite links and the hashes of keys, in clear: keep it as you keep the database.',
    'It does not hold SESSION_SECRET (or the file session-secret in DATA_DIR): keep that apart, guests need it to come back.',
  ].join('\n'),
  async run({ words: [file = ''], isSet, environment, output }) {
    const options = databaseOf(environment)
    await using maintenance = await openMaintenance(options)
    await using pictures = isSet('no-media') ? null : await openPictures(options)
    const started = performance.now()
    let header: BackupHeader | null = null
    await maintenance.backUp(async (made, text) => {
      header = made
      if (file === '-') await pipeline(text, createGzip({ level: LEVEL }), unclosed(process.stdout))
      else await writeWhole(resolve(file), text)
    }, pictures?.content)
    if (!header) throw new Error('nothing was written')
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    const { counts, schema } = header as BackupHeader
    const size = file === '-' ? '' : `, ${sizeOf((await stat(file)).size)}`
    const line = `${file}: ${totalOf(counts)}, schema ${schema}${size}, in ${seconds} s`
    output[file === '-' ? 'note' : 'say'](line)
    output.note('SESSION_SECRET is not in it: keep it apart.')
    return 0
  },
}

/** The file appears when it is whole and on the disk, in place of one that was there. For its owner's eyes alone. */
async function writeWhole(file: string, text: AsyncIterable<string>): Promise<void> {
  const partial = `${file}.${randomUUID().slice(0, 8)}.partial`
  const tidy = () => rmSync(partial, { force: true })
  process.once('exit', tidy)
  try {
    await pipeline(
      text,
      createGzip({ level: LEVEL }),
      createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }),
    )
    await rename(partial, file)
    await using folder = await open(dirname(file))
    await folder.sync()
  } finally {
    process.off('exit', tidy)
    tidy()
  }
}

/** Standard output stays open. */
const unclosed = (stream: NodeJS.WriteStream) =>
  new Writable({ write: (chunk, encoding, done) => void stream.write(chunk, encoding, done) })
