// The server as a process: configuration, health and drain.
import { once } from 'node:events'
import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@tablecast/store'
import { freePort, startPostgres, temporaryFolder } from '@tablecast/testing'
import { WebSocket } from 'ws'
import { describe, expect, it } from 'vitest'
import { lanAddresses } from '../lan.ts'
import { startProcess as start } from '../testing/process.ts'
import { httpClient, newKey, openTestbed, socketClient, until } from '../testing/testbed.ts'

describe('the server process', () => {
  it('prints an invite link, is healthy, and drains on SIGTERM with exit code 0', async () => {
    await using folder = await temporaryFolder()
    const port = await freePort()
    const server = start({ PORT: String(port), DATA_DIR: folder.path })
    await until(() => server.output().includes('ready at'))
    expect(server.output()).toMatch(new RegExp(`http://127\\.0\\.0\\.1:${port}/join/[\\w-]{24}`))
    for (const method of ['GET', 'POST'])
      expect(await (await fetch(`http://127.0.0.1:${port}/health`, { method })).json()).toMatchObject({
        status: 'ok',
        service: 'tablecast',
        bus: 'memory',
        nats_connected: false,
        redis_connected: false,
        database: 'sqlite',
        connections: 0,
      })
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/campaign/player`)
    await once(socket, 'message')
    const closed = once(socket, 'close')
    server.child.kill('SIGTERM')
    expect((await closed)[0]).toBe(1012)
    expect(await server.exited).toEqual([0, null])
  })

  it('says that the first DM link works once, and then prints the link for more DMs', async () => {
    const ONCE = 'The DM link works once: it makes the first person who opens it the owner of the table.'
    await using folder = await temporaryFolder()
    const environment = { PORT: '0', DATA_DIR: folder.path }
    const first = start(environment)
    await until(() => first.output().includes('Stop with Ctrl-C'))
    expect(first.output()).toContain(ONCE)
    const [, url = '', code = ''] = /as DM +(http\S+)\/join\/([\w-]+)/.exec(first.output()) ?? []
    const { token } = await httpClient(url).auth.guest.mutate({ name: 'Olga' })
    const join = () => httpClient(url, token).rooms.join.mutate({ key: newKey(), code })
    expect(await join()).toMatchObject({ role: 'owner' })
    await expect(join()).rejects.toMatchObject({ data: { tablecast: { code: 'INVITE_NOT_FOUND' } } })
    first.child.kill('SIGTERM')
    await first.exited
    const second = start(environment)
    await until(() => second.output().includes('Stop with Ctrl-C'))
    expect(second.output()).not.toContain(ONCE)
    expect(second.output()).not.toContain(code)
    expect(second.output()).toMatch(/as DM +http/)
    second.child.kill('SIGTERM')
    await second.exited
  })

  it('names the port that is in use', async () => {
    await using folder = await temporaryFolder()
    await using other = await openTestbed()
    const server = start({ DATA_DIR: folder.path, PORT: String(other.server.port) })
    expect((await server.exited)[0]).toBe(1)
    expect(server.output()).toContain(`Configuration: PORT: ${other.server.port} is in use`)
  })

  it.each([
    ['::', '[::1]'],
    ['::1', '[::1]'],
    ['localhost', '(127\\.0\\.0\\.1|\\[::1\\])'],
    ['0.0.0.0', '127\\.0\\.0\\.1'],
  ])('prints a working address with HOST=%s, and accepts sockets of pages of that origin', async (HOST, printed) => {
    await using folder = await temporaryFolder()
    const server = start({ HOST, PORT: '0', DATA_DIR: folder.path })
    await until(() => server.output().includes('ready at'))
    const [, url = ''] = /ready at {2}(\S+)/.exec(server.output()) ?? []
    expect(url).toMatch(new RegExp(`^http://${printed.replace(/^\[::1\]$/, '\\[::1\\]')}:\\d+$`))
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc`, { origin: url })
    await once(socket, 'open')
    socket.terminate()
    server.child.kill('SIGTERM')
    expect(await server.exited).toEqual([0, null])
  })

  it('lets the local network in with --lan, whatever HOST says', async () => {
    await using folder = await temporaryFolder()
    const environment = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder.path }
    const server = start(environment, undefined, { arguments: ['--lan'] })
    await until(() => server.output().includes('ready at'))
    const [, port = ''] = /ready at {2}http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output()) ?? []
    for (const address of lanAddresses('0.0.0.0')) {
      expect(server.output()).toContain(`on the local network   http://${address}:${port}`)
      expect((await fetch(`http://${address}:${port}/health`)).status).toBe(200)
    }
    server.child.kill('SIGTERM')
    expect(await server.exited).toEqual([0, null])
  })

  it('refuses a second process on the same data directory with one clear line', async () => {
    await using folder = await temporaryFolder()
    const first = start({ PORT: '0', DATA_DIR: folder.path })
    await until(() => first.output().includes('ready at'))
    const second = start({ PORT: '0', DATA_DIR: folder.path })
    expect((await second.exited)[0]).toBe(1)
    expect(second.output()).toMatch(/in use by another Tablecast process/)
    first.child.kill('SIGKILL')
    await first.exited
    const third = start({ PORT: '0', DATA_DIR: folder.path })
    await until(() => third.output().includes('ready at'))
    third.child.kill('SIGTERM')
    await third.exited
  })

  it('refuses to start on an empty database where it had one before, and says that the database is gone', async () => {
    await using folder = await temporaryFolder()
    const first = start({ PORT: '0', DATA_DIR: folder.path })
    await until(() => first.output().includes('ready at'))
    expect(first.output()).toContain(`The database is new: SQLite in ${folder.path}.`)
    first.child.kill('SIGKILL')
    await first.exited
    for (const lose of [
      () => truncateSync(join(folder.path, 'tablecast.sqlite')),
      () => rmSync(join(folder.path, 'tablecast.sqlite')),
    ]) {
      lose()
      const again = start({ PORT: '0', DATA_DIR: folder.path })
      expect((await again.exited)[0]).toBe(1)
      expect(again.output().trim().split('\n')).toEqual([
        expect.stringMatching(/could not start: .*is gone or empty.*restore a backup.*has-database/),
      ])
    }
    rmSync(join(folder.path, 'has-database'))
    const fresh = start({ PORT: '0', DATA_DIR: folder.path })
    await until(() => fresh.output().includes('The database is new'))
    fresh.child.kill('SIGTERM')
    expect(await fresh.exited).toEqual([0, null])
    const known = start({ PORT: '0', DATA_DIR: folder.path })
    await until(() => known.output().includes('Stop with Ctrl-C'))
    expect(known.output()).not.toContain('The database is new')
    known.child.kill('SIGTERM')
    await known.exited
  })

  it.each([
    ['PORT', 'eighty'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_URL', 'mysql://x'],
    ['COMPAT_AUTH', 'maybe'],
    ['SESSION_SECRET', 'short'],
    ['HOST', 'not a host'],
    ['HOST', '300.1.2.3'],
    ['HOST', '203.0.113.7'],
    ['HOST', 'no-such-host.invalid'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'https://table.example/page'],
    ['CORS_ORIGINS', '*,https://table.example'],
    ['CORS_ORIGINS', 'table.example'],
    ['PUBLIC_URL', 'https://table.example/tablecast'],
    ['PUBLIC_URL', 'https://table.example/?a=b'],
  ])('stops with one line that names the variable in %s=%s', async (name, value) => {
    await using folder = await temporaryFolder()
    const server = start({ DATA_DIR: folder.path, PORT: '0', [name]: value })
    expect((await server.exited)[0]).toBe(1)
    expect(server.output().trim().split('\n')).toEqual([expect.stringContaining(`Configuration: ${name}:`)])
  })
})

describe('a server on PostgreSQL', () => {
  it('answers pending calls before it exits, and is not ready while it closes its sockets', async () => {
    await using postgres = await startPostgres()
    await using folder = await temporaryFolder()
    const databaseUrl = await postgres.createDatabase()
    const port = await freePort()
    const server = start({
      PORT: String(port),
      DATA_DIR: folder.path,
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: 'a secret that is long enough for a test',
    })
    await until(() => server.output().includes('ready at'))
    const url = `http://127.0.0.1:${port}`
    const socketUrl = url.replace(/^http/, 'ws')
    const { token } = await httpClient(url).auth.guest.mutate({ name: 'Dee' })
    const dm = httpClient(url, token)
    const { sample } = await dm.auth.config.query()
    await dm.rooms.join.mutate({ key: newKey(), code: sample?.ownerCode ?? '' })
    await using client = socketClient(`${socketUrl}/trpc`, token)
    const plain = [1, 2, 3].map(() => new WebSocket(`${socketUrl}/ws/campaign/player`))
    await Promise.all(plain.map((socket) => once(socket, 'message')))
    const closed = plain.map((socket) => once(socket, 'close'))

    // Another process holds the room's lock, so calls that change the room wait until it releases the lock.
    await using other = await openStore({ databaseUrl, dataDir: folder.path })
    const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = other.write(async ({ rooms }) => {
      await rooms.lock('main')
      held.resolve()
      await released.promise
    })
    await held.promise
    const answers = [dm, client.trpc].map((trpc, n) =>
      trpc.campaign.say.mutate({ roomId: 'main', key: newKey(), message: `word ${n}` }),
    )
    await client.trpc.campaign.list.query({ roomId: 'main' })
    await dm.campaign.list.query({ roomId: 'main' })
    server.child.kill('SIGTERM')
    await until(async () => (await fetch(`${url}/health/ready`)).status === 503)
    const late = new WebSocket(`${socketUrl}/ws/campaign/player`)
    const [refused] = (await once(late, 'error')) as [Error]
    expect(refused.message).toContain('503')
    expect((await Promise.all(closed)).map(([code]) => code as number)).toEqual([1012, 1012, 1012])
    released.resolve()
    await holding
    const seqs = (await Promise.all(answers)).map(({ seq }) => seq)
    expect(new Set(seqs)).toEqual(new Set([2, 3]))
    expect(await server.exited).toEqual([0, null])
  })

  it('carries out calls, and answers 503 and degraded while the database is down', async () => {
    const postgres = await startPostgres()
    await using testbed = await openTestbed({
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
    })
    try {
      const dm = await testbed.join('Dee', 'owner')
      expect(await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'hello' })).toMatchObject({
        seq: 2,
      })
      expect(await testbed.anonymous.ops.health.query()).toMatchObject({ status: 'ok', database: 'postgres' })
      await postgres[Symbol.asyncDispose]()
      expect(await testbed.anonymous.ops.health.query()).toMatchObject({ status: 'degraded' })
      expect((await fetch(`${testbed.url}/health/ready`)).status).toBe(503)
      await expect(
        dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'anyone?' }),
      ).rejects.toMatchObject({ data: { httpStatus: 503, tablecast: { code: 'UNAVAILABLE' } } })
    } finally {
      await postgres[Symbol.asyncDispose]()
    }
  })
})
