// Where clients come from, and what each address may have.
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openProcess } from '../testing/process.ts'

describe('connections one after the other', () => {
  it('are so many a second for an address; a table from elsewhere notices nothing', async () => {
    await using server = await openProcess({
      CONNECTIONS_PER_SECOND_PER_IP: '5',
    })
    const { port } = server
    const knock = async (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      socket.on('error', () => {})
      socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      let text = ''
      socket.on('data', (part: Buffer) => (text += part.toString()))
      // Also when the other side broke it off, which `once` takes for a failure.
      await new Promise<void>((resolve) => void socket.once('close', () => resolve()))
      return text.includes(' 200 ')
    }
    const knocking = Promise.all(Array.from({ length: 60 }, () => knock('127.0.0.2')))
    expect(await knock('127.0.0.3')).toBe(true)
    const answered = (await knocking).filter(Boolean).length
    // A burst of four seconds' worth; the others hear nothing, and are let go.
    expect(answered).toBeGreaterThanOrEqual(20)
    expect(answered).toBeLessThan(40)
  })
})

describe('behind a proxy that is trusted', () => {
  it('each client has limits of its own', async () => {
    await using server = await openProcess({
      MAX_SOCKETS_PER_IP: '2',
      TRUSTED_PROXIES: 'loopback',
      COMPAT_AUTH: 'open',
    })
    const { port } = server
    const knock = (address: string) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/stream`, { headers: { 'x-forwarded-for': address } })
        socket.on('open', () => resolve(101))
        socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode))
      })
    const answers = []
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '203.0.113.9, 192.0.2.1'])
      answers.push(await knock(address))
    // The last one claims an address before the one that the proxy saw.
    expect(answers).toEqual([101, 101, 429, 101, 429])
  })
})
