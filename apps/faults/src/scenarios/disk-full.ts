import { execFile } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { samplePicture } from '@tablecast/media/testing'
import { temporaryFolder } from '@tablecast/testing'
import { pictureSender } from '../picture-sender.ts'
import { play, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const CONNECT_TIMEOUT_MS = 120_000
const DISK_BYTES = 24 * 1024 * 1024
/** Large ones while they fit, then small ones. */
const PIECES = [262_144, 4_096].map((bytes) => Buffer.alloc(bytes))

export const diskFull: Scenario = {
  name: 'disk-full',
  title: 'the disk of the data folder (a small tmpfs) is full for a while',
  setups: ['sqlite'],
  short: ['sqlite'],
  async run(context) {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'disk')
    await using disk = await mountSmallDisk(dataDir)
    if (disk.refused !== null) return { skipped: disk.refused }
    return await play(
      context,
      async ({ cluster, table }) => {
        const rounds = context.isShort ? 1 : 3
        const messages = new Set<string>()
        const sendPicture = await pictureSender(cluster.url)
        const picture = await samplePicture('png')
        for (let round = 0; round < rounds; round++) {
          const since = performance.now()
          using _filled = fill(join(dataDir, 'ballast'))
          const refused = () => table.writers.map(({ refusals }) => refusals.filter(({ at }) => at > since))
          await within(CONNECT_TIMEOUT_MS, 'each DM gets an error', () =>
            refused().every((refusals) => refusals.length > 1),
          )
          for (const { code, message } of refused().flat()) {
            messages.add(message)
            if (code !== 'UNAVAILABLE') table.complain(`a DM got ${code}: ${message}`)
            if (!message.includes('disk')) table.complain(`the error does not say that the disk is full: ${message}`)
          }
          const sent = await sendPicture(picture)
          if (sent.status !== 503 || sent.message?.includes('disk') !== true)
            table.complain(`a picture was answered ${sent.status}: ${sent.message}`)
          // Readers are not affected, and neither are newcomers.
          const heads = await cluster.log.heads('main')
          const newcomer = await table.readAnew()
          if (newcomer.seq < heads.player) table.complain(`a newcomer was given ${newcomer.seq} of ${heads.player}`)
          _filled[Symbol.dispose]()
          const freed = performance.now()
          await table.acknowledged()
          await table.caughtUp(freed)
          const later = await sendPicture(picture)
          if (later.status !== 200) table.complain(`with room a picture was answered ${later.status}: ${later.message}`)
        }
        return { rounds, notes: [`the DM got the error: ${[...messages].join(' / ')}`] }
      },
      // Only a full disk refuses pictures: this one is smaller than the space that a server keeps free.
      { dataDir, environment: { MEDIA_MIN_FREE_BYTES: '0' } },
    )
  },
}

async function mountSmallDisk(path: string): Promise<AsyncDisposable & { refused: string | null }> {
  const run = promisify(execFile)
  try {
    await run('mkdir', [path])
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tablecast-faults', path])
    // Do not trust `mount`: the disk of a person must never be filled.
    const { blocks, bsize } = await statfs(path)
    if (blocks * bsize > DISK_BYTES) throw new Error('what is mounted there is not the small disk')
  } catch (error) {
    const [line] = String((error as { stderr?: unknown }).stderr ?? error).split('\n')
    return { refused: `a disk of its own can not be mounted: ${line}`, [Symbol.asyncDispose]: () => Promise.resolve() }
  }
  return {
    refused: null,
    [Symbol.asyncDispose]: () => run('umount', [path]).then(() => undefined),
  }
}

/** Writes until nothing more fits. */
function fill(path: string): Disposable {
  const file = openSync(path, 'w')
  let written = 0
  for (const piece of PIECES)
    try {
      while (written <= DISK_BYTES) written += writeSync(file, piece)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  closeSync(file)
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) }
}
