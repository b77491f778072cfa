import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** A container may have 64 MB of it. */
const NEEDED_BYTES = 2 * 1024 ** 3

/**
 * A folder in memory that goes with this process; null where there is none, or too little of it. Tests commit thousands of times
 * and keep nothing, so they need not wait for a disk. Measurements have to.
 */
export function memoryFolder(): string | null {
  if (!existsSync(MEMORY)) return null
  const { bavail, bsize } = statfsSync(MEMORY)
  if (bavail * bsize < NEEDED_BYTES) return null
  const folder = mkdtempSync(join(MEMORY, 'tablecast-tests-'))
  // PostgreSQL runs as a user of its own.
  chmodSync(folder, 0o755)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
