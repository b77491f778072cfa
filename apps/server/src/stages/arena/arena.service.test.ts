// The arena over a real nats-server, with each engine as a separate process.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { freePort, inherited, startNats, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed } from '../../testing/testbed.ts'
import { engineMain, post, spectate, startEngine, wholeGame } from './testing.ts'

const curl = async (...args: string[]) =>
  JSON.parse((await promisify(execFile)('curl', ['-s', ...args])).stdout) as unknown

describe('the arena over NATS', () => {
  it('a game runs as the document describes, with curl, a plain socket, and an engine process that starts last', async () => {
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
    const subjects = new Set(spectator.seen.map(({ subject }) => subject.replace(/^agent\.[^.]+/, 'agent.<aid>')))
    expect(subjects).toEqual(
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

  it('each game has one of two engines, and spectators see no trace when one engine is killed and the other takes over', async () => {
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
      expect(spectator.seen).toEqual(wholeGame({ seed, rounds: 3, agents: 6 }, news))
      spectator.socket.terminate()
    }
  })

  it('an engine that gets SIGTERM hands its game over at once and exits with 0', async () => {
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
    expect(spectator.seen).toEqual(wholeGame({ seed: 3, rounds: 2, agents: 6 }, ['x', 'y']))
  })

  it('ten seconds without nats-server show in /health, refuse changes with 503, and leave no gap or repeat in a game', async () => {
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
    // The refused start left no game behind.
    await expect(testbed.anonymous.arena.session.query({ sessionId: 'not-now' })).rejects.toMatchObject({
      data: { tablecast: { code: 'SESSION_NOT_FOUND' } },
    })
    // Campaigns still work meanwhile.
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
      expect(spectator.seen).toEqual(wholeGame({ seed: 4, rounds: 3, agents: 6 }, news))
    }
  })

  it('a server starts without nats-server, refuses games with 503, and plays them once nats-server is there', async () => {
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

it('an engine without NATS_URL exits with 1 and names the missing setting', async () => {
  const child = spawn(process.execPath, [engineMain], {
    env: inherited(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  child.stderr.on('data', (part) => (output += String(part)))
  expect((await once(child, 'exit'))[0]).toBe(1)
  expect(output.trim()).toMatch(/^Configuration: NATS_URL: required.*$/)
})
