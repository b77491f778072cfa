// The checks of the machine: Node, the disk, and the limits of the operating system.
import { existsSync } from 'node:fs'
import { access, constants, readFile, stat, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { messageOf, sizeOf } from '../words.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const NODE_MAJOR = 24
const LITTLE_BYTES = 1_000_000_000
const NOTHING_BYTES = 100_000_000
/** Files that are open beside the sockets: the database, the log, the pages. */
const OTHER_FILES = 100

export function node(version: string): Finding {
  const major = Number(version.replace(/^v/, '').split('.')[0])
  return major >= NODE_MAJOR
    ? ok('node', version)
    : fail('node', version, `the sources need Node ${NODE_MAJOR}: start it through pnpm, which installs it`)
}

export async function dataDir(folder: string, uid: number | undefined): Promise<Finding> {
  try {
    const there = await writable(folder)
    if (there !== resolve(folder)) return ok('data directory', `${folder}: not there yet, the first start makes it`)
    const owner = (await stat(folder)).uid
    if (uid !== undefined && owner !== uid)
      return warn(
        'data directory',
        `${folder} belongs to user ${owner}, this is user ${uid}`,
        'run these commands as the server’s own user, or the server can not open the files that they leave',
      )
    return ok('data directory', folder)
  } catch (error) {
    return fail('data directory', messageOf(error), 'set DATA_DIR to a folder that the server may write to')
  }
}

/** The folder, or its nearest parent that exists. Rejects when nothing can be written there. */
export async function writable(folder: string): Promise<string> {
  const there = nearest(folder)
  await access(there, constants.W_OK | constants.X_OK)
  return there
}

/** The folder, or its nearest parent that exists. A check creates nothing. */
export function nearest(folder: string): string {
  const whole = resolve(folder)
  return existsSync(whole) || dirname(whole) === whole ? whole : nearest(dirname(whole))
}

export async function disk(folder: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(nearest(folder))
    const free = bavail * bsize
    const found = `${sizeOf(free)} free`
    const advice = 'make room: on a full disk the server can not store any change'
    if (free < NOTHING_BYTES) return fail('disk', found, advice)
    return free < LITTLE_BYTES ? warn('disk', found, advice) : ok('disk', found)
  } catch (error) {
    return fail('disk', messageOf(error), 'set DATA_DIR to a folder that exists')
  }
}

/** `limits`: the file in which Linux lists the limits of a process. Other systems have none. */
export async function openFiles(maxSockets: number, limits = '/proc/self/limits'): Promise<Finding> {
  const text = await readFile(limits, 'utf8').catch(() => '')
  const [, limit] = /^Max open files\s+(\d+|unlimited)/m.exec(text) ?? []
  if (limit === undefined) return ok('open files', 'not known on this system')
  const needed = maxSockets + OTHER_FILES
  return limit === 'unlimited' || Number(limit) >= needed
    ? ok('open files', limit)
    : warn(
        'open files',
        `${limit}, for MAX_SOCKETS ${maxSockets}`,
        `allow ${needed} (ulimit -n, LimitNOFILE of systemd, ulimits of Docker), or lower MAX_SOCKETS`,
      )
}

export async function sessionSecret(given: string | undefined, folder: string): Promise<Finding> {
  if (given !== undefined) return ok('session secret', 'set by SESSION_SECRET')
  try {
    const { mode } = await stat(join(folder, 'session-secret'))
    return (mode & 0o077) === 0
      ? ok('session secret', 'in DATA_DIR')
      : warn('session secret', 'others on this machine may read it', 'chmod 600 session-secret in DATA_DIR')
  } catch {
    return ok('session secret', 'not there yet: the first start makes it')
  }
}
