import { startPushService, type TestPushService, until } from '@tablecast/testing'
import { pushDeviceId } from '@tablecast/store'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestRoom, type TestRoom } from '../../../testing/real-calls.ts'
import { newKey, openTestbed, type TestUser } from '../../../testing/testbed.ts'

const DELAY_MS = 700
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code
const applied = { epoch: 'e', seq: 1, hash: 'h', transport: 'websocket', visible: true, healed: 0 } as const
const order = ['pc']

let devices = 0

describe('notices on devices', () => {
  let service: TestPushService
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  beforeAll(async () => {
    service = await startPushService()
    const notices = { resolve: service.resolve, delayMs: DELAY_MS }
    testbed = await openTestbed({ PUSH_SERVICES: service.setting }, { notices })
  })
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
  })
  beforeEach(() => service.answerWith((_request, response) => void response.writeHead(201).end()))

  async function subscribe(
    { http }: Pick<TestUser, 'http'>,
    device = service.device(`device-${++devices}`),
    wants: { turn?: boolean; opens?: boolean } = {},
  ) {
    const { subscription } = device
    const input = { key: newKey(), subscription, name: 'A phone', turn: true, opens: false, ...wants }
    const listed = await http.push.subscribe.mutate(input)
    return { ...device, listed: listed.devices, input }
  }
  const edit = ({ users, roomId, campaignId }: TestRoom, current: string | null, baseVersion: number) =>
    users.dm.http.campaign.edit.mutate({
      roomId,
      campaignId,
      key: newKey(),
      baseVersion,
      patch: { turn: { round: 1, order, current } },
    })
  const begin = (room: TestRoom) => edit(room, 'pc', 1)
  const look = ({ roomId }: TestRoom, { http }: TestUser, visible: boolean) =>
    http.presence.set.mutate({ roomId, applied: { ...applied, visible } })
  /** Resolves when the notice of a turn that began now has arrived: notices of earlier turns have gone out by then. */
  async function later() {
    const room = await openTestRoom(testbed)
    const device = await subscribe(room.users.player)
    await begin(room)
    await until(() => device.requests().length === 1)
  }

  it('say that it is a player’s turn, with the room’s name and nothing else, to that player alone', async () => {
    const room = await openTestRoom(testbed)
    const { player, dm, outsider } = room.users
    const phone = await subscribe(player)
    const others = [await subscribe(dm), await subscribe(outsider)]
    await begin(room)
    await until(() => phone.requests().length === 1)
    const silent = await subscribe(player, undefined, { turn: false, opens: true })
    expect(phone.notices()).toEqual([{ kind: 'turn', roomId: room.roomId, room: 'A table' }])
    await later()
    expect([...others, silent].flatMap((device) => device.requests())).toEqual([])
    const { devices: listed } = await player.http.push.devices.query()
    expect(listed.map(({ lastSentAt }) => lastSentAt !== null)).toEqual([true, false])
  })

  it('go to nobody with a visible page, on any device, and to somebody whose pages are hidden', async () => {
    const [seen, hidden] = [await openTestRoom(testbed), await openTestRoom(testbed)]
    const phone = await subscribe(seen.users.player)
    const other = await subscribe(hidden.users.player)
    await Promise.all([begin(seen), begin(hidden)])
    await look(seen, seen.users.player, true)
    // Another device of the same person.
    await look(seen, seen.users.player, false)
    await look(hidden, hidden.users.player, false)
    await until(() => other.requests().length === 1)
    await later()
    expect(phone.requests()).toEqual([])
  })

  it('go to nobody who has left, whose turn is over, or who has turned them off', async () => {
    const [kicked, undone, off] = [
      await openTestRoom(testbed),
      await openTestRoom(testbed),
      await openTestRoom(testbed),
    ]
    const phones = [
      await subscribe(kicked.users.player),
      await subscribe(undone.users.player),
      await subscribe(off.users.player),
    ]
    await Promise.all([begin(kicked), begin(undone), begin(off)])
    const { roomId, campaignId } = undone
    await Promise.all([
      kicked.users.dm.http.rooms.kick.mutate({
        roomId: kicked.roomId,
        key: newKey(),
        userId: kicked.users.player.session.userId,
      }),
      undone.users.dm.http.campaign.undo.mutate({ roomId, campaignId, key: newKey(), step: 2 }),
      off.users.player.http.push.unsubscribe.mutate({ key: newKey(), deviceId: phones[2]?.listed[0]?.id ?? '' }),
    ])
    await later()
    expect(phones.flatMap((phone) => phone.requests())).toEqual([])
  })

  it('come once for a turn that comes, goes and comes again within seconds', async () => {
    const room = await openTestRoom(testbed)
    const phone = await subscribe(room.users.player)
    await begin(room)
    await edit(room, null, 2)
    await edit(room, 'pc', 3)
    await until(() => phone.requests().length === 1)
    await edit(room, null, 4)
    await edit(room, 'pc', 5)
    await later()
    expect(phone.requests()).toHaveLength(1)
  })

  it('say that the table opens, to each member who asked for it and looks elsewhere', async () => {
    const room = await openTestRoom(testbed)
    // The table has opened with the room, and nobody has asked for that.
    await later()
    const { player, dm, owner, outsider } = room.users
    const wants = { turn: false, opens: true }
    const [phone, dms, theirs] = [
      await subscribe(player, undefined, wants),
      await subscribe(dm, undefined, wants),
      await subscribe(outsider, undefined, wants),
    ]
    const turnOnly = await subscribe(player)
    const { roomId, spareId } = room
    const activate = (campaignId: string) => owner.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId })
    await activate(spareId)
    await look(room, dm, true)
    await until(() => phone.requests().length === 1)
    expect(phone.notices()).toEqual([{ kind: 'opens', roomId, room: 'A table' }])
    await activate(room.campaignId)
    await look(room, dm, true)
    await later()
    expect([phone, dms, theirs, turnOnly].map((device) => device.requests().length)).toEqual([1, 0, 0, 0])
  })

  it('reach each member of a full room once, in several reads', async () => {
    const room = await openTestRoom(testbed)
    await later()
    const { roomId, spareId } = room
    const phones = Array.from({ length: 105 }, () => service.device(`device-${++devices}`))
    await testbed.store.write(async ({ rooms, push }) => {
      for (const [n, { subscription }] of phones.entries()) {
        const { endpoint, keys } = subscription
        const member = { userId: `member-${n}`, name: `Member ${n}`, role: 'player' as const, joinedAt: '2026-01-01' }
        await rooms.putMember(roomId, member)
        const { userId, name } = member
        const row = { id: pushDeviceId(endpoint), userId, name, endpoint, ...keys, createdAt: '2026-01-01' }
        await push.put({ ...row, turn: false, opens: true })
      }
    })
    await room.users.dm.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId: spareId })
    await until(() => phones.every((phone) => phone.requests().length > 0))
    await later()
    expect(phones.filter((phone) => phone.requests().length !== 1)).toEqual([])
  })

  it('remove a device that is gone at its service, and no device for any other answer', async () => {
    const rooms = await Promise.all(
      [410, 404, 403, 307, 400].map(async (status) => ({ status, room: await openTestRoom(testbed) })),
    )
    service.answerWith(({ path }, response) => {
      const status = Number(/answers-(\d+)/.exec(path)?.[1] ?? 201)
      response.writeHead(status, { location: `https://${service.host}:${service.port}/redirected` }).end()
    })
    const phones = await Promise.all(
      rooms.map(({ status, room }) => subscribe(room.users.player, service.device(`answers-${status}-${++devices}`))),
    )
    await Promise.all(rooms.map(({ room }) => begin(room)))
    await until(() => phones.every((phone) => phone.requests().length === 1))
    await later()
    const left = await Promise.all(
      rooms.map(async ({ room }) => (await room.users.player.http.push.devices.query()).devices.length),
    )
    expect(left).toEqual([0, 0, 1, 1, 1])
    expect(service.requests.some(({ path }) => path === '/redirected')).toBe(false)
  })

  it('hold no change back while their service says nothing', async () => {
    const room = await openTestRoom(testbed)
    const phone = await subscribe(room.users.player)
    const held: (() => void)[] = []
    service.answerWith((_request, response) => void held.push(() => response.writeHead(201).end()))
    await begin(room)
    await until(() => held.length === 1)
    const { version } = await edit(room, null, 2)
    expect(version).toBe(3)
    held[0]?.()
    await until(async () => (await room.users.player.http.push.devices.query()).devices[0]?.lastSentAt !== null)
    expect(phone.requests()).toHaveLength(1)
  })

  describe('a device', () => {
    it('is of one person, who alone sees and removes it, and changes its notices', async () => {
      const [mine, theirs] = [await testbed.signIn('Mine'), await testbed.signIn('Theirs')]
      const phone = await subscribe(mine)
      const [known] = phone.listed
      expect(known).toMatchObject({ name: 'A phone', turn: true, opens: false, lastSentAt: null })
      const text = JSON.stringify(phone.listed)
      for (const secret of [phone.subscription.endpoint, ...Object.values(phone.subscription.keys)])
        expect(text).not.toContain(secret)
      const deviceId = known?.id ?? ''
      expect(await theirs.http.push.unsubscribe.mutate({ key: newKey(), deviceId })).toEqual({ devices: [] })
      const changed = await subscribe(mine, phone, { opens: true })
      expect(changed.listed).toEqual([{ ...known, opens: true }])
      expect((await subscribe(mine, phone, { turn: false })).listed).toEqual([])
    })

    it('belongs to the next person who uses the same browser', async () => {
      const [before, after] = [await testbed.signIn('Before'), await testbed.signIn('After')]
      const phone = await subscribe(before)
      expect((await subscribe(after, phone)).listed).toHaveLength(1)
      expect((await before.http.push.devices.query()).devices).toEqual([])
    })

    it('is one of five of a person', async () => {
      const person = await testbed.signIn('Collector')
      const first = await subscribe(person)
      const racing = await Promise.allSettled(Array.from({ length: 8 }, () => subscribe(person)))
      expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
      expect(await subscribe(person).catch(codeOf)).toBe('RATE_LIMITED')
      // One that is there can still change.
      expect((await subscribe(person, first, { opens: true })).listed).toHaveLength(5)
    })

    it('may not be at an address that the server must not call', async () => {
      const person = await testbed.signIn('Attacker')
      const { keys } = service.device('x').subscription
      const refused = async (endpoint: string, given = keys) => {
        const input = { key: newKey(), name: 'X', turn: true, opens: true }
        return person.http.push.subscribe
          .mutate({ ...input, subscription: { endpoint, keys: given } })
          .then(() => 'OK', codeOf)
      }
      const before = service.requests.length
      for (const endpoint of [
        `https://${service.host}/send/x`,
        `https://${service.host}:${service.port + 1}/`,
        `https://user:word@${service.host}:${service.port}/`,
        'https://127.0.0.1/',
        'https://169.254.169.254/latest/meta-data/',
        'https://[::1]/',
        'https://localhost/',
        'https://fcm.googleapis.com/fcm/send/x',
      ])
        expect([endpoint, await refused(endpoint)]).toEqual([endpoint, 'BAD_REQUEST'])
      const own = `https://${service.host}:${service.port}/`
      expect(await refused(`http://${service.host}/`)).toBe('VALIDATION_FAILED')
      expect(await refused(own.padEnd(1_025, 'x'))).toBe('VALIDATION_FAILED')
      expect(await refused(own, { ...keys, p256dh: `B${'A'.repeat(86)}` })).toBe('BAD_REQUEST')
      expect(service.requests.length).toBe(before)
    })

    it('renews its address by the secret of the old one alone', async () => {
      const person = await testbed.signIn('Renewer')
      const phone = await subscribe(person)
      const next = service.device(`renewed-${++devices}`)
      const { endpoint, keys } = phone.subscription
      const renew = (auth: string) =>
        testbed.anonymous.push.renew.mutate({ old: { endpoint, auth }, subscription: next.subscription })
      const idOf = async () => (await person.http.push.devices.query()).devices.map(({ id }) => id)
      const [before] = await idOf()
      expect(await renew('A'.repeat(22))).toEqual({ ok: true })
      expect(await idOf()).toEqual([before])
      expect(await renew(keys.auth)).toEqual({ ok: true })
      const after = await idOf()
      expect(after).toHaveLength(1)
      expect(after[0]).not.toBe(before)
      // A repeat finds nothing to do.
      expect(await renew(keys.auth)).toEqual({ ok: true })
      expect(await idOf()).toEqual(after)
      const [row] = await testbed.store.read(({ push }) => push.list(person.session.userId))
      expect(row).toMatchObject({ ...next.subscription.keys, endpoint: next.subscription.endpoint, turn: true })
    })
  })

  it('use keys that the first start makes and the next ones keep, and that no answer holds', async () => {
    const stored = await testbed.store.read(({ push }) => push.keys())
    const person = await testbed.signIn('Reader')
    const config = await person.http.push.config.query()
    expect(config.key).toBe(stored?.publicKey)
    expect(JSON.stringify(config)).not.toContain(stored?.privateKey)
    await testbed.store.write(({ push }) => push.addKeys({ publicKey: 'other', privateKey: 'other' }, '2026-01-01'))
    expect(await testbed.store.read(({ push }) => push.keys())).toEqual(stored)
  })

  it('are not sent where the operator has turned them off', async () => {
    await using off = await openTestbed({ PUSH_SERVICES: 'off' }, { notices: { delayMs: 10 } })
    const person = await off.signIn('Nobody')
    expect(await person.http.push.config.query()).toEqual({ key: null, reached: null })
    expect(await subscribe(person).catch(codeOf)).toBe('BAD_REQUEST')
    expect(await off.store.read(({ push }) => push.keys())).toBeNull()
  })

  it('leave one line in the log when no service can be reached, and say so to the page', async () => {
    const lines: string[] = []
    await using cut = await openTestbed(
      { PUSH_SERVICES: service.setting, LOG_LEVEL: 'info' },
      {
        notices: {
          resolve: () => Promise.reject(Object.assign(new Error('no way out'), { code: 'ETIMEOUT' })),
          delayMs: 10,
        },
        logTo: { write: (line) => void lines.push(line) },
      },
    )
    const rooms = [await openTestRoom(cut), await openTestRoom(cut)]
    for (const room of rooms) await subscribe(room.users.player)
    for (const room of rooms) await begin(room)
    const { http } = rooms[0]?.users.player ?? cut.withToken('')
    await until(async () => (await http.push.config.query()).reached === false)
    const failures = () =>
      cut.server.metrics.registry
        .metrics()
        .then((text) => /push_failures_total\{.*unreachable.*\} (\d)/.exec(text)?.[1])
    await until(async () => (await failures()) === '2')
    expect(lines.filter((line) => line.includes('no push service can be reached'))).toHaveLength(1)
    expect(lines.join('')).not.toContain('/send/device')
  })
})
