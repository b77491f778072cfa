// Limits for each client address, also behind a proxy.
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openProcess } from '../testing/process.ts'

describe('a server with a limit of connections per second', () => {
  it('limits one address and answers another address meanwhile', async () => {
    await using server = await openProcess({
      CONNECTIONS_PER_SECOND_PER_IP: '5',
    })
    const { port } = server
    const isAnswered = async (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      socket.on('error', () => {})
      socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      let text = ''
      socket.on('data', (part: Buffer) => (text += part.toString()))
      // Resolves also after a reset by the other side, for which `once` would reject.
      await new Promise<void>((resolve) => void socket.once('close', () => resolve()))
      return text.includes(' 200 ')
    }
    const requests = Promise.all(Array.from({ length: 60 }, () => isAnswered('127.0.0.2')))
    expect(await isAnswered('127.0.0.3')).toBe(true)
    const answered = (await requests).filter(Boolean).length
    // A burst may use four seconds of the limit. The server closes the others without an answer.
    expect(answered).toBeGreaterThanOrEqual(20)
    expect(answered).toBeLessThan(40)
  })
})

describe('a server behind a trusted proxy', () => {
  it('limits each client by the address that the proxy reports', async () => {
    await using server = await openProcess({
      MAX_SOCKETS_PER_IP: '2',
      TRUSTED_PROXIES: 'loopback',
      COMPAT_AUTH: 'open',
    })
    const { port } = server
    const upgradeStatus = (address: string) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/stream`, { headers: { 'x-forwarded-for': address } })
        socket.on('open', () => resolve(101))
        socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode))
      })
    const answers = []
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '203.0.113.9, 192.0.2.1'])
      answers.push(await upgradeStatus(address))
    // The last one claims an address before the one that the proxy saw.
    expect(answers).toEqual([101, 101, 429, 101, 429])
  })
})
