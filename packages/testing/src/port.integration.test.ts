import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { FIRST_PORT, freePort, PORTS } from './port.ts'

/** Where Linux takes the ports of outgoing connections from, as it is delivered. */
const FIRST_EPHEMERAL_PORT = 32_768

test('a free port is given to one caller, and to no outgoing connection', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()))
  expect(new Set(ports).size).toBe(20)
  expect(Math.max(...ports)).toBeLessThan(FIRST_EPHEMERAL_PORT)
})

test('a port that somebody listens on is left out', async () => {
  const first = await freePort()
  const taken = createServer().listen(first + 1, '127.0.0.1')
  await once(taken, 'listening')
  expect(await freePort()).not.toBe(first + 1)
  taken.close()
})

test('a port is not given to another process while the first one runs', async () => {
  const port = await freePort()
  // The other process would take this port next.
  const script = `Math.random = () => ${(port - 1 - FIRST_PORT) / PORTS}
    const { freePort } = await import(${JSON.stringify(new URL('port.ts', import.meta.url).href)})
    console.log(await freePort())`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(Number(stdout)).toBeGreaterThan(port)
  expect(Number(stdout)).toBeLessThan(port + 50)
})
