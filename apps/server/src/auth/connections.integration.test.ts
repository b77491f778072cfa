// A connection ends with its token, and tickets replace tokens in URLs.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { openIssuer } from '../testing/issuer.ts'
import { newKey, openTestbed, until } from '../testing/testbed.ts'

const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

describe('connections', () => {
  let issuer: Awaited<ReturnType<typeof openIssuer>>
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: Awaited<ReturnType<typeof testbed.join>>
  let playerCode: string
  beforeAll(async () => {
    issuer = await openIssuer()
    testbed = await openTestbed({
      ...issuer.environment,
      GUESTS: 'on',
      COMPAT_AUTH: 'token',
      MAX_SOCKETS_PER_USER: '6',
    })
    dm = await testbed.join('DM', 'owner')
    playerCode = dm.details.invites.find(({ role }) => role === 'player')?.code ?? ''
  })
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]()
    await issuer[Symbol.asyncDispose]()
  })

  /** A token that expires in `seconds`. The server accepts it 5 s longer, because the provider's clock may be off. */
  const shortToken = (sub: string, seconds: number) =>
    issuer.sign({ sub, exp: Math.floor(Date.now() / 1_000) + seconds })
  const join = (token: string) =>
    testbed.withToken(token).http.rooms.join.mutate({ key: newKey(), code: playerCode, name: 'Short' })
  const say = (message: string) => dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message })

  // Concurrent, because each test waits until its own token has expired.
  describe.concurrent('with a token that expires in three seconds', () => {
    it('end their stream when it expires, and send nothing after it', async () => {
      const token = await shortToken('auth0|ends', 3)
      await join(token)
      await using client = await testbed.withToken(token).socket()
      const seen: unknown[] = []
      let ended: unknown = null
      client.trpc.campaign.events.subscribe(
        { roomId: 'main' },
        { onData: ({ data }) => seen.push(data), onError: (error) => (ended = error) },
      )
      await until(() => seen.length > 0)
      const expiresAt = Date.now() + 3_000
      await until(() => ended !== null)
      expect(codeOf(ended)).toBe('UNAUTHORIZED')
      expect(Date.now() - expiresAt).toBeLessThan(5_000)
      const count = seen.length
      await say('After the end.')
      expect(seen.length).toBe(count)
    })

    it('keep their stream without a gap if the client sends a newer token', async () => {
      const first = await shortToken('auth0|stays', 3)
      await join(first)
      await using client = await testbed.withToken(first).socket()
      const seqs: number[] = []
      let failure: unknown = null
      client.trpc.campaign.events.subscribe(
        { roomId: 'main' },
        { onData: ({ data }) => seqs.push(data.seq), onError: (error) => (failure = error) },
      )
      await until(() => seqs.length > 0)
      const second = await issuer.sign({ sub: 'auth0|stays' })
      await client.trpc.auth.renew.mutate({ token: second })
      const oldEnds = Date.now() + 4_000
      while (Date.now() < oldEnds) {
        await say('Still here?')
        await until(() => seqs.length > 1)
      }
      const { seq } = await say('Still here.')
      await until(() => (seqs.at(-1) ?? 0) >= seq - 1 && seqs.length > 2)
      expect(failure).toBeNull()
      expect(seqs).toEqual(seqs.map((_seq, index) => (seqs[0] ?? 0) + index))
    })

    it('to a plain socket close when it expires, after an error frame', async () => {
      const token = await shortToken('auth0|plain', 3)
      await join(token)
      const socket = plain(`/ws/campaign/player?room=main&token=${token}`)
      await until(() => socket.frames.length > 0)
      await until(() => socket.code !== null)
      expect(socket.code).toBe(4501)
      expect(socket.frames.at(-1)).toMatchObject({ type: 'error', error: { code: 'UNAUTHORIZED' } })
    })
  })

  it.each([
    ['set back by a day', 3, -24 * 3_600_000],
    ['set forward past its end', 3_600, 2 * 3_600_000],
  ])(
    'end within 5 s of their token’s expiry, plain sockets too, although the clock is %s',
    async (_name, seconds, jumpMs) => {
      const token = await shortToken(`auth0|jumps-${seconds}`, seconds)
      await join(token)
      await using client = await testbed.withToken(token).socket()
      let ended: unknown = null
      let isFollowing = false
      client.trpc.campaign.events.subscribe(
        { roomId: 'main' },
        { onData: () => (isFollowing = true), onError: (error) => (ended = error) },
      )
      const socket = plain(`/ws/campaign/player?room=main&token=${token}`)
      await until(() => isFollowing && socket.frames.length > 0)
      const began = performance.now()
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jumpMs })
      try {
        await until(() => ended !== null && socket.code !== null)
        expect(codeOf(ended)).toBe('UNAUTHORIZED')
        expect(socket.code).toBe(4501)
        // 3 s until the token expires, if the clock was set back, and 5 s to notice.
        expect(performance.now() - began).toBeLessThan(jumpMs < 0 ? 8_000 : 5_000)
      } finally {
        vi.useRealTimers()
      }
    },
  )

  it('refuse a renewal with the token of another user', async () => {
    const token = await shortToken('auth0|mine', 600)
    await using client = await testbed.withToken(token).socket()
    const other = await shortToken('auth0|other', 600)
    expect(await client.trpc.auth.renew.mutate({ token: other }).catch(codeOf)).toBe('FORBIDDEN')
    expect(await client.trpc.auth.renew.mutate({ token: 'nonsense' }).catch(codeOf)).toBe('UNAUTHORIZED')
  })

  it('are limited to MAX_SOCKETS_PER_USER for each user', async () => {
    const token = await shortToken('auth0|many', 600)
    const open = Array.from({ length: 6 }, () => plain(`/ws/stream?token=${token}`))
    await until(() => open.every(({ isOpen }) => isOpen))
    const refused = plain(`/ws/stream?token=${token}`)
    await until(() => refused.code !== null)
    expect([refused.code, refused.frames]).toEqual([
      1008,
      [expect.objectContaining({ error: expect.objectContaining({ code: 'RATE_LIMITED' }) as unknown })],
    ])
    for (const { socket } of open) socket.close()
    await until(() => open.every(({ code }) => code !== null))
    const again = plain(`/ws/stream?token=${token}`)
    await until(() => again.isOpen && again.code === null)
    again.socket.close()
  })

  const ticketFor = async (token: string) => {
    const response = await fetch(`${testbed.url}/api/tickets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    return { status: response.status, body: (await response.json()) as { ticket: string; expires_in: number } }
  }

  it('accept a ticket for one plain socket, once', async () => {
    const { status, body } = await ticketFor(dm.session.token)
    expect([status, body]).toEqual([
      201,
      { ticket: expect.stringMatching(/^tkt_[\w-]{43}$/) as string, expires_in: 30 },
    ])
    const first = plain(`/ws/campaign/dm?room=main&ticket=${body.ticket}`)
    await until(() => first.frames.length > 0)
    expect(first.frames[0]).toMatchObject({ type: 'campaign_active' })
    const second = plain(`/ws/campaign/dm?room=main&ticket=${body.ticket}`)
    await until(() => second.code !== null)
    expect(second.frames[0]).toMatchObject({ type: 'error', error: { code: 'UNAUTHORIZED' } })
    first.socket.close()
  })

  it('refuse a ticket that has expired or is made up, and an invalid token gets no ticket', async () => {
    const old = `tkt_${'a'.repeat(43)}`
    const identity = { userId: dm.session.userId, name: 'DM', kind: 'guest', expiresAt: Date.now() + 60_000 }
    const hash = createHash('sha256').update(old).digest('hex')
    await testbed.store.write(({ tickets }) => tickets.put(hash, identity, -1))
    for (const ticket of [old, `tkt_${'b'.repeat(43)}`, '', 'x']) {
      const socket = plain(`/ws/campaign/dm?room=main&ticket=${ticket}`)
      await until(() => socket.code !== null)
      expect(socket.frames[0]).toMatchObject({ error: { code: 'UNAUTHORIZED' } })
    }
    expect((await ticketFor('nonsense')).status).toBe(401)
  })

  function plain(path: string) {
    const socket = new WebSocket(testbed.wsUrl + path)
    const seen = { socket, frames: [] as unknown[], code: null as number | null, isOpen: false }
    socket.on('open', () => (seen.isOpen = true))
    socket.on('message', (data: Buffer) => seen.frames.push(JSON.parse(data.toString())))
    socket.on('close', (code) => (seen.code = code))
    socket.on('error', () => {})
    return seen
  }
})
