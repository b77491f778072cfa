import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Below the ports that Linux, macOS and Windows give to outgoing connections. */
const FIRST_PORT = 12_000
const LAST_PORT = 31_999
const PORTS_OF_A_PROCESS = 100
const BLOCKS = (LAST_PORT - FIRST_PORT + 1) / PORTS_OF_A_PROCESS

let given = 0

/**
 * A port that nothing listens on, and that nobody else is given for a while. The caller may bind it later: a port that
 * the system chooses (`listen(0)`) can be taken meanwhile by any connection that goes out. Each process has a block of
 * ports of its own, by its number, and gives them in turn.
 */
export async function freePort(): Promise<number> {
  const block = FIRST_PORT + (process.pid % BLOCKS) * PORTS_OF_A_PROCESS
  for (let tried = 0; tried < PORTS_OF_A_PROCESS; tried += 1) {
    const port = block + (given++ % PORTS_OF_A_PROCESS)
    if (await isFree(port)) return port
  }
  throw new Error(`no port is free between ${block} and ${block + PORTS_OF_A_PROCESS - 1}`)
}

async function isFree(port: number): Promise<boolean> {
  const probe: Server = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
  } catch {
    return false
  }
  await new Promise((resolve) => probe.close(resolve))
  return true
}
