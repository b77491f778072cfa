// Many clients connect in the same moment.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { temporaryFolder } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { openServer, parseConfig } from '../index.ts'
import { openTestbed } from '../testing/testbed.ts'

const CLIENTS = 96
const TURNS = 24

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

it.runIf(process.platform === 'linux')('a crowd is let in within a few turns of the event loop', async () => {
  await using testbed = await openTestbed()
  const { hostname, port } = new URL(testbed.url)
  const connections = async () => (await testbed.anonymous.ops.health.query()).status
  expect(await connections()).toBe('ok')
  let accepted = 0
  const sockets = Array.from({ length: CLIENTS }, () => connect({ host: hostname, port: Number(port) }))
  // The server closes a request that it can't read, so an answer shows that the connection was accepted.
  for (const socket of sockets) {
    socket.on('error', () => {})
    socket.once('data', () => (accepted += 1))
    socket.write('no request\r\n\r\n')
  }
  for (let turn = 0; turn < TURNS; turn++) await nextTurn()
  expect(accepted).toBeGreaterThan(TURNS)
  await Promise.all(sockets.map(async (socket) => (socket.destroyed ? null : once(socket, 'close'))))
  expect(accepted).toBe(CLIENTS)
})

it('a port in use is refused, whether another server or another program has it', async () => {
  await using testbed = await openTestbed()
  await using folder = await temporaryFolder()
  const program = createServer().listen(0, '127.0.0.1')
  await once(program, 'listening')
  const taken = (program.address() as { port: number }).port
  for (const port of [new URL(testbed.url).port, String(taken)])
    await expect(
      openServer(parseConfig({ PORT: port, DATA_DIR: folder.path, LOG_LEVEL: 'silent', MARKET_SIM: 'off' })),
    ).rejects.toThrow(`PORT: ${port} is in use`)
  program.close()
})
