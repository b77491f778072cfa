// Races between two changes, on either database. SQLite has one writer, and PostgreSQL interleaves the transactions.
import { randomUUID } from 'node:crypto'
import type { Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { topicStream } from '@tablecast/contracts'
import { connectTo } from '../stages/topics/testing.ts'
import { AUDIENCE, CLIENT_ID, openIssuer } from './issuer.ts'
import { outcomeOf } from './outcome-of.ts'
import { openTestRoom, type Testbed } from './real-calls.ts'
import { openRace, removals } from './removed-while-writing.ts'
import { newKey, openTestbed, until } from './testbed.ts'

const ROUNDS = 4
/** More than one co-DM makes in a race. */
const MAX_SCREENS = 8

/** Defines the tests. `openStore` opens an empty database. */
export function raceContract(openStore: () => Promise<Store>): void {
  const opened = new AsyncDisposableStack()
  let testbed: Testbed
  let issuer: Awaited<ReturnType<typeof openIssuer>>
  beforeAll(async () => {
    issuer = opened.use(await openIssuer())
    const store = opened.use(await openStore())
    const environment = {
      AUTH0_DOMAIN: issuer.domain,
      AUTH0_AUDIENCE: AUDIENCE,
      AUTH0_CLIENT_ID: CLIENT_ID,
      GUESTS: 'on',
    }
    testbed = opened.use(
      await openTestbed(
        {
          ...environment,
          MAX_ROOMS_PER_USER: '1000',
          MAX_SCREEN_LINKS_PER_ROOM: String(MAX_SCREENS),
          ARENA_MAX_SESSIONS: '5',
          TOPICS_DURABLE: 'true',
        },
        { store },
      ),
    )
  })
  afterAll(() => opened.disposeAsync())
  const account = async (sub: string) => testbed.withToken(await issuer.sign({ sub: `auth0|${sub}` })).http

  describe('a co-DM who sends commands during their removal', () => {
    for (const removal of removals)
      it(`changes nothing after a ${removal}`, async () => {
        const race = await openRace(testbed.url)
        for (let n = 0; n < ROUNDS; n++)
          expect(await race.round(removal, n * 5)).toMatchObject({
            removal,
            after: 0,
            links: 0,
            strokes: 0,
            sheets: 0,
            shows: 0,
            screens: 0,
          })
      })
  })

  it('gives a room one owner when the owner hands it to two members at once', async () => {
    for (let n = 0; n < 10; n++) {
      const { roomId, users } = await openTestRoom(testbed)
      const give = (userId: string) =>
        outcomeOf(users.owner.http.rooms.handOver.mutate({ roomId, key: newKey(), userId }))
      const outcomes = await Promise.all([give(users.dm.session.userId), give(users.player.session.userId)])
      expect(outcomes.map(({ code }) => code).toSorted()).toEqual(['NOT_THE_DM', 'OK'])
      const { members } = await users.dm.http.rooms.get.query({ roomId })
      expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1)
    }
  })

  it('leaves one picture on the screens after two DMs chose many at once, and no more links than a room may have', async () => {
    const { roomId, users } = await openTestRoom(testbed)
    const { token } = await users.dm.http.screens.create.mutate({ roomId, key: newKey(), kind: 'tv', name: 'TV' })
    await using client = await testbed.withToken('').socket()
    const shown: { seq: number; show: string }[] = []
    client.trpc.screens.shown.subscribe({ roomId, token }, { onData: ({ data }) => shown.push(data) })
    await until(() => shown.length === 1)
    const pictures = ['black', 'map', 'scene', 'story'] as const
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const { http } = n % 2 === 0 ? users.owner : users.dm
        return http.screens.show.mutate({ roomId, key: newKey(), show: pictures[n % pictures.length] ?? 'auto' })
      }),
    )
    const last = await users.owner.http.screens.list.query({ roomId })
    await until(() => shown.at(-1)?.seq === 12)
    expect(shown.map(({ seq }) => seq)).toEqual(shown.map(({ seq }) => seq).toSorted((a, b) => a - b))
    expect(shown.at(-1)?.show).toBe(last.show)
    const make = (name: string) =>
      outcomeOf(users.dm.http.screens.create.mutate({ roomId, key: newKey(), kind: 'tv', name }))
    const made = await Promise.all(Array.from({ length: MAX_SCREENS + 2 }, (_, n) => make(`TV ${n}`)))
    expect(made.filter(({ code }) => code === 'OK')).toHaveLength(MAX_SCREENS - 1)
    expect((await users.owner.http.screens.list.query({ roomId })).links).toHaveLength(MAX_SCREENS)
  })

  describe('a guest who gets an account', () => {
    it('becomes one of two accounts that claim it at once, and each account gets its own user id', async () => {
      for (let n = 0; n < 5; n++) {
        const guest = await testbed.join(`Guest ${n}`, 'player')
        const claim = async (sub: string) => {
          const http = await account(sub)
          const claimed = await http.auth.account.mutate({ name: sub, guestToken: guest.session.token })
          return { claimed, me: await http.auth.me.query(), rooms: await http.rooms.list.query() }
        }
        const claims = await Promise.all([claim(`a${n}`), claim(`b${n}`)])
        for (const { claimed, me } of claims) expect(me.userId).toBe(claimed.userId)
        const [mine, other] = claims.toSorted((a, b) => b.rooms.length - a.rooms.length)
        expect(mine?.claimed.userId).toBe(guest.session.userId)
        expect(mine?.rooms.map(({ room }) => room.id)).toEqual(['main'])
        expect(other?.claimed.userId).not.toBe(guest.session.userId)
        expect(other?.rooms).toEqual([])
      }
    })

    it('is in no room under the old user id, also not in a room that the guest joins meanwhile', async () => {
      const { users, codeOf: inviteOf, roomId } = await openTestRoom(testbed)
      for (let n = 0; n < 6; n++) {
        const http = await account(`known-${n}`)
        await http.auth.account.mutate({ name: 'Known' })
        await http.rooms.create.mutate({ key: newKey(), name: 'Makes the account a known user' })
        const guest = await testbed.signIn(`Guest ${n}`)
        const join = () => outcomeOf(guest.http.rooms.join.mutate({ key: newKey(), code: inviteOf('player') }))
        const claiming = http.auth.account.mutate({ name: 'Known', guestToken: guest.session.token })
        const joins = await Promise.all([join(), join(), join()])
        await claiming
        for (const { code } of joins) expect(['OK', 'UNAUTHORIZED']).toContain(code)
        const { members } = await users.owner.http.rooms.get.query({ roomId })
        expect(members.map(({ userId }) => userId)).not.toContain(guest.session.userId)
        const isIn = joins.some(({ code }) => code === 'OK')
        const mine = (await http.rooms.list.query()).some(({ room }) => room.id === roomId)
        expect(mine).toBe(isIn)
      }
    })

    it('is one user in two tabs that sign in at once', async () => {
      for (let n = 0; n < 5; n++) {
        const tabs = await Promise.all(
          Array.from({ length: 4 }, async () => (await account(`tabs-${n}`)).auth.account.mutate({ name: 'Tab' })),
        )
        expect(new Set(tabs.map(({ userId }) => userId)).size).toBe(1)
      }
    })

    it('can not open a socket with a ticket from before', async () => {
      const guest = await testbed.join('Ticket', 'player')
      const ask = await fetch(`${testbed.url}/api/tickets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${guest.session.token}` },
      })
      const { ticket } = (await ask.json()) as { ticket: string }
      await (await account('ticket')).auth.account.mutate({ name: 'T', guestToken: guest.session.token })
      const socket = new WebSocket(`${testbed.wsUrl}/ws/campaign/player?room=main&ticket=${ticket}`)
      const frames: string[] = []
      socket.on('message', (data: Buffer) => frames.push(data.toString()))
      await new Promise((resolve) => socket.once('close', resolve))
      expect(frames.join()).toContain('UNAUTHORIZED')
    })

    it('keeps no connection that opens at the same moment', async () => {
      for (let n = 0; n < 5; n++) {
        const guest = await testbed.join(`Opening ${n}`, 'player')
        const sockets = Array.from({ length: 6 }, () => {
          const socket = new WebSocket(`${testbed.wsUrl}/ws/campaign/player?room=main&token=${guest.session.token}`)
          socket.on('error', () => {})
          return socket
        })
        await (await account(`opening-${n}`)).auth.account.mutate({ name: 'O', guestToken: guest.session.token })
        await until(() => sockets.every(({ readyState }) => readyState === WebSocket.CLOSED))
      }
    })
  })

  const textsOf = async (topic: string) =>
    (await testbed.store.read(({ streams }) => streams.since(topicStream(topic), 0, 500))).map(({ text }) => text)

  it('stores no message of an API key after its revocation, also while it publishes', async () => {
    const { http } = await testbed.signIn('Owner of keys')
    for (let n = 0; n < ROUNDS; n++) {
      const topic = `race-${randomUUID()}`
      await http.topics.create.mutate({ key: newKey(), topic })
      const rights = [{ topic, publish: true, subscribe: true }]
      const { id, secret } = await http.topics.createKey.mutate({ key: newKey(), name: 'K', rights })
      await using bot = await connectTo(testbed.wsUrl, { headers: { authorization: `Bearer ${secret}` } })
      const message = () => ({ id: randomUUID(), payload: 'bot' })
      for (let sent = 0; sent < 60; sent++)
        bot.socket.send(JSON.stringify({ type: 'publish', topic, message: message() }))
      await until(() => bot.frames.length > n)
      await http.topics.revokeKey.mutate({ key: newKey(), id })
      await http.topics.publish.mutate({ topic, message: { id: randomUUID(), payload: 'MARK' } })
      await until(() => bot.socket.readyState === WebSocket.CLOSED)
      const texts = await textsOf(topic)
      const mark = texts.findIndex((text) => text.includes('MARK'))
      expect(mark).toBeGreaterThanOrEqual(0)
      expect(texts.slice(mark + 1)).toEqual([])
    }
  })

  it('keeps no message of a deleted topic, also when messages arrive during the deletion', async () => {
    const { http } = await testbed.signIn('Owner of topics')
    for (let n = 0; n < ROUNDS; n++) {
      const topic = `race-${randomUUID()}`
      await http.topics.create.mutate({ key: newKey(), topic })
      const publish = () =>
        outcomeOf(http.topics.publish.mutate({ topic, message: { id: randomUUID(), payload: 'late' } }))
      const publishing = Array.from({ length: 20 }, publish)
      await http.topics.remove.mutate({ key: newKey(), topic })
      for (const { code } of await Promise.all(publishing)) expect(['OK', 'TOPIC_NOT_FOUND']).toContain(code)
      await http.topics.create.mutate({ key: newKey(), topic })
      expect(await textsOf(topic)).toEqual([])
    }
  })

  it('starts a game of the arena once when ten calls with its id arrive at once', async () => {
    const body = JSON.stringify({ session_id: `race-${randomUUID().slice(0, 8)}` })
    const headers = { 'content-type': 'application/json' }
    const start = () => fetch(`${testbed.url}/init_session`, { method: 'POST', headers, body })
    const statuses = (await Promise.all(Array.from({ length: 10 }, start))).map(({ status }) => status)
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(9).fill(409)])
  })

  it('runs no more games than ARENA_MAX_SESSIONS, also when twelve start at once', async () => {
    const master = await testbed.signIn('Master')
    const start = () =>
      outcomeOf(master.http.arena.start.mutate({ key: newKey(), sessionId: `r-${randomUUID().slice(0, 8)}` }))
    const outcomes = await Promise.all(Array.from({ length: 12 }, start))
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['OK', 'RATE_LIMITED']))
    const running = await testbed.store.read(({ arena }) => arena.running())
    expect(running.length).toBeLessThanOrEqual(5)
  })

  it('makes one of ten changes to the same version of a sector, and answers the others with 412', async () => {
    const headers = { 'content-type': 'application/json' }
    const url = `${testbed.url}/api/sectors`
    const id = `race-${randomUUID().slice(0, 8)}`
    await fetch(url, { method: 'POST', headers, body: JSON.stringify({ id, name: 'Race', value: 1 }) })
    const change = (value: number) =>
      fetch(`${url}/${id}`, {
        method: 'PATCH',
        headers: { ...headers, 'if-match': '"1"' },
        body: JSON.stringify({ value }),
      })
    const statuses = (await Promise.all(Array.from({ length: 10 }, (_, n) => change(n)))).map(({ status }) => status)
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(9).fill(412)])
  })

  it('refuses or accepts a row that refers to a row under removal, without an internal error', async () => {
    const headers = { 'content-type': 'application/json' }
    const post = (path: string, body: object) =>
      fetch(testbed.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    for (let n = 0; n < 8; n++) {
      const id = `gone-${randomUUID().slice(0, 8)}`
      await post('/api/sectors', { id, name: 'Gone', value: 1 })
      await post('/api/discussions', { id, title: 'Gone' })
      const [agent, message] = await Promise.all([
        post('/api/agents', { name: 'A', sectorId: id }),
        post(`/api/discussions/${id}/messages`, { content: 'x' }),
        fetch(`${testbed.url}/api/sectors/${id}`, { method: 'DELETE' }),
        fetch(`${testbed.url}/api/discussions/${id}`, { method: 'DELETE' }),
      ])
      expect([201, 422]).toContain(agent.status)
      expect([201, 404]).toContain(message.status)
    }
  })
}
