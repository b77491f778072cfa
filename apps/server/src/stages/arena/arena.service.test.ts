// The arena over a real nats-server, with engines as processes of their own.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort, startNats, startPostgres, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed } from '../../testing/testbed.ts'
import { post, spectate, wholeGame } from './testing.ts'

const engineMain = fileURLToPath(new URL('../../../../engine/src/main.ts', import.meta.url))

async function startEngine(natsUrl: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [engineMain], {
    env: { PATH: process.env['PATH'], NATS_URL: natsUrl, LOG_LEVEL: 'error', ARENA_PACE_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  const stop = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
    return child.exitCode
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')) }
}

const curl = async (...args: string[]) =>
  JSON.parse((await promisify(execFile)('curl', ['-s', ...args])).stdout) as unknown

describe('over NATS', () => {
  it('plays the document’s flow with curl, a plain socket and an engine of its own, started last', async () => {
    await using nats = await startNats()
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    const { url, wsUrl } = testbed
    await until(async () => ((await curl('-X', 'POST', `${url}/health`)) as { nats_connected: boolean }).nats_connected)
    await using spectator = await spectate(wsUrl, 'test-001')
    const json = ['-H', 'Content-Type: application/json', '-d']
    expect(await curl('-X', 'POST', `${url}/init_session`, ...json, '{"session_id": "test-001"}')).toEqual({
      status: 'ok',
      session_id: 'test-001',
    })
    await using _engine = await startEngine(nats.url, { ARENA_ROUNDS: '1' })
    expect(
      await curl(
        '-X',
        'POST',
        `${url}/submit_news`,
        ...json,
        '{"session_id": "test-001", "content": "Birds are government drones"}',
      ),
    ).toEqual({ status: 'ok', session_id: 'test-001' })
    await spectator.until('event.end')
    const told = new Set(spectator.seen.map(({ subject }) => subject.replace(/^agent\.[^.]+/, 'agent.<aid>')))
    expect(told).toEqual(
      new Set([
        'round.start',
        'phase.start',
        'agent.<aid>.input',
        'agent.<aid>.output',
        'agent.<aid>.status',
        'agent.<aid>.kill',
        'event.death',
        'event.end',
        'input.waiting',
      ]),
    )
    expect(spectator.seen.find(({ subject }) => subject === 'round.start')?.data).toMatchObject({
      round: 1,
      fake_news: 'Birds are government drones',
    })
  })

  it('two engines never both play a session, and an engine that is killed is replaced without a trace', async () => {
    await using nats = await startNats()
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    await until(() => testbed.anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    const slow = { ARENA_PACE_MS: '25' }
    await using one = await startEngine(nats.url, slow)
    await using _two = await startEngine(nats.url, slow)
    const news = ['first', 'second', 'third']
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const spectators = await Promise.all(ids.map((id) => spectate(testbed.wsUrl, id)))
    for (const [seed, id] of ids.entries()) {
      expect((await post(testbed.url, '/init_session', { session_id: id, seed, rounds: 3 })).status).toBe(200)
      for (const content of news) await post(testbed.url, '/submit_news', { session_id: id, content })
    }
    for (const spectator of spectators) await spectator.until('round.start', 2)
    await one.stop('SIGKILL')
    for (const [seed, spectator] of spectators.entries()) {
      await spectator.until('event.end')
      expect(spectator.seen).toEqual(await wholeGame({ seed, rounds: 3, agents: 6 }, news))
      spectator.socket.terminate()
    }
  })

  it('an engine that is told to stop hands its session over at once, and exits 0', async () => {
    await using nats = await startNats()
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    await until(() => testbed.anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    await using one = await startEngine(nats.url, { ARENA_PACE_MS: '20' })
    await using spectator = await spectate(testbed.wsUrl, 'handed-over')
    await post(testbed.url, '/init_session', { session_id: 'handed-over', seed: 3, rounds: 2 })
    for (const content of ['x', 'y']) await post(testbed.url, '/submit_news', { session_id: 'handed-over', content })
    await spectator.until('round.start')
    await using _two = await startEngine(nats.url)
    expect(await one.stop('SIGTERM')).toBe(0)
    await spectator.until('event.end')
    expect(spectator.seen).toEqual(await wholeGame({ seed: 3, rounds: 2, agents: 6 }, ['x', 'y']))
  })

  it('survives ten seconds without nats-server: it says so, refuses cleanly, and goes on without gap or repeat', async () => {
    await using nats = await startNats()
    await using testbed = await openTestbed({ NATS_URL: nats.url })
    const health = () => testbed.anonymous.ops.health.query()
    await until(async () => (await health()).nats_connected)
    await using _engine = await startEngine(nats.url, { ARENA_PACE_MS: '20' })
    const news = ['first', 'second', 'third']
    await using early = await spectate(testbed.wsUrl, 'stopped')
    await post(testbed.url, '/init_session', { session_id: 'stopped', seed: 4, rounds: 3 })
    for (const content of news.slice(0, 2)) await post(testbed.url, '/submit_news', { session_id: 'stopped', content })
    await early.until('round.start', 2)

    await nats.stop()
    const stoppedAt = Date.now()
    await until(async () => (await health()).status === 'degraded')
    expect(await health()).toMatchObject({ bus: 'nats', nats_connected: false, nats_url: nats.url })
    expect((await fetch(`${testbed.url}/health/ready`)).status).toBe(200)
    for (const [path, body] of [
      ['/init_session', { session_id: 'not-now' }],
      ['/submit_news', { session_id: 'stopped', content: 'not now' }],
      ['/arena/stopped/fakenews', { content: 'not now' }],
    ] as const)
      expect(await post(testbed.url, path, body)).toMatchObject({
        status: 503,
        body: { error: { code: 'BUS_UNAVAILABLE' } },
        retryAfter: '1',
      })
    // Nothing of what was refused is left.
    await expect(testbed.anonymous.arena.session.query({ sessionId: 'not-now' })).rejects.toMatchObject({
      data: { tablecast: { code: 'SESSION_NOT_FOUND' } },
    })
    // The rest of the table goes on meanwhile.
    const dm = await testbed.join('Dee', 'owner')
    await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'still here' })
    await using late = await spectate(testbed.wsUrl, 'stopped')
    await late.until('round.start', 2)
    await until(() => Date.now() - stoppedAt > 10_000)

    await nats.start()
    await until(async () => (await health()).status === 'ok')
    await until(
      async () => (await post(testbed.url, '/submit_news', { session_id: 'stopped', content: news[2] })).status === 200,
    )
    for (const spectator of [early, late]) {
      await spectator.until('event.end')
      expect(spectator.seen).toEqual(await wholeGame({ seed: 4, rounds: 3, agents: 6 }, news))
    }
  })

  it('starts without nats-server, serves, and takes games when it comes', async () => {
    const port = await freePort()
    await using testbed = await openTestbed({
      NATS_URL: `nats://127.0.0.1:${port}`,
      ARENA_ENGINE: 'embedded',
      ARENA_PACE_MS: '0',
    })
    expect(await testbed.anonymous.ops.health.query()).toMatchObject({ status: 'degraded', nats_connected: false })
    expect((await post(testbed.url, '/init_session', { session_id: 'early' })).status).toBe(503)
    await using _nats = await startNats({ port })
    await until(
      async () => (await post(testbed.url, '/init_session', { session_id: 'early', rounds: 1 })).status === 200,
    )
    await using spectator = await spectate(testbed.wsUrl, 'early')
    await post(testbed.url, '/submit_news', { session_id: 'early', content: 'x' })
    await spectator.until('event.end')
  })
})

describe('two nodes on one database and one bus', () => {
  it('keep the campaign and the arena in step, whoever is asked, also when the storing node dies', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
      NATS_URL: nats.url,
    }
    await using first = await openTestbed(environment)
    await using second = await openTestbed(environment)
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))

    // A DM on one node, a player on the other.
    const dm = await first.join('Dee', 'owner')
    const player = await second.join('Pia', 'player')
    const client = await player.socket()
    const seqs: number[] = []
    const subscription = client.trpc.campaign.events.subscribe(
      { roomId: 'main' },
      { onData: ({ data }) => seqs.push(data.seq) },
    )
    await until(() => seqs.length === 1)
    for (let n = 0; n < 5; n++)
      await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: `line ${n}` })
    const from = seqs[0] ?? 0
    await until(() => seqs.at(-1) === from + 5)
    expect(seqs).toEqual([0, 1, 2, 3, 4, 5].map((n) => from + n))

    // The hints of a moment are lost; the next one fills the gap from the log.
    await nats.stop()
    await until(() => first.anonymous.ops.health.query().then(({ nats_connected }) => !nats_connected))
    await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'unheard' })
    await nats.start()
    await until(() => seqs.at(-1) === from + 6)
    expect(seqs).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => from + n))
    subscription.unsubscribe()

    // Removed on one node, gone on the other before the next event.
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    const ended: unknown[] = []
    client.trpc.campaign.events.subscribe({ roomId: 'main' }, { onError: ({ data }) => ended.push(data) })
    await until(async () => (await second.anonymous.ops.health.query()).subscribers > 0)
    await dm.http.rooms.kick.mutate({ roomId: 'main', key: newKey(), userId: player.session.userId })
    await until(() => ended.length === 1)
    expect(ended[0]).toMatchObject({ tablecast: { code: 'NOT_A_MEMBER' } })
    await client.close()

    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    await using _engine = await startEngine(nats.url, { ARENA_PACE_MS: '20' })
    await using there = await spectate(second.wsUrl, 'shared')
    expect((await post(first.url, '/init_session', { session_id: 'shared', seed: 8, rounds: 2 })).status).toBe(200)
    await post(second.url, '/submit_news', { session_id: 'shared', content: 'one' })
    await post(first.url, '/submit_news', { session_id: 'shared', content: 'two' })
    await there.until('round.start')
    await first.server.drain()
    await there.until('event.end')
    const expected = await wholeGame({ seed: 8, rounds: 2, agents: 6 }, ['one', 'two'])
    expect(there.seen).toEqual(expected)
    await using late = await spectate(second.wsUrl, 'shared')
    await late.until('event.end')
    expect(late.seen).toEqual(expected)
  })
})

it('an engine without NATS_URL says what it needs', async () => {
  const child = spawn(process.execPath, [engineMain], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (part) => (said += String(part)))
  expect((await once(child, 'exit'))[0]).toBe(1)
  expect(said.trim()).toMatch(/^Configuration: NATS_URL: required.*$/)
})
