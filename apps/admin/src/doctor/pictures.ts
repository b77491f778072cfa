// The checks of pictures: can the server read them, and has it a place for them?
import { mkdtempDisposable, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mediaFolder, PictureReader } from '@tablecast/media'
import type { Config } from '@tablecast/server/admin'
import { messageOf, sizeOf } from '../words.ts'
import { fail, type Finding, ok, warn } from './finding.ts'
import { nearest, writable } from './machine.ts'

/** 2 × 2 pixels. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEUlEQVQImWNwCU1zCU1jgFAAG2oD/ST9ke8AAAAASUVORK5CYII='
const DEADLINE_MS = 30_000

export async function pictures(config: Config): Promise<Finding[]> {
  if (config.UPLOADS === 'off') return [ok('pictures', 'nobody may send any')]
  return [await encoder(), await folder(config.DATA_DIR), await space(config)]
}

/** Reads a small picture as the server does. */
async function encoder(): Promise<Finding> {
  const check = 'pictures'
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'tablecast-doctor-'))
  const reasons: string[] = []
  await using reader = new PictureReader({
    folder: temporary.path,
    maxPixels: 100,
    encoder: {
      deadlineMs: DEADLINE_MS,
      mapDeadlineMs: DEADLINE_MS,
      idleMs: DEADLINE_MS,
      maxMemoryBytes: Infinity,
      maxWaiting: 1,
      died: (why) => reasons.push(why),
    },
  })
  try {
    const path = join(temporary.path, 'picture')
    await writeFile(path, Buffer.from(PNG, 'base64'))
    const { width, height } = await reader.read(path)
    return ok(check, `reads pictures: ${width} × ${height} pixels`)
  } catch (error) {
    return fail(
      check,
      [...reasons, messageOf(error)].join(': ').replaceAll('\n', ' '),
      'install the packages again on this machine: sharp comes with a part for each system',
    )
  }
}

async function folder(dataDir: string): Promise<Finding> {
  const path = mediaFolder(dataDir)
  try {
    await writable(path)
    return ok('picture folder', path)
  } catch (error) {
    return fail('picture folder', messageOf(error), 'let the server’s own user write into it')
  }
}

async function space({ DATA_DIR: dataDir, MEDIA_MIN_FREE_BYTES: least }: Config): Promise<Finding> {
  const check = 'picture space'
  try {
    const { bavail, bsize } = await statfs(nearest(dataDir))
    const found = `${sizeOf(bavail * bsize)} free`
    return bavail * bsize >= least
      ? ok(check, found)
      : warn(check, `${found}, MEDIA_MIN_FREE_BYTES is ${sizeOf(least)}`, 'make room: the server refuses pictures')
  } catch (error) {
    return fail(check, messageOf(error), 'set DATA_DIR to a folder that exists')
  }
}
