import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Below the ports that Linux, macOS and Windows give to outgoing connections. */
export const FIRST_PORT = 12_000
export const PORTS = 20_000
/** Longer than any test. A file that is older belongs to a process that was killed. */
const RESERVED_MS = 60 * 60_000

const folder = join(tmpdir(), 'tablecast-ports')
const reserved: string[] = []
let last = Math.floor(Math.random() * PORTS)

/**
 * A port that nothing listens on, and that no other process of the tests is given while this one runs. The caller may bind it later: a
 * port that the system chooses (`listen(0)`) can be taken meanwhile by any connection that goes out.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PORTS; tried += 1) {
    last = (last + 1) % PORTS
    const port = FIRST_PORT + last
    if (reserve(port) && (await isFree(port))) return port
  }
  throw new Error(`no port is free between ${FIRST_PORT} and ${FIRST_PORT + PORTS - 1}`)
}

/** A file that only one process can make. */
function reserve(port: number): boolean {
  if (reserved.length === 0) {
    mkdirSync(folder, { recursive: true })
    process.once('exit', () => reserved.forEach((file) => rmSync(file, { force: true })))
  }
  const file = join(folder, String(port))
  try {
    closeSync(openSync(file, 'wx'))
    reserved.push(file)
    return true
  } catch {
    if (isOld(file)) rmSync(file, { force: true })
    return false
  }
}

function isOld(file: string): boolean {
  const madeAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  return Date.now() - madeAt > RESERVED_MS
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
  } catch {
    return false
  }
  await new Promise((resolve) => probe.close(resolve))
  return true
}
