// The commands on a SQLite database, each as it is typed.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { keepPictures, openMediaStore } from '@tablecast/media'
import type { PictureOperation } from '@tablecast/contracts'
import { parseConfig } from '@tablecast/server/admin'
import { newKey, openTestbed } from '@tablecast/server/testing/testbed'
import type { PictureRow } from '@tablecast/store'
import { inherited, temporaryFolder } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { commands } from './commands/index.ts'
import { addresses } from './doctor/addresses.ts'
import { dataDir, node, openFiles } from './doctor/machine.ts'
import { examine } from './doctor/doctor.ts'
import { admin, AdminHost, adminMain, adminProcess } from './testing/admin.ts'

describe('a table beside its server', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let environment: Record<string, string>
  let beside: AdminHost
  beforeAll(async () => {
    testbed = await openTestbed({ COMPAT_AUTH: 'token' })
    environment = { DATA_DIR: testbed.folder, PORT: String(testbed.server.port) }
    beside = new AdminHost()
  })
  afterAll(() => {
    beside[Symbol.dispose]()
    return testbed[Symbol.asyncDispose]()
  })

  it('the command invite gives a DM a new link, and writes that to the room’s trail', async () => {
    const refused = await adminProcess(environment, 'invite', 'nowhere')
    expect(refused).toMatchObject({ code: 1, said: '' })
    expect(refused.noted).toMatch(/^there is no room nowhere/)
    const { code, said } = await beside.run({ ...environment, PUBLIC_URL: 'https://table.example' }, 'invite', 'main')
    expect(code).toBe(0)
    const [, invite = ''] = /^https:\/\/table\.example\/join\/([\w-]{24})\n$/.exec(said) ?? []
    const dm = await testbed.signIn('Dee')
    expect(await dm.http.rooms.join.mutate({ key: 'join-by-new-link', code: invite })).toMatchObject({ role: 'dm' })
    const trail = await testbed.store.read(({ audit }) => audit.page('main', { limit: 50 }))
    expect(trail.events).toContainEqual(
      expect.objectContaining({ kind: 'invite_rotated', actorId: 'operator', detail: { role: 'dm' } }),
    )
    expect(await admin(environment, 'invite', 'main', '--role', 'king')).toMatchObject({ code: 2 })
    expect(await admin(environment, 'invite', 'main', '--uses', '0')).toMatchObject({ code: 2 })
  })

  it('the command rooms lists the rooms; control characters in a name do not reach the terminal', async () => {
    await testbed.store.write(({ rooms }) =>
      rooms.insert({ id: 'odd', name: 'Red \u001B[31m\u202Eroom', activeCampaignId: null, createdAt: '' }),
    )
    const { said } = await beside.run(environment, 'rooms')
    expect(said).toMatch(/^id +name +owner/)
    expect(said).toMatch(/^main +The sample table .* kB$/m)
    expect(said).toContain('Red ·[31m·room')
    const listed = JSON.parse((await beside.run(environment, 'rooms', '--json')).said) as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual(['main', 'odd'])
  })

  it('a new key works at once, and its connections end when it is revoked', async () => {
    const rights = ['--publish', 'orders.*', '--subscribe', 'orders.*']
    const made = await beside.run(environment, 'create-key', '--name', 'A bot', ...rights)
    const key = made.said.trim()
    const [, id = ''] = /^tck_([A-Za-z0-9]{12})_[\w-]{43}$/.exec(key) ?? []
    expect(made.noted).toContain(id)
    const socket = new WebSocket(`${testbed.wsUrl}/ws`, { headers: { authorization: `Bearer ${key}` } })
    const answered = once(socket, 'message')
    await once(socket, 'open')
    socket.send('{"type":"ping","request_id":"1"}')
    await answered
    const listed = await beside.run(environment, 'list-keys')
    expect(listed.said).toMatch(new RegExp(`^${id} +A bot +operator .* good +publish\\+subscribe orders\\.\\*$`, 'm'))
    const asJson = (await beside.run(environment, 'list-keys', '--json')).said
    for (const text of [listed.said, asJson]) expect(text).not.toContain(key.slice(17))
    expect(asJson).not.toContain('hash')
    const closed = once(socket, 'close')
    expect(await beside.run(environment, 'revoke-key', id)).toMatchObject({ code: 0 })
    expect((await closed)[0]).toBe(4501)
    expect((await beside.run(environment, 'list-keys')).said).toMatch(new RegExp(`^${id} .* revoked 2`, 'm'))
    expect(await beside.run(environment, 'revoke-key', 'nothing')).toMatchObject({ code: 1 })
    expect(await admin(environment, 'create-key', '--name', 'x')).toMatchObject({ code: 2 })
    expect(await admin(environment, 'create-key', '--name', 'x', '--publish', '>')).toMatchObject({ code: 2 })
  })

  it('a backup brings the pictures along, unless the operator leaves them out', async () => {
    await using folder = await temporaryFolder()
    const content = Buffer.from('RIFF of a picture'.repeat(40_000))
    const hash = createHash('sha256').update(content).digest('hex')
    const { store } = testbed
    for (const variant of ['96', '640', '2560'] as const)
      await openMediaStore(store, { dataDir: testbed.folder }).put(hash, variant, content)
    await store.write(({ pictures }) => pictures.insert('main', pictureRow('chapel', hash)))
    const dataOf = (name: string) => ({ DATA_DIR: join(folder.path, name) })
    const heldBy = async (name: string) => {
      const file = join(folder.path, name, 'media', hash.slice(0, 2), `${hash}-640.webp`)
      return existsSync(file) ? (await readFile(file)).equals(content) : null
    }
    const [whole, bare] = [join(folder.path, 'whole.backup'), join(folder.path, 'bare.backup')]
    const { length } = await store.read(({ pictures }) => pictures.list('main'))
    expect((await adminProcess(environment, 'backup', whole)).said).toContain(`${length} pictures`)
    expect(await adminProcess(environment, 'backup', '--no-media', bare)).toMatchObject({ code: 0 })
    expect(await adminProcess(dataOf('all'), 'restore', whole)).toMatchObject({ code: 0 })
    expect(await heldBy('all')).toBe(true)
    const restored = await adminProcess(dataOf('none'), 'restore', bare)
    expect([restored.code, restored.noted]).toEqual([0, expect.stringContaining('no content of pictures')])
    expect(await heldBy('none')).toBeNull()
    expect(await adminProcess(dataOf('also none'), 'restore', '--no-media', whole)).toMatchObject({ code: 0 })
    expect(await heldBy('also none')).toBeNull()
    // A backup keeps pictures from being deleted while it runs, and not longer.
    expect(await store.read(({ leases }) => leases.isHeld('pictures-kept:'))).toBe(false)
    await store.write(({ pictures }) => pictures.remove('main', ['chapel']))
  })

  it('the doctor finds the journal sound after pictures were shown, hidden and taken back', async () => {
    const dm = await testbed.join('Olga', 'owner')
    const [campaign] = (await dm.http.campaign.list.query({ roomId: 'main' })).campaigns
    const request = () => ({ roomId: 'main', campaignId: campaign?.id ?? '', key: newKey() })
    const operate = (operation: PictureOperation) => dm.http.pictures.operate.mutate({ ...request(), operation })
    await operate({ type: 'show', id: 'tide-table', to: 'nobody' })
    await operate({ type: 'show', id: 'tide-table', to: 'everyone' })
    await operate({ type: 'setScenePicture', picture: null })
    await dm.http.campaign.undo.mutate(request())
    expect((await beside.run(environment, 'doctor')).said).toMatch(/^ok {4}folds /m)
  })

  it('the doctor names pictures whose content is missing', async () => {
    const { store } = testbed
    await store.write(({ pictures }) => pictures.insert('main', pictureRow('lost', 'ab'.repeat(32))))
    const { code, said } = await beside.run(environment, 'doctor')
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/^warn {2}picture content +the content of 1 .*main\/lost$/m),
    ])
    await store.write(({ pictures }) => pictures.remove('main', ['lost']))
    expect((await beside.run(environment, 'doctor')).said).toMatch(/^ok {4}picture content +\d+ pictures/m)
  })

  it('the command media lists the pictures of rooms, and removes unused ones with --clean', async () => {
    const { store } = testbed
    const content = Buffer.from('an old picture')
    const hash = createHash('sha256').update(content).digest('hex')
    const media = openMediaStore(store, { dataDir: testbed.folder })
    await media.put(hash, '640', content)
    const before = await store.read(({ pictures }) => pictures.list('main'))
    await store.write(({ pictures }) =>
      pictures.insert('main', {
        ...pictureRow('old', hash),
        bytes: 14_000_000,
        unusedSince: '2026-01-01T00:00:00.000Z',
      }),
    )
    const listed = (await beside.run(environment, 'media')).said
    expect(listed).toMatch(/^id +name +pictures +unused +size$/m)
    const megabytes = (before.reduce((sum, { bytes }) => sum + bytes, 14_000_000) / 1_000_000).toFixed(1)
    expect(listed).toMatch(new RegExp(`^main +The sample table +${before.length + 1} +1 +${megabytes} MB$`, 'm'))
    const { rooms } = JSON.parse((await beside.run(environment, 'media', '--json')).said) as { rooms: object[] }
    expect(rooms).toMatchObject([{ roomId: 'main', pictures: before.length + 1, unused: 1 }])
    {
      await using _kept = await keepPictures(store)
      const paused = await beside.run(environment, 'media', '--clean')
      expect([paused.code, paused.noted]).toEqual([1, expect.stringContaining('A backup or a restore runs')])
    }
    expect((await beside.run(environment, 'media', '--clean', '--days', '9999')).noted).toMatch(/^0 pictures/)
    expect((await beside.run(environment, 'media', '--clean')).noted).toMatch(/^1 pictures/)
    expect(await store.read(({ pictures }) => pictures.list('main'))).toEqual(before)
    expect(await admin(environment, 'media', '--days', '3')).toMatchObject({ code: 2 })
    expect(await admin(environment, 'media', '--clean', '--days', 'soon')).toMatchObject({ code: 2 })
  })

  it('a command ends silently when the reader of its output closes the pipe', async () => {
    const script = `'${process.execPath}' '${adminMain}' backup - | head -c 2 | wc -c`
    const env = { ...inherited(), ...environment }
    const { stdout, stderr } = await promisify(execFile)('/bin/sh', ['-c', script], { env })
    expect([stdout.trim(), stderr.replace(/^.*SESSION_SECRET.*\n|^-: .*\n/gm, '')]).toEqual(['2', ''])
  })

  it('a backup is readable by its owner only, and is complete or absent', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'table.backup')
    await writeFile(file, 'an older one')
    expect(await adminProcess(environment, 'backup', file)).toMatchObject({ code: 0 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const secret = await readFile(join(testbed.folder, 'session-secret'), 'utf8')
    expect(await readFile(file, 'latin1')).not.toContain(secret.trim())
    expect(await adminProcess(environment, 'restore', file)).toMatchObject({ code: 1 })
    expect(await adminProcess({ DATA_DIR: join(folder.path, 'other') }, 'restore', file)).toMatchObject({ code: 0 })
    const third = join(folder.path, 'third')
    const missing = await adminProcess({ DATA_DIR: third }, 'restore', `${file}x`)
    expect(missing).toMatchObject({ code: 1, noted: expect.stringMatching(/^.*ENOENT.*\n?$/) as string })
    expect(existsSync(third)).toBe(false)
    expect(await adminProcess(environment, 'backup', join(folder.path, 'no', 'such'))).toMatchObject({ code: 1 })
    expect(await adminProcess({ DATA_DIR: folder.path }, 'backup', join(folder.path, 'empty'))).toMatchObject({
      code: 1,
    })
    const { said } = await beside.run({ DATA_DIR: join(folder.path, 'other') }, 'rooms')
    expect(said).toContain('The sample table')
  })

  it('the command prune deletes at once the rows that the server deletes every hour', async () => {
    await testbed.store.write(({ streams }) => streams.append('room:odd:dm', '2020-01-01T00:00:00.000Z', () => '{}'))
    expect((await beside.run(environment, 'prune')).said).toBe('1 events, 0 answers and 0 pictures are gone\n')
  })

  it('the doctor finds a healthy table healthy', async () => {
    const { code, said } = await beside.run(environment, 'doctor')
    expect(said).toMatch(/^warn {2}owners +broken: odd/m)
    expect(said).toMatch(/^ok {4}port .* Tablecast .* runs there/m)
    expect(code).toBe(0)
  })
})

describe('the command line', () => {
  it.each(Object.keys(commands))('%s lists its options with --help', async (name) => {
    const { code, said } = await admin({}, name, '--help')
    expect(code).toBe(0)
    for (const flag of Object.keys(commands[name]?.flags ?? {})) expect(said).toContain(`--${flag}`)
  })

  it.each([
    [['nonsense'], 2],
    [['__proto__'], 2],
    [['backup'], 2],
    [['backup', 'a', 'b'], 2],
    [['rooms', '--yaml'], 2],
    [['--help'], 0],
    [[], 0],
  ])('%j ends with %i', async (typed, code) => {
    expect((await admin({}, ...typed)).code).toBe(code)
  })
})

describe('the doctor', () => {
  const stateOf = async (environment: Record<string, string>, check: string) => {
    await using folder = await temporaryFolder()
    const findings = await examine({ DATA_DIR: folder.path, PORT: '0', ...environment })
    return findings.find((finding) => finding.check === check)
  }

  it.each([
    ['configuration', { PORT: 'eighty' }, 'fail', /^PORT: /],
    ['configuration', { DATABASE_URL: 'mysql://x' }, 'fail', /^DATABASE_URL: /],
    ['configuration', { ALLOWED_ORIGINS: 'https://table.example/page' }, 'fail', /^ALLOWED_ORIGINS: /],
    ['configuration', { PUBLIC_URL: 'https://table.example/play' }, 'fail', /^PUBLIC_URL: /],
  ])('%s with %j: %s', async (check, environment, state, found) => {
    const finding = await stateOf(environment, check)
    expect(finding).toMatchObject({ state, found: expect.stringMatching(found) as string })
  })

  it.each([
    ['public address', { PUBLIC_URL: 'http://127.0.0.1:8000', HOST: '0.0.0.0' }, 'warn', /127/],
    ['proxies', { PUBLIC_URL: 'https://table.example' }, 'warn', /without TRUSTED_PROXIES/],
    ['proxies', { PUBLIC_URL: 'https://table.example', TRUSTED_PROXIES: 'loopback' }, 'ok', /loopback/],
  ])('%s with %j: %s', (name, environment, state, found) => {
    const finding = addresses(parseConfig(environment)).find(({ check }) => check === name)
    expect(finding).toMatchObject({ state, found: expect.stringMatching(found) as string })
  })

  it('finds each mistake of a configuration that has several, and tells no password', async () => {
    await using folder = await temporaryFolder()
    const findings = await examine({
      DATA_DIR: folder.path,
      PORT: '0',
      ALLOWED_ORIGINS: 'https://table.example/',
      PUBLIC_URL: 'http://table.example',
      NATS_URL: 'nats://me:hush@127.0.0.1:1',
      REDIS_URL: 'redis://me:hush@127.0.0.1:1',
      MAX_SOCKETS: '1000000',
    })
    for (const [check, state, found] of [
      ['origins', 'ok', /^1 more for sockets/],
      ['public address', 'warn', /table/],
      ['database', 'warn', /no database/],
      ['nats', 'fail', /^nats:\/\/127/],
      ['redis', 'fail', /^redis:\/\/127/],
      ['open files', 'warn', /MAX_SOCKETS/],
    ] as const)
      expect(findings).toContainEqual(
        expect.objectContaining({ check, state, found: expect.stringMatching(found) as string }),
      )
    expect(JSON.stringify(findings)).not.toContain('hush')
  })

  it('the doctor creates no database where there is none', async () => {
    await using folder = await temporaryFolder()
    const nowhere = join(folder.path, 'not', 'yet')
    const findings = await examine({ DATA_DIR: nowhere, PORT: '0' })
    expect(findings).toContainEqual({
      check: 'data directory',
      state: 'ok',
      found: `${nowhere}: not there yet, the first start makes it`,
    })
    expect(findings.find(({ check }) => check === 'disk')?.found).toMatch(/free$/)
    expect(existsSync(join(folder.path, 'not'))).toBe(false)
  })

  it('the doctor reports an unreachable database without its password', async () => {
    const unreachable = { DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/x', SESSION_SECRET: 'x'.repeat(40) }
    const { code, said } = await admin({ ...unreachable, PORT: '0' }, 'doctor', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(said)).toContainEqual(expect.objectContaining({ check: 'database', state: 'fail' }))
    expect(said).not.toContain('hush')
    expect(said).not.toContain('xxxx')
  })

  it('the doctor reports a port that another program uses', async () => {
    const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const taken = typeof address === 'object' && address ? String(address.port) : ''
    expect(await stateOf({ PORT: taken }, 'port')).toMatchObject({ state: 'fail' })
    other.close()
  })

  it('the doctor reads a picture, and looks for the place of pictures', async () => {
    await using folder = await temporaryFolder()
    const settings = { DATA_DIR: folder.path, MEDIA_MIN_FREE_BYTES: '0' }
    expect(await stateOf(settings, 'pictures')).toEqual({
      check: 'pictures',
      state: 'ok',
      found: 'reads pictures: 2 × 2 pixels',
    })
    expect(await stateOf(settings, 'picture folder')).toMatchObject({ state: 'ok' })
    expect(await stateOf(settings, 'picture space')).toMatchObject({ state: 'ok' })
    const greedy = { ...settings, MEDIA_MIN_FREE_BYTES: String(2 ** 40) }
    expect(await stateOf(greedy, 'picture space')).toMatchObject({ state: 'warn' })
    expect(await stateOf({ ...settings, UPLOADS: 'off' }, 'pictures')).toMatchObject({ state: 'ok' })
    await writeFile(join(folder.path, 'media'), 'a file in place of the folder')
    expect(await stateOf(settings, 'picture folder')).toMatchObject({ state: 'fail' })
  })

  it('the doctor checks the machine', async () => {
    expect(node('v20.1.0').state).toBe('fail')
    expect(node('v24.21.0').state).toBe('ok')
    await using folder = await temporaryFolder()
    const limits = join(folder.path, 'limits')
    await writeFile(
      limits,
      'Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 4096                 files\n',
    )
    expect((await openFiles(10_000, limits)).state).toBe('warn')
    expect((await openFiles(500, limits)).state).toBe('ok')
    expect((await dataDir(folder.path, process.getuid?.())).state).toBe('ok')
    expect((await dataDir(folder.path, 12_345)).state).toBe('warn')
    expect((await dataDir(limits, process.getuid?.())).state).toBe('fail')
    await writeFile(join(folder.path, 'session-secret'), 'x')
    await chmod(join(folder.path, 'session-secret'), 0o644)
    expect(await stateOf({ DATA_DIR: folder.path }, 'session secret')).toMatchObject({ state: 'warn' })
  })
})

const pictureRow = (id: string, hash: string): PictureRow => ({
  id,
  hash,
  width: 640,
  height: 640,
  thumbhash: '',
  bytes: 1,
  uploadedBy: 'u',
  createdAt: '2026-01-01T00:00:00.000Z',
  unusedSince: null,
  tileLevels: null,
})
