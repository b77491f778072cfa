import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from './port.ts'

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
