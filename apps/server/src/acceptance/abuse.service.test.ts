// Floods, garbage and slow requests of strangers get the stated refusal, while a table goes on beside them.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { clientFrame, freePort, rawWebSocket } from '@tablecast/testing'
import { createTRPCClient, httpLink } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { AppRouter } from '../index.ts'
import { heapMb, openProcess } from '../testing/process.ts'
import { newKey, until } from '../testing/testbed.ts'

const roomId = 'main'
/** Resolves also after a reset by the other side, for which `once` would reject. */
const closed = (socket: Socket) => new Promise<void>((resolve) => void socket.once('close', () => resolve()))
const SOCKETS = ['/trpc', '/ws/campaign/player', '/ws/campaign/dm', '/ws/stream', '/ws', '/ws/arena/a']
const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket'

describe('a server that strangers attack', () => {
  let server: Awaited<ReturnType<typeof openProcess>>
  let port: number
  let url: string
  let inspectorPort: number
  /** A table that plays during the attacks. */
  let table: Awaited<ReturnType<typeof openTable>>
  beforeAll(async () => {
    inspectorPort = await freePort()
    const environment = {
      HEADER_TIMEOUT: '2',
      MAX_SOCKETS_PER_IP: '100',
      IDLE_TIMEOUT: '3',
      CONNECTIONS_PER_SECOND_PER_IP: '20000',
      LOG_LEVEL: 'debug',
    }
    server = await openProcess(environment, inspectorPort)
    port = server.port
    url = `http://127.0.0.1:${port}`
    table = await openTable()
  })
  afterAll(async () => {
    table.close()
    await server[Symbol.asyncDispose]()
  })

  const client = (token?: string) =>
    createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${url}/trpc`, headers: token ? { authorization: `Bearer ${token}` } : {} })],
    })

  /** A DM, and a player who follows. `expectLive` sends a message as the DM and waits until the player has it. */
  async function openTable() {
    const { sample } = await client().auth.config.query()
    const [master, guest] = [
      await client().auth.guest.mutate({ name: 'DM' }),
      await client().auth.guest.mutate({ name: 'P' }),
    ]
    const [dm, player] = [client(master.token), client(guest.token)]
    await dm.rooms.join.mutate({ key: newKey(), code: sample?.ownerCode ?? '' })
    await player.rooms.join.mutate({ key: newKey(), code: sample?.playerCode ?? '' })
    const texts: string[] = []
    const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc?connectionParams=1`)
    socket.on('open', () => {
      socket.send(JSON.stringify({ method: 'connectionParams', data: { token: guest.token } }))
      const params = { path: 'campaign.events', input: { roomId } }
      socket.send(JSON.stringify({ id: 1, method: 'subscription', params }))
    })
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text === 'PING') socket.send('PONG')
      else texts.push(text)
    })
    await until(() => texts.some((text) => text.includes('campaign_active')))
    return {
      token: guest.token,
      async expectLive() {
        const message = `still here ${newKey()}`
        await dm.campaign.say.mutate({ roomId, key: newKey(), message })
        await until(() => texts.some((text) => text.includes(message)))
        expect(socket.readyState).toBe(WebSocket.OPEN)
      },
      close: () => socket.terminate(),
    }
  }

  const health = async () =>
    (await fetch(`${url}/health`).then((response) => response.json())) as { connections: number }
  /** Waits until the table's connection is the only one. */
  const strangersGone = () => until(async () => (await health()).connections === 1)
  /** A WebSocket on a bare socket, after the server's answer to the upgrade. */
  async function opened(path: string): Promise<{ socket: Socket; text: () => string; ended: Promise<unknown> }> {
    const socket = rawWebSocket(port, path)
    let text = ''
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
    const ended = closed(socket)
    await until(() => text.includes('\r\n\r\n'))
    return { socket, text: () => text, ended }
  }
  /** The code of the last close frame (opcode 8) in the received text. */
  const closeCode = (text: string) => {
    const bytes = Buffer.from(text, 'latin1')
    const at = bytes.lastIndexOf(0x88)
    return at < 0 ? null : bytes.readUInt16BE(at + 2)
  }
  const call = (id: number) => JSON.stringify({ id, method: 'query', params: { path: 'auth.config' } })

  it('refuses single calls above the limit for a second, and closes a connection that sends 50,000 at once', async () => {
    const flood = async () => {
      const { socket, text, ended } = await opened('/trpc')
      const frames = Buffer.concat(Array.from({ length: 50_000 }, (_, n) => clientFrame(call(n))))
      socket.write(frames)
      await ended
      return text()
    }
    const { socket: eager, text: received } = await opened('/trpc')
    const refusals = () => received().split('"RATE_LIMITED"').length - 1
    /** Sends 180 calls, and resolves with the number of refused ones. */
    const burst = async (from: number) => {
      const before = refusals()
      for (let n = 0; n < 180; n++) eager.write(clientFrame(call(from + n)))
      await until(() => received().split('"id":').length > from + 180)
      return refusals() - before
    }
    // A busy machine takes longer to read a burst, so the limit allows more of it.
    let next = 0
    for (let refused = 0; refused <= 20; next += 180) refused = await burst(next)
    expect(received().split('"guests":true').length - 1).toBeGreaterThanOrEqual(64)
    eager.write(clientFrame(call(next)))
    await until(() => received().includes(`"id":${next}`))
    eager.destroy()

    const begun = performance.now()
    const text = await flood()
    const seconds = Math.ceil((performance.now() - begun) / 1_000)
    expect(closeCode(text)).toBe(4429)
    // The server reads about 200 calls and drops the rest unread. Each second allows some calls more.
    expect(text.split('"id":').length - 1).toBeLessThanOrEqual(300 * seconds)
    await table.expectLive()
    await strangersGone()
    const before = await heapMb(inspectorPort)
    for (let round = 0; round < 5; round++) await flood()
    await strangersGone()
    expect((await heapMb(inspectorPort)) - before).toBeLessThan(4)
    await table.expectLive()
  })

  it('closes on a frame of 50,000 calls, and refuses all 800 calls of the largest frame', async () => {
    const frame = `[${Array.from({ length: 50_000 }, (_, n) => call(n)).join()}]`
    const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`)
    await once(socket, 'open')
    socket.send(frame)
    expect((await once(socket, 'close'))[0]).toBe(1009)
    const { socket: raw, text } = await opened('/trpc')
    raw.write(clientFrame(`[${Array.from({ length: 800 }, (_, n) => call(n)).join()}]`))
    await until(() => text().split('BAD_REQUEST').length > 800)
    expect(text()).not.toContain('"result"')
    raw.destroy()
    await table.expectLive()
  })

  it('closes a plain socket that sends 20,000 frames at once', async () => {
    const { socket, text, ended } = await opened('/ws')
    socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => clientFrame('{"type":"ping"}'))))
    await ended
    expect(closeCode(text())).toBe(4429)
    await table.expectLive()
  })

  it('answers garbage, and then answers a good call on the same connection', async () => {
    const { socket, text } = await opened('/trpc')
    const garbage = ['', '{', 'null', '[]', '42', '{"id":1}', '{"id":{},"method":"query"}', '{"id":1,"method":"drop"}']
    for (const one of garbage) socket.write(clientFrame(one))
    socket.write(clientFrame('{"id":7,"method":"query","params":{"path":"__proto__.x"}}'))
    socket.write(clientFrame('{"id":8,"method":"query","params":{"path":"ops.health"}}'))
    await until(() => text().includes('"service":"tablecast"'))
    expect(text()).not.toMatch(/node_modules|\.ts:\d/)
    socket.destroy()
    await table.expectLive()
  })

  it('closes every socket with 1009 after an oversize frame and with 1003 after a binary frame', async () => {
    for (const path of [...SOCKETS, SOCKET_IO]) {
      const large = new WebSocket(`ws://127.0.0.1:${port}${path}`)
      await once(large, 'open')
      large.send('x'.repeat(65_537))
      expect([path, (await once(large, 'close'))[0]]).toEqual([path, 1009])
      // Each piece is within the limit, and together they are above it.
      const pieces = new WebSocket(`ws://127.0.0.1:${port}${path}`)
      await once(pieces, 'open')
      for (let n = 0; n < 80; n++) pieces.send('y'.repeat(1_000), { fin: false })
      // A client that is still sending may get a reset before it reads the close code.
      expect([path, (await once(pieces, 'close'))[0]]).toEqual([path, expect.toBeOneOf([1009, 1006])])
    }
    for (const path of SOCKETS.filter((one) => one !== '/trpc')) {
      const binary = new WebSocket(`ws://127.0.0.1:${port}${path}`)
      await once(binary, 'open')
      binary.send(Buffer.from([1, 2, 3]))
      expect([path, (await once(binary, 'close'))[0]]).toEqual([path, 1003])
    }
    await table.expectLive()
  })

  it('refuses sockets from pages of other origins, and accepts programs, which send no Origin', async () => {
    const origins = [
      'http://evil.example',
      `http://127.0.0.1:${port}.evil.example`,
      `http://evil.example/?http://127.0.0.1:${port}`,
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `http://127.0.0.1`,
      `http://xlocalhost:${port}`,
      `http://localhost:${port}@evil.example`,
      'null',
      '',
    ]
    for (const path of [...SOCKETS, SOCKET_IO]) {
      for (const origin of origins) {
        const status = await upgrade(path, [`Origin: ${origin}`])
        expect([path, origin, status]).toEqual([path, origin, 403])
      }
      for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`])
        expect([path, await upgrade(path, [`Origin: ${origin}`])]).toEqual([path, 101])
      expect([path, await upgrade(path, [])]).toEqual([path, 101])
    }
    const polling = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: 'http://evil.example' },
    })
    expect([polling.status, polling.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect(await upgrade('/nowhere', [])).toBe(404)
  })

  it('refuses a request whose Host is a foreign name that points to this machine', async () => {
    const answer = await request('GET /topics HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 403/)
    expect(await request(`GET /topics HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200/,
    )
  })

  it('closes connections with an unfinished request, without a request, or silent after the handshake', async () => {
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
      const drip = setInterval(() => socket.write('a'), 200)
      socket.once('close', () => clearInterval(drip))
      socket.resume()
      return closed(socket)
    })
    const silent = Array.from({ length: 20 }, () => opened('/trpc?connectionParams=1').then(({ ended }) => ended))
    const mute = Array.from({ length: 20 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      return closed(socket)
    })
    await table.expectLive()
    await Promise.all([...slow, ...silent, ...mute])
    await table.expectLive()
    await strangersGone()
  })

  it('closes a socket whose client connects and then sends nothing', async () => {
    const { ended } = await opened('/trpc')
    await ended
    await strangersGone()
  })

  it('accepts 10,000 sockets of one address up to MAX_SOCKETS_PER_IP, and answers the others with Retry-After', async () => {
    await strangersGone()
    const before = await heapMb(inspectorPort)
    const answers = { open: 0, refused: 0, closed: 0 }
    const sockets: Socket[] = []
    const connectOnce = () =>
      new Promise<void>((resolve) => {
        const socket = rawWebSocket(port, '/ws/stream')
        sockets.push(socket)
        const done = (answer: keyof typeof answers) => {
          if (socket.listenerCount('data') === 0) return
          socket.removeAllListeners('data')
          answers[answer] += 1
          resolve()
        }
        socket.on('data', (part: Buffer) => {
          const text = part.toString('latin1')
          if (text.includes('101')) done('open')
          else {
            expect(text).toMatch(/^HTTP\/1\.1 429 .*\r\n(?:.+\r\n)*Retry-After: \d/)
            done('refused')
          }
        })
        socket.once('close', () => done('closed'))
      })
    const connectInTurn = async () => {
      for (let n = 0; n < 200; n++) await connectOnce()
    }
    await Promise.all(Array.from({ length: 50 }, connectInTurn))
    expect(answers.open + answers.refused + answers.closed).toBe(10_000)
    // The table's player has one of the hundred.
    expect(answers.open).toBe(99)
    await table.expectLive()
    for (const socket of sockets) socket.destroy()
    await strangersGone()
    expect((await heapMb(inspectorPort)) - before).toBeLessThan(4)
    const { socket } = await opened('/ws/stream')
    socket.destroy()
  })

  it('ignores the address that a client claims in a header', async () => {
    const answers = new Set<number>()
    const sockets = Array.from({ length: 110 }, (_, n) =>
      upgradeSocket('/ws/stream', [`X-Forwarded-For: 192.0.2.${n}`, `Forwarded: for=192.0.2.${n}`]),
    )
    for (const { status } of sockets) answers.add(await status)
    expect([...answers].toSorted((a, b) => a - b)).toEqual([101, 429])
    for (const { socket } of sockets) socket.destroy()
    await strangersGone()
  })

  it('writes no token, ticket or invite code to its log', async () => {
    const ticket = await fetch(`${url}/api/tickets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${table.token}` },
    })
      .then((response) => response.json())
      .then((body) => (body as { ticket: string }).ticket)
    for (const path of [
      `/ws/campaign/player?room=main&token=${table.token}`,
      `/ws/campaign/dm?room=main&token=${table.token}`,
      `/ws/campaign/player?room=main&ticket=${ticket}`,
    ])
      await opened(path).then(({ socket }) => socket.destroy())
    await fetch(`${url}/nowhere?token=${table.token}`)
    await fetch(`${url}/api/sectors/x?token=${table.token}`)
    const stranger = await client().auth.guest.mutate({ name: 'S' })
    await client(stranger.token)
      .rooms.join.mutate({ key: newKey(), code: 'a-wrong-invite-code' })
      .catch(() => null)
    await table.expectLive()
    await until(() => server.output().includes('call refused'))
    for (const secret of [table.token, stranger.token, ticket, 'a-wrong-invite-code'])
      expect(server.output()).not.toContain(secret)
  })

  /** The status of the answer to an upgrade request. */
  async function upgrade(path: string, headers: readonly string[]): Promise<number> {
    const { status, socket } = upgradeSocket(path, headers)
    try {
      return await status
    } finally {
      socket.destroy()
    }
  }

  function upgradeSocket(path: string, headers: readonly string[]): { socket: Socket; status: Promise<number> } {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      ...headers,
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    const status = once(socket, 'data').then(([part]: Buffer[]) => Number(/^HTTP\/1\.1 (\d+)/.exec(String(part))?.[1]))
    return { socket, status }
  }

  async function request(text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    socket.write(text)
    let answer = ''
    socket.on('data', (part: Buffer) => (answer += part.toString()))
    await once(socket, 'close')
    return answer
  }
})
