import { readdir, readFile } from 'node:fs/promises'
import type { PlayerCampaignEvent, ScreenEvent } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey, openTestbed, type SocketClient, until } from '../../../testing/testbed.ts'

const roomId = 'main'
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

type Access = { roomId: string; token: string }

/** Follows both streams of a screen. `ends`: the code of each stream that has ended. */
function follow(client: SocketClient, access: Access) {
  const seen = { events: [] as PlayerCampaignEvent[], shown: [] as ScreenEvent[], ends: [] as (string | undefined)[] }
  const ended = { onError: (error: unknown) => seen.ends.push(codeOf(error)), onComplete: () => seen.ends.push('done') }
  client.trpc.screens.events.subscribe(access, { ...ended, onData: ({ data }) => seen.events.push(data) })
  client.trpc.screens.shown.subscribe(access, { ...ended, onData: ({ data }) => seen.shown.push(data) })
  return seen
}

describe('a screen', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: Awaited<ReturnType<typeof testbed.join>>
  beforeAll(async () => {
    testbed = await openTestbed({ MAX_SCREEN_LINKS_PER_ROOM: '3' })
    dm = await testbed.join('DM', 'owner')
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const create = (name = 'Living room', key = newKey()) =>
    dm.http.screens.create.mutate({ roomId, key, kind: 'tv', name })
  const revoke = (linkId: string) => dm.http.screens.revoke.mutate({ roomId, key: newKey(), linkId })
  const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })
  /** On a connection without a session. */
  const connect = () => testbed.withToken('').socket()

  it('sees what spectators see, and is nobody at the table', async () => {
    const spectator = await testbed.join('Watcher', 'spectator')
    const { link, token } = await create()
    await using client = await connect()
    await using theirs = await spectator.socket()
    const seen = follow(client, { roomId, token })
    const spectated: PlayerCampaignEvent[] = []
    theirs.trpc.campaign.events.subscribe(
      { roomId },
      { onData: ({ data }) => spectated.push(data as PlayerCampaignEvent) },
    )
    await until(() => seen.events.length === 1 && spectated.length === 1 && seen.shown.length === 1)
    expect(seen.shown[0]).toMatchObject({ type: 'screen', show: 'auto', room: 'The sample table' })
    await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to: (await playerId()) ?? '', message: 'Psst.' })
    await say('/secret The bell is cracked.')
    await say('The bell rings.')
    await until(() => seen.events.length === 2 && spectated.length === 2)
    expect(JSON.stringify(seen.events)).not.toMatch(/Psst|cracked/)
    expect(seen.events[1]).toEqual(spectated[1])
    const { members } = await dm.http.rooms.get.query({ roomId })
    expect(members.map(({ name }) => name)).not.toContain('Living room')
    const { events } = await dm.http.presence.since.query({ roomId, cursor: null })
    expect(JSON.stringify(events)).not.toContain('Living room')
    await until(async () => (await dm.http.screens.list.query({ roomId })).links[0]?.lastUsedAt !== null)
    await revoke(link.id)
  })

  async function playerId() {
    const robin = await testbed.join('Robin', 'player')
    return robin.session.userId
  }

  it('shows what the DM chooses, also when it comes later', async () => {
    const { link, token } = await create()
    await using client = await connect()
    const seen = follow(client, { roomId, token })
    await until(() => seen.shown.length === 1)
    for (const show of ['black', 'story'] as const) await dm.http.screens.show.mutate({ roomId, key: newKey(), show })
    await until(() => seen.shown.length === 3)
    expect(seen.shown.map(({ show }) => show)).toEqual(['auto', 'black', 'story'])
    await using later = await connect()
    const newcomer = follow(later, { roomId, token })
    await until(() => newcomer.shown.length === 1)
    expect(newcomer.shown[0]).toEqual({ ...seen.shown[2], timestamp: newcomer.shown[0]?.timestamp })
    await dm.http.screens.show.mutate({ roomId, key: newKey(), show: 'auto' })
    await revoke(link.id)
  })

  it('goes dark when its link is taken back, before the next event, and does not come back', async () => {
    const [kept, lost] = [await create('Kept'), await create('Lost')]
    await using client = await connect()
    await using other = await connect()
    const [stays, goes] = [follow(client, { roomId, token: kept.token }), follow(other, { roomId, token: lost.token })]
    await until(() => [stays, goes].every((one) => one.events.length === 1 && one.shown.length === 1))
    await revoke(lost.link.id)
    await say('After the revocation.')
    await until(() => goes.ends.length === 2 && JSON.stringify(stays.events).includes('After the revocation.'))
    expect(goes.ends).toEqual(['SCREEN_LINK_INVALID', 'SCREEN_LINK_INVALID'])
    expect(JSON.stringify(goes.events)).not.toContain('After the revocation.')
    expect(stays.ends).toEqual([])
    await using again = await connect()
    const back = follow(again, { roomId, token: lost.token })
    await until(() => back.ends.length === 2)
    expect(back).toEqual({ events: [], shown: [], ends: ['SCREEN_LINK_INVALID', 'SCREEN_LINK_INVALID'] })
    expect(await revoke(lost.link.id).catch(codeOf)).toBe('NOT_FOUND')
    await revoke(kept.link.id)
  })

  it('is refused in the same words for a made-up token and for a token of another room', async () => {
    const elsewhere = await testbed.signIn('Elsewhere')
    const { room } = await elsewhere.http.rooms.create.mutate({ key: newKey(), name: 'Elsewhere' })
    const request = { roomId: room.id, key: newKey(), kind: 'tv' as const, name: 'TV' }
    const foreign = await elsewhere.http.screens.create.mutate(request)
    await using client = await connect()
    const messageOf = (access: Access) =>
      new Promise<string>((resolve) => {
        const onError = (error: unknown) => resolve(`${codeOf(error)}: ${(error as Error).message}`)
        client.trpc.screens.events.subscribe(access, { onError, onData: () => resolve('an event') })
      })
    const words = await messageOf({ roomId, token: 'made-up' })
    expect(words).toMatch(/^SCREEN_LINK_INVALID: /)
    expect(await messageOf({ roomId, token: foreign.token })).toBe(words)
    expect(await messageOf({ roomId: 'there-is-none', token: foreign.token })).toBe(words)
    expect(await messageOf({ roomId: room.id, token: foreign.token })).toBe('an event')
  })

  it('writes nothing and reads nothing else with its token', async () => {
    const { link, token } = await create()
    const { http } = testbed.withToken(token)
    const calls = [
      () => http.auth.me.query(),
      () => http.rooms.get.query({ roomId }),
      () => http.campaign.say.mutate({ roomId, key: newKey(), message: 'Hello.' }),
      () => http.campaign.since.query({ roomId, cursor: null }),
      () => http.campaign.whispersSince.query({ roomId, cursor: null }),
      () => http.screens.show.mutate({ roomId, key: newKey(), show: 'black' }),
      () => http.screens.list.query({ roomId }),
    ]
    for (const call of calls) expect(await call().then(() => 'OK', codeOf)).toBe('UNAUTHORIZED')
    await revoke(link.id)
  })

  it('has a link that is stored by its hash alone, is made once for a key, and is bounded', async () => {
    const key = newKey()
    const [made, repeated] = [await create('Once', key), await create('Once', key)]
    expect(repeated).toEqual(made)
    const { links } = await dm.http.screens.list.query({ roomId })
    expect(links).toHaveLength(1)
    expect(JSON.stringify(links)).not.toContain(made.token)
    for (const file of await readdir(testbed.folder))
      if (/sqlite|\.db|wal/.test(file))
        expect((await readFile(`${testbed.folder}/${file}`)).includes(made.token), file).toBe(false)
    const more = [await create('Two'), await create('Three')]
    expect(await create('Four').catch(codeOf)).toBe('RATE_LIMITED')
    for (const { link } of [made, ...more]) await revoke(link.id)
    expect(await create('Once', key).catch(codeOf)).toBe('NOT_FOUND')
    const { events } = await dm.http.rooms.audit.query({ roomId, limit: 100 })
    const noted = events.filter(({ detail }) => detail.what === 'Once').map(({ kind }) => kind)
    expect(noted).toEqual(['screen_link_revoked', 'screen_link_created'])
  })
})
