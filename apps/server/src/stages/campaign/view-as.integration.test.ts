// A DM looks at the table through a player’s eyes. Raw sockets, because the promise is about bytes.
import type { CampaignState, MapOperation } from '@tablecast/contracts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newKey, openTestbed, type TestUser, until } from '../../testing/testbed.ts'

const roomId = 'main'
const CHANGES = 1_000
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

/** Sends the subscription with the id 1 on a connection of its own, and keeps the frames of it. */
function follow(url: string, token: string, path: string, input: object) {
  const frames: string[] = []
  const socket = new WebSocket(`${url}/trpc?connectionParams=1`)
  socket.on('open', () => {
    socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
    socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path, input } }))
  })
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    if (text !== 'PONG' && text !== 'PING' && !text.includes('"type":"started"')) frames.push(text)
  })
  return { frames, [Symbol.dispose]: () => socket.terminate() }
}

/** One word for the kind of a change, and numbers that choose its details. */
const change = fc.record({
  kind: fc.constantFrom(
    ...([
      'say',
      'secret',
      'whisper',
      'answer',
      'character',
      'fog',
      'threat',
      'alone',
      'present',
      'map',
      'reveal',
      'token',
      'area',
      'undo',
      'redo',
    ] as const),
  ),
  who: fc.nat(1),
  which: fc.nat(4),
  isShown: fc.boolean(),
  words: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => `w ${text.trim()}.`),
})

describe('a DM who views the table as a player', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: Awaited<ReturnType<typeof testbed.join>>
  let players: Awaited<ReturnType<typeof testbed.join>>[]
  let campaignId = ''
  let map: NonNullable<CampaignState['maps']>[number] | undefined
  let tokens: NonNullable<CampaignState['tokens']> = []
  beforeAll(async () => {
    testbed = await openTestbed()
    dm = await testbed.join('DM', 'owner')
    players = [await testbed.join('Mira', 'player'), await testbed.join('Tobin', 'player')]
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const { state } = await dm.http.campaign.get.query({ roomId, campaignId })
    map = state.maps?.[0]
    tokens = state.tokens ?? []
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const idOf = (user: TestUser | undefined): string => user?.session.userId ?? ''

  async function make({ kind, who, which, isShown, words }: typeof change extends fc.Arbitrary<infer C> ? C : never) {
    const call = { roomId, key: newKey() }
    const member = players[who]
    const mapId = map?.id ?? ''
    const onMap = (operation: MapOperation) => dm.http.maps.operate.mutate({ ...call, campaignId, operation })
    const edit = async (patch: object) => {
      const { campaign } = await dm.http.campaign.get.query({ roomId, campaignId })
      await dm.http.campaign.edit.mutate({ ...call, campaignId, baseVersion: campaign.version, patch })
    }
    switch (kind) {
      case 'say':
        return dm.http.campaign.say.mutate({ ...call, message: words })
      case 'secret':
        return dm.http.campaign.say.mutate({ ...call, message: `/secret ${words}` })
      case 'whisper':
        return dm.http.campaign.whisper.mutate({ ...call, to: idOf(member), message: words })
      case 'answer':
        return member?.http.campaign.whisper.mutate({ ...call, message: words })
      case 'character':
        return edit({ characters: { upsert: [{ ...aGoblin(which), visible: isShown, name: words }] } })
      case 'fog':
        return edit({ environment: { upsert: [{ id: `fog-${which}`, text: words, visible: isShown }] } })
      case 'threat':
        return edit({ threats: { upsert: [{ id: `t-${which}`, name: words, detail: '', visible: isShown }] } })
      case 'alone': {
        const { handoutId } = await dm.http.pictures.operate.mutate({
          ...call,
          campaignId,
          operation: { type: 'addHandout', title: words, text: words },
        })
        if (!handoutId) throw new Error('no handout')
        const to = isShown ? ('everyone' as const) : { members: [idOf(member)] }
        return dm.http.pictures.operate.mutate({
          roomId,
          key: newKey(),
          campaignId,
          operation: { type: 'show', id: handoutId, to },
        })
      }
      case 'present': {
        const { state } = await dm.http.campaign.get.query({ roomId, campaignId })
        const shown = state.handouts?.filter(({ shownTo }) => shownTo !== 'nobody') ?? []
        const id = shown[which % Math.max(1, shown.length)]?.id ?? null
        return dm.http.pictures.operate.mutate({ ...call, campaignId, operation: { type: 'present', id } })
      }
      case 'map':
        return onMap({ type: 'showMap', id: isShown ? mapId : null })
      case 'reveal': {
        const from = { x: which * 200, y: 300 }
        const stroke = { kind: 'rectangle' as const, from, to: { x: from.x + 400, y: 900 } }
        return onMap({ type: 'changeFog', mapId, stroke, reveals: isShown })
      }
      case 'token':
        return onMap({ type: 'editToken', id: tokens[which % tokens.length]?.id ?? '', visible: isShown })
      case 'area': {
        const shape = { kind: 'circle' as const, centre: { x: 400 + which * 100, y: 600 }, radius: 150 }
        return onMap({ type: 'placeArea', mapId, shape, visible: isShown })
      }
      case 'undo':
        return dm.http.campaign.undo.mutate({ ...call, campaignId, force: true })
      case 'redo':
        return dm.http.campaign.redo.mutate({ ...call, campaignId, force: true })
    }
  }

  it(`gets that player’s streams byte for byte, through ${CHANGES} random changes`, async () => {
    const streams = players.flatMap((player) => {
      const [mine, theirs] = [player.session.token, dm.session.token]
      const input = { roomId, lastEventId: null }
      return [
        ['campaign.events', 'viewAs.players', input] as const,
        ['campaign.whispers', 'viewAs.member', { ...input, memberId: idOf(player) }] as const,
      ].map(([own, path, asked]) => ({
        own: follow(testbed.wsUrl, mine, own, input),
        viewed: follow(testbed.wsUrl, theirs, path, asked),
      }))
    })
    using _closed = {
      [Symbol.dispose]: () => streams.forEach((one) => (one.own[Symbol.dispose](), one.viewed[Symbol.dispose]())),
    }
    await until(() => streams.every(({ own, viewed }) => own.frames.length > 0 && viewed.frames.length > 0))
    let refused = 0
    for (const one of fc.sample(change, { numRuns: CHANGES, seed: 24 })) await make(one).catch(() => (refused += 1))
    // Undo and redo have nothing to do at times.
    expect(refused).toBeLessThan(CHANGES / 4)
    for (const [n, player] of players.entries()) {
      await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: `The end ${n}.` })
      await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to: idOf(player), message: `The end ${n}.` })
    }
    const ended = (frames: readonly string[], n: number) => frames.join('').includes(`The end ${n}.`)
    await until(() =>
      streams.every(({ own, viewed }, at) => {
        const n = at % 2 === 0 ? 1 : Math.floor(at / 2)
        return ended(own.frames, n) && ended(viewed.frames, n)
      }),
    )
    for (const { own, viewed } of streams) {
      expect(own.frames.length).toBeGreaterThan(CHANGES / 20)
      // A snapshot says when it was made.
      const [first = '', ...live] = own.frames
      const [firstViewed = '', ...liveViewed] = viewed.frames
      expect(liveViewed).toEqual(live)
      expect(withoutTime(firstViewed)).toBe(withoutTime(first))
    }
    const [ofAll, ofMira, , ofTobin] = streams.map(({ own }) => own.frames.join(''))
    for (const part of [`"map":{"id":"${map?.id ?? ''}"`, '"areas"', '"tokens"']) expect(ofAll).toContain(part)
    expect(ofMira).not.toBe(ofTobin)
  })

  it('gets a snapshot that equals the player’s own', async () => {
    const [mira] = players
    if (!mira) throw new Error('nobody plays')
    await using driver = await dm.socket()
    const { events } = await mira.http.campaign.since.query({ roomId, cursor: null })
    const seen: unknown[] = []
    driver.trpc.viewAs.players.subscribe({ roomId, lastEventId: null }, { onData: ({ data }) => seen.push(data) })
    await until(() => seen.length === 1)
    expect(withoutTime(JSON.stringify(seen[0]))).toBe(withoutTime(JSON.stringify(events[0])))
  })

  it('finds no stream of a stranger, of another room’s member, or of a DM', async () => {
    await using driver = await dm.socket()
    const elsewhere = await testbed.signIn('Elsewhere')
    await elsewhere.http.rooms.create.mutate({ key: newKey(), name: 'Elsewhere' })
    const refusal = (memberId: string) =>
      new Promise((resolve) => {
        driver.trpc.viewAs.member.subscribe(
          { roomId, memberId, lastEventId: null },
          { onError: (error) => resolve(codeOf(error)), onData: () => resolve('an event') },
        )
      })
    for (const id of ['nobody', idOf(elsewhere), idOf(dm)]) expect([id, await refusal(id)]).toEqual([id, 'NOT_FOUND'])
  })

  it('sees nothing more once the owner has made them a player', async () => {
    const helper = await testbed.join('Helper', 'dm')
    await using driver = await helper.socket()
    const seen: string[] = []
    const ends: unknown[] = []
    driver.trpc.viewAs.member.subscribe(
      { roomId, memberId: idOf(players[0]), lastEventId: null },
      {
        onData: ({ data }) => seen.push(JSON.stringify(data)),
        onError: (error) => ends.push(codeOf(error)),
        onComplete: () => ends.push('complete'),
      },
    )
    await until(() => seen.length === 1)
    await dm.http.rooms.setRole.mutate({ roomId, key: newKey(), userId: idOf(helper), role: 'player' })
    await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to: idOf(players[0]), message: 'Not for helpers.' })
    await until(() => ends.length > 0)
    expect(seen.join('')).not.toContain('Not for helpers.')
  })
})

const withoutTime = (text: string): string => text.replace(/"timestamp":"[^"]+"/, '"timestamp":""')

const aGoblin = (which: number) => ({
  id: `goblin-${which}`,
  kind: 'monster' as const,
  hp: { current: 7, max: 7, temp: 0 },
  hpVisible: false,
  armourClass: 13,
  conditions: [],
  initiative: null,
  ownerId: null,
  dmNotes: '',
})
