import type { RoomDetails } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey, openTestbed, type TestUser, until } from '../testing/testbed.ts'

const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

describe('a room', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  beforeAll(async () => {
    testbed = await openTestbed({ INVITE_ATTEMPTS_PER_MINUTE: '1000' })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const newRoom = async () => {
    const owner = await testbed.signIn('Owner')
    const made = await owner.http.rooms.create.mutate({ key: newKey(), name: 'T' })
    const roomId = made.room.id
    return { owner, roomId, made, call: { roomId, key: newKey() } }
  }
  const codeFor = (details: RoomDetails, role: string) => details.invites.find((one) => one.role === role)?.code ?? ''
  const join = (user: TestUser, code: string) => user.http.rooms.join.mutate({ key: newKey(), code }).catch(codeOf)
  const joined = async (code: string, name = 'Guest') => {
    const user = await testbed.signIn(name)
    await join(user, code)
    return user
  }

  it('admits as many newcomers as its invite has uses, also when more join at once', async () => {
    const { owner, roomId } = await newRoom()
    const details = await owner.http.rooms.rotateInvite.mutate({ roomId, key: newKey(), role: 'player', maxUses: 3 })
    const code = codeFor(details, 'player')
    const newcomers = await Promise.all(Array.from({ length: 8 }, () => testbed.signIn('G')))
    const answers = await Promise.all(newcomers.map((user) => join(user, code)))
    expect(answers.filter((answer) => typeof answer === 'object')).toHaveLength(3)
    expect(answers.filter((answer) => answer === 'INVITE_NOT_FOUND')).toHaveLength(5)
    const after = await owner.http.rooms.get.query({ roomId })
    expect(after.members).toHaveLength(4)
    expect(after.invites.find(({ role }) => role === 'player')).toMatchObject({ uses: 3, maxUses: 3 })
  })

  it('does not count a use of its invite when a member joins again', async () => {
    const { owner, roomId } = await newRoom()
    const details = await owner.http.rooms.rotateInvite.mutate({ roomId, key: newKey(), role: 'player', maxUses: 2 })
    const code = codeFor(details, 'player')
    const one = await joined(code)
    await join(one, code)
    await join(one, code)
    expect(await join(await testbed.signIn('Two'), code)).toBeTypeOf('object')
  })

  it('admits nobody by an invite that has expired, was revoked or was replaced', async () => {
    const { owner, roomId, made } = await newRoom()
    const before = codeFor(made, 'player')
    const rotated = await owner.http.rooms.rotateInvite.mutate({
      roomId,
      key: newKey(),
      role: 'player',
      expiresInHours: 1,
    })
    const invite = rotated.invites.find(({ role }) => role === 'player')
    expect(Date.parse(invite?.expiresAt ?? '') - Date.now()).toBeGreaterThan(3_500_000)
    expect(await join(await testbed.signIn('Old link'), before)).toBe('INVITE_NOT_FOUND')
    await testbed.store.write(({ rooms }) =>
      rooms.putInvite(roomId, { role: 'player', code: invite?.code ?? '', expiresAt: '2026-01-01T00:00:00.000Z' }),
    )
    expect(await join(await testbed.signIn('Late'), invite?.code ?? '')).toBe('INVITE_NOT_FOUND')
    const dmCode = codeFor(made, 'dm')
    const revoked = await owner.http.rooms.revokeInvite.mutate({ roomId, key: newKey(), role: 'dm' })
    expect(revoked.invites.map(({ role }) => role)).toEqual(['player', 'spectator'])
    expect(await join(await testbed.signIn('Co-DM'), dmCode)).toBe('INVITE_NOT_FOUND')
  })

  it('keeps a banned member out until the ban is lifted', async () => {
    const { owner, roomId, made } = await newRoom()
    const code = codeFor(made, 'player')
    const rude = await joined(code, 'Rude')
    const { userId } = rude.session
    const { bans, members } = await owner.http.rooms.ban.mutate({ roomId, key: newKey(), userId })
    expect(bans).toMatchObject([{ userId, name: 'Rude' }])
    expect(members).toHaveLength(1)
    expect(await rude.http.rooms.get.query({ roomId }).catch(codeOf)).toBe('NOT_A_MEMBER')
    expect(await join(rude, code)).toBe('BANNED')
    expect((await owner.http.rooms.unban.mutate({ roomId, key: newKey(), userId })).bans).toEqual([])
    expect(await join(rude, code)).toMatchObject({ role: 'player' })
    expect(await owner.http.rooms.unban.mutate({ roomId, key: newKey(), userId }).catch(codeOf)).toBe('NOT_FOUND')
  })

  it('admits nobody new while it is locked, and its members can still join', async () => {
    const { owner, roomId, made } = await newRoom()
    const code = codeFor(made, 'player')
    const inside = await joined(code)
    expect((await owner.http.rooms.setLocked.mutate({ roomId, key: newKey(), locked: true })).room.locked).toBe(true)
    expect(await join(await testbed.signIn('New'), code)).toBe('ROOM_LOCKED')
    expect(await join(inside, code)).toMatchObject({ role: 'player' })
    await owner.http.rooms.setLocked.mutate({ roomId, key: newKey(), locked: false })
    expect(await join(await testbed.signIn('New'), code)).toMatchObject({ role: 'player' })
  })

  it('can be handed over: the heir gets the owner’s rights, and the owner becomes a co-DM', async () => {
    const { owner, roomId, made } = await newRoom()
    const heir = await joined(codeFor(made, 'player'), 'Heir')
    const other = await joined(codeFor(made, 'player'), 'Other')
    const details = await owner.http.rooms.handOver.mutate({ roomId, key: newKey(), userId: heir.session.userId })
    expect(details.role).toBe('dm')
    expect((await heir.http.rooms.get.query({ roomId })).role).toBe('owner')
    const again = { roomId, key: newKey(), userId: other.session.userId }
    expect(await owner.http.rooms.handOver.mutate(again).catch(codeOf)).toBe('NOT_THE_DM')
    await owner.http.rooms.leave.mutate({ roomId, key: newKey() })
    expect(await heir.http.rooms.leave.mutate({ roomId, key: newKey() }).catch(codeOf)).toBe('CONFLICT')
  })

  it('lets no DM remove or ban a member of the same or a higher role', async () => {
    const { owner, roomId, made } = await newRoom()
    const [one, two] = [await joined(codeFor(made, 'dm'), 'One'), await joined(codeFor(made, 'dm'), 'Two')]
    for (const userId of [owner.session.userId, two.session.userId, one.session.userId])
      for (const act of ['kick', 'ban'] as const)
        expect(await one.http.rooms[act].mutate({ roomId, key: newKey(), userId }).catch(codeOf)).toBe('FORBIDDEN')
  })

  it('limits wrong invite codes of an address, and does not count right ones', async () => {
    await using strict = await openTestbed({ INVITE_ATTEMPTS_PER_MINUTE: '5' })
    const user = await strict.signIn('Guesser')
    const guess = (code: string) => user.http.rooms.join.mutate({ key: newKey(), code }).catch(codeOf)
    const code = (await strict.server.rooms.invites.codes('main')).find(({ role }) => role === 'player')?.code ?? ''
    for (let n = 0; n < 10; n++) expect(await guess(code)).toBeTypeOf('object')
    const answers = []
    for (let n = 0; n < 8; n++) answers.push(await guess(`wrong-${n}`))
    expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'INVITE_NOT_FOUND'))
    expect(answers.at(-1)).toBe('RATE_LIMITED')
    const response = await fetch(`${strict.url}/trpc/rooms.join`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.session.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ key: newKey(), code: 'wrong' }),
    })
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('counts each wrong invite code of a batch', async () => {
    await using strict = await openTestbed({ INVITE_ATTEMPTS_PER_MINUTE: '5' })
    const user = await strict.signIn('Guesser')
    const input = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [n, { key: newKey(), code: `wrong-${n}` }] as const),
    )
    const paths = Array.from({ length: 40 }, () => 'rooms.join').join()
    const response = await fetch(`${strict.url}/trpc/${paths}?batch=1`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.session.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    const codes = ((await response.json()) as { error: { data: { tablecast: { code: string } } } }[]).map(
      ({ error }) => error.data.tablecast.code,
    )
    expect(codes.filter((code) => code === 'INVITE_NOT_FOUND')).toHaveLength(5)
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(35)
  })

  it('can’t be created by a user who owns MAX_ROOMS_PER_USER rooms, also when many calls come at once', async () => {
    await using strict = await openTestbed({ MAX_ROOMS_PER_USER: '3' })
    const user = await strict.signIn('Builder')
    const create = () => user.http.rooms.create.mutate({ key: newKey(), name: 'R' }).catch(codeOf)
    const made = await Promise.all(Array.from({ length: 12 }, create))
    expect(made.filter((answer) => answer === 'RATE_LIMITED')).toHaveLength(9)
    expect(await user.http.rooms.list.query()).toHaveLength(3)
  })

  it('shows nothing to a banned or removed member who repeats the call that joined', async () => {
    const { owner, roomId, made } = await newRoom()
    for (const act of ['kick', 'ban'] as const) {
      const guest = await testbed.signIn('Guest')
      const joining = { key: newKey(), code: codeFor(made, 'dm') }
      await guest.http.rooms.join.mutate(joining)
      await owner.http.rooms[act].mutate({ roomId, key: newKey(), userId: guest.session.userId })
      const again = await guest.http.rooms.join.mutate(joining).catch(codeOf)
      expect(again).toBe(act === 'ban' ? 'BANNED' : 'NOT_A_MEMBER')
    }
  })

  it('gets a new owner by an operator’s link, and the owner before becomes a DM', async () => {
    const { owner, roomId } = await newRoom()
    await testbed.store.write(({ rooms }) => rooms.putInvite(roomId, { role: 'owner', code: 'the-operators-link' }))
    const heirs = [await testbed.signIn('Heir'), await testbed.signIn('Other')]
    const joining = heirs.map((heir) => heir.http.rooms.join.mutate({ key: newKey(), code: 'the-operators-link' }))
    const outcomes = await Promise.all(joining.map((joined) => joined.then(({ role }) => role, codeOf)))
    expect(new Set(outcomes)).toEqual(new Set(['INVITE_NOT_FOUND', 'owner']))
    const { members } = await owner.http.rooms.get.query({ roomId })
    expect(members.map(({ role }) => role).toSorted()).toEqual(['dm', 'owner'])
    expect(members.find(({ userId }) => userId === owner.session.userId)?.role).toBe('dm')
  })

  it.each(['Olga', 'olga ', 'Оlga', 'O\u200blga', '0lga'])(
    'adds a number to the name %j of a player beside a DM who is called Olga',
    async (name) => {
      const olga = await testbed.signIn('Olga')
      const made = await olga.http.rooms.create.mutate({ key: newKey(), name: 'T' })
      const guest = await testbed.signIn('Guest')
      const { me } = await guest.http.rooms.join.mutate({ key: newKey(), code: codeFor(made, 'player'), name })
      expect(me.name).toMatch(/ \(2\)$/)
      // The DM keeps the name.
      const again = await olga.http.rooms.join.mutate({ key: newKey(), code: codeFor(made, 'player'), name: 'Olga' })
      expect(again.me.name).toBe('Olga')
    },
  )

  it('answers a repeat of the call that handed it over or left it', async () => {
    const { owner, roomId, made } = await newRoom()
    const heir = await joined(codeFor(made, 'player'), 'Heir')
    const giving = { roomId, key: newKey(), userId: heir.session.userId }
    expect(await owner.http.rooms.handOver.mutate(giving)).toMatchObject({ role: 'dm' })
    expect(await owner.http.rooms.handOver.mutate(giving)).toMatchObject({ role: 'dm' })
    const leaving = { roomId, key: newKey() }
    expect(await owner.http.rooms.leave.mutate(leaving)).toEqual({ ok: true })
    expect(await owner.http.rooms.leave.mutate(leaving)).toEqual({ ok: true })
    expect(await owner.http.rooms.handOver.mutate(giving).catch(codeOf)).toBe('NOT_A_MEMBER')
  })

  it('has an audit trail for its owner, without secrets', async () => {
    const { owner, roomId, made } = await newRoom()
    const code = codeFor(made, 'player')
    const rude = await joined(code, 'Rude')
    const co = await joined(codeFor(made, 'dm'), 'Co')
    const campaign = await owner.http.campaign.create.mutate({ roomId, key: newKey(), name: 'C' })
    await owner.http.campaign.export.query({ roomId, campaignId: campaign.id, format: 'json' })
    await rude.http.campaign.list.query({ roomId }).catch(() => null)
    const stranger = await testbed.signIn('Stranger')
    for (let n = 0; n < 5; n++) await stranger.http.rooms.get.query({ roomId }).catch(() => null)
    await co.http.rooms.setLocked.mutate({ roomId, key: newKey(), locked: true })
    await join(await testbed.signIn('Knocks'), code)
    await co.http.rooms.rotateInvite.mutate({ roomId, key: newKey(), role: 'player' })
    await co.http.rooms.ban.mutate({ roomId, key: newKey(), userId: rude.session.userId })
    const read = () => owner.http.rooms.audit.query({ roomId })
    // The server stores a refusal after it has answered.
    await until(async () => (await read()).events.filter(({ kind }) => kind === 'refused').length === 3)
    const { events } = await read()
    const lines = events.map(({ kind, actorName, detail }) =>
      [kind, actorName, detail.what ?? detail.name ?? detail.role ?? ''].join(' '),
    )
    expect(lines.toSorted()).toEqual(
      [
        'banned Co Rude',
        'invite_rotated Co player',
        'refused Knocks rooms.join',
        'locked Co ',
        'refused Stranger rooms.get',
        'refused Rude campaign.list',
        'exported Owner c.json',
        'joined Co dm',
        'joined Rude player',
        'signed_in Co ',
        'signed_in Owner ',
      ].toSorted(),
    )
    const text = JSON.stringify(events)
    for (const { code: secret } of made.invites) expect(text).not.toContain(secret)
    expect(text).not.toContain('127.0.0.1')
    expect(await co.http.rooms.audit.query({ roomId }).catch(codeOf)).toBe('NOT_THE_DM')
    await until(async () => (await read()).events.length === lines.length + 1)
    const first = await owner.http.rooms.audit.query({ roomId, limit: 4 })
    const second = await owner.http.rooms.audit.query({ roomId, limit: 100, before: first.events.at(-1)?.id ?? '' })
    const both = [...first.events, ...second.events].map(({ id }) => id)
    expect(both).toEqual((await read()).events.map(({ id }) => id))
    expect(new Set(both).size).toBe(both.length)
    expect([first.more, second.more]).toEqual([true, false])
  })
})
