// Gestures on a map, and the people who see them, over the real server.
import {
  type Character,
  emptyState,
  type GameMap,
  type MapGesture,
  type MapGestureEvent,
  type Token,
} from '@tablecast/contracts'
import { hiddenFog, revealedFog } from '@tablecast/maps/fog'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NodeChannel } from '../../../cluster/node-channel.ts'
import { aHero } from '../../../testing/a-hero.ts'
import { followByEvents } from '../../../testing/server-sent-events.ts'
import { newKey, openTestbed, type TestUser, until } from '../../../testing/testbed.ts'
import { SharedBus } from '../presence-testing.ts'
import { MapGestures } from './map-gestures.ts'

const roomId = 'main'
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

/** The left half of it is revealed. */
const map: GameMap = {
  id: 'chapel',
  title: 'Chapel',
  pictureId: null,
  name: 'A'.repeat(22),
  width: 512,
  height: 256,
  grid: { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
  sight: { isOn: false, isDaylight: true, farthest: 60 },
  isLocked: false,
  fog: { version: 1, change: null },
  openDoors: [],
  inSight: null,
}
const token = (id: string, characterId: string, change: Partial<Token> = {}): Token => ({
  id,
  mapId: 'chapel',
  characterId,
  name: '',
  x: 32,
  y: 32,
  size: 1,
  visible: true,
  isLocked: false,
  darkvision: 0,
  inFog: false,
  ...change,
})
const leftHalf = () => {
  const fog = hiddenFog(map)
  const whole = revealedFog(map)
  return whole.bits.map((byte, at) => (at % fog.stride < fog.stride / 2 ? byte : 0))
}

describe('gestures on a map', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: TestUser
  let robin: TestUser
  let other: TestUser
  let campaignId: string
  let seq = 0

  beforeAll(async () => {
    testbed = await openTestbed()
    dm = await testbed.join('Dee', 'owner')
    robin = await testbed.join('Robin', 'player')
    other = await testbed.join('Other', 'player')
    const { http } = dm
    campaignId = (await http.campaign.create.mutate({ roomId, key: newKey(), name: 'Maps' })).id
    await http.campaign.activate.mutate({ roomId, key: newKey(), campaignId })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())
  beforeEach(() => show({}))

  const show = (change: Partial<GameMap>) =>
    testbed.store.write(async ({ campaigns, maps }) => {
      const row = await campaigns.get(campaignId)
      if (!row) throw new Error('the campaign is gone')
      const version = ++seq
      const shown = { ...map, fog: { version, change: null }, ...change }
      const character = (id: string, kind: 'pc' | 'monster', more: Partial<Character> = {}): Character => ({
        ...aHero,
        id,
        name: id,
        kind,
        ownerId: null,
        ...more,
      })
      const state = {
        ...emptyState,
        characters: [
          character('mira', 'pc', { ownerId: robin.session.userId }),
          character('goblin', 'monster'),
          character('spy', 'monster', { visible: false }),
        ],
        maps: [shown, { ...map, id: 'cellar' }],
        shownMap: { mapId: 'chapel' },
        tokens: [token('t-mira', 'mira'), token('t-goblin', 'goblin'), token('t-spy', 'spy')],
      }
      await campaigns.save({ ...row, state, version: row.version + 1 })
      await maps.saveFog({ campaignId, mapId: 'chapel', version, key: '0'.repeat(64), bits: leftHalf() })
    })

  const sendOnce = (by: TestUser, gesture: MapGesture, more: object = {}) =>
    by.http.maps.gesture.mutate({ roomId, mapId: 'chapel', gesture, ...more })

  /** The tests are quicker than a hand, so they wait for the limit. */
  async function send(by: TestUser, gesture: MapGesture, more: object = {}): Promise<void> {
    for (;;)
      try {
        await sendOnce(by, gesture, more)
        return
      } catch (error) {
        if (codeOf(error) !== 'RATE_LIMITED') throw error
      }
  }

  async function follow(user: TestUser) {
    const client = await user.socket()
    const events: MapGestureEvent[] = []
    const started = Promise.withResolvers<void>()
    client.trpc.maps.gestures.subscribe(
      { roomId },
      { onStarted: () => started.resolve(), onData: (event) => events.push(event) },
    )
    await started.promise
    // The stream is open when its first gesture has come.
    await until(async () => {
      await send(other, { kind: 'pointer', at: { x: 1, y: 1 } }).catch(() => {})
      return events.some(({ by }) => by.id === other.session.userId)
    })
    const from = events.length
    const kinds = () =>
      events
        .slice(from)
        .filter(({ by }) => by.id !== other.session.userId)
        .map(({ gesture }) => gesture.kind)
    return { events, kinds, [Symbol.asyncDispose]: () => client.close() }
  }

  /** Sends the gestures, and then one that everybody sees. Returns the kinds that the person saw before it. */
  async function seenBy(user: TestUser, by: TestUser, gestures: [MapGesture, object?][]) {
    // Nobody sees an earlier gesture any more.
    await send(dm, { kind: 'end' })
    await using client = await follow(user)
    for (const [gesture, more] of gestures) await send(by, gesture, more)
    await send(dm, { kind: 'ping', at: { x: 8, y: 8 } })
    await until(() => client.kinds().includes('ping'))
    return client.kinds().filter((kind) => kind !== 'ping')
  }

  const revealed = { x: 40, y: 40 }
  const fogged = { x: 400, y: 40 }

  it('of a player reach the DM and the other players, with the name of the person', async () => {
    await using client = await follow(dm)
    await send(robin, { kind: 'drag', tokenId: 't-mira', at: revealed })
    await until(() => client.kinds().includes('drag'))
    expect(client.events.at(-1)).toEqual({
      type: 'gesture',
      mapId: 'chapel',
      by: { id: robin.session.userId, name: 'Robin', isDm: false },
      gesture: { kind: 'drag', tokenId: 't-mira', at: revealed },
    })
    expect(await seenBy(other, robin, [[{ kind: 'ruler', points: [revealed, fogged] }]])).toEqual(['ruler'])
  })

  it('reach a page that polls from its first question on, and players get what is shown to them alone', async () => {
    const ask = (user: TestUser, cursor: string | null) => user.http.maps.gesturesSince.query({ roomId, cursor })
    const pointer = (x: number): MapGesture => ({ kind: 'pointer', at: { x, y: 40 } })
    await send(dm, pointer(8))
    const first = { dm: await ask(dm, null), player: await ask(robin, null) }
    expect([first.dm.events, first.player.events]).toEqual([[], []])
    await send(dm, pointer(16))
    await send(dm, pointer(24), { shows: false })
    const placesOf = ({ events }: { events: MapGestureEvent[] }) =>
      events.map(({ gesture }) => (gesture.kind === 'pointer' ? gesture.at.x : gesture.kind))
    const [ofDm, ofPlayer] = [await ask(dm, first.dm.cursor), await ask(robin, first.player.cursor)]
    expect(placesOf(ofDm)).toEqual([16, 24])
    expect(placesOf(ofPlayer)).toEqual([16, 'end'])
    expect((await ask(dm, ofDm.cursor)).events).toEqual([])
    // A cursor of a node that was started again, and one that nobody gave, begin now.
    for (const cursor of ['another:5', 'nonsense']) expect((await ask(dm, cursor)).events).toEqual([])
    await send(dm, { kind: 'end' })
  })

  it('reach a page that follows by server-sent events, and players get what is shown to them alone', async () => {
    const seen = { dm: [] as MapGestureEvent[], player: [] as MapGestureEvent[] }
    const following = (user: TestUser, take: (event: MapGestureEvent) => void) =>
      followByEvents(testbed.url, user, { path: 'maps.gestures', input: { roomId }, take })
    await using _dm = await following(dm, (event) => seen.dm.push(event))
    await using _player = await following(robin, (event) => seen.player.push(event))
    const point = (x: number) => send(dm, { kind: 'pointer', at: { x, y: 40 } })
    // Both streams are open when the first gestures have come.
    await until(async () => {
      await point(8)
      return seen.dm.length > 0 && seen.player.length > 0
    })
    await point(fogged.x)
    await send(dm, { kind: 'ping', at: revealed })
    const kindsOf = (events: MapGestureEvent[]) =>
      events.flatMap(({ gesture }) => (gesture.kind === 'pointer' && gesture.at.x === 8 ? [] : [gesture.kind]))
    await until(() => seen.player.some(({ gesture }) => gesture.kind === 'ping'))
    expect(kindsOf(seen.player)).toEqual(['end', 'ping'])
    await until(() => kindsOf(seen.dm).length === 2)
    expect(kindsOf(seen.dm)).toEqual(['pointer', 'ping'])
  })

  it('of a DM reach players only while the DM shows them, and the last one ends', async () => {
    const pointer: MapGesture = { kind: 'pointer', at: revealed }
    expect(await seenBy(robin, dm, [[pointer, { shows: false }], [pointer], [pointer, { shows: false }]])).toEqual([
      'pointer',
      'end',
    ])
    expect(await seenBy(dm, dm, [[pointer, { shows: false }]])).toEqual(['pointer'])
  })

  it('of a DM at a place in fog do not reach players', async () => {
    const area: MapGesture = { kind: 'area', shape: { kind: 'circle', centre: fogged, radius: 64 } }
    const hidden: MapGesture[] = [
      { kind: 'pointer', at: fogged },
      { kind: 'ping', at: fogged },
      { kind: 'ruler', points: [revealed, fogged] },
      area,
      { kind: 'drag', tokenId: 't-goblin', at: fogged },
    ]
    expect(
      await seenBy(
        robin,
        dm,
        hidden.map((gesture) => [gesture]),
      ),
    ).toEqual([])
  })

  it('that drag a token which players do not see do not reach them, although the DM shows gestures', async () => {
    const drags: [MapGesture][] = [
      [{ kind: 'drag', tokenId: 't-spy', at: revealed }],
      [{ kind: 'drag', tokenId: 't-goblin', at: revealed }],
    ]
    expect(await seenBy(robin, dm, drags)).toEqual(['drag'])
  })

  it('that drag a foe out of the sight of the party do not reach players', async () => {
    await show({ sight: { ...map.sight, isOn: true }, inSight: null })
    const drags: [MapGesture][] = [
      [{ kind: 'drag', tokenId: 't-goblin', at: revealed }],
      [{ kind: 'end' }],
      [{ kind: 'drag', tokenId: 't-mira', at: fogged }],
    ]
    expect(await seenBy(robin, dm, drags)).toEqual(['drag'])
  })

  it('on a map that is not shown reach DMs alone, and a player can make none there', async () => {
    const pointer: MapGesture = { kind: 'pointer', at: revealed }
    expect(await seenBy(robin, dm, [[pointer, { mapId: 'cellar' }]])).toEqual([])
    expect(await seenBy(dm, dm, [[pointer, { mapId: 'cellar' }]])).toEqual(['pointer'])
    for (const mapId of ['cellar', 'none'])
      expect(codeOf(await send(robin, pointer, { mapId }).catch((error: unknown) => error))).toBe('NOT_FOUND')
  })

  it('of a player who drags another token, or shows the table where to look, are refused', async () => {
    const refused: MapGesture[] = [
      { kind: 'drag', tokenId: 't-goblin', at: revealed },
      { kind: 'drag', tokenId: 't-spy', at: revealed },
      { kind: 'view', at: revealed, span: 100 },
    ]
    for (const gesture of refused)
      expect(codeOf(await send(robin, gesture).catch((error: unknown) => error))).toBe('FORBIDDEN')
    await show({ isLocked: true })
    const own: MapGesture = { kind: 'drag', tokenId: 't-mira', at: revealed }
    expect(codeOf(await send(robin, own).catch((error: unknown) => error))).toBe('FORBIDDEN')
  })

  it('reach the members on another node, each audience its own part', async () => {
    const bus = new SharedBus()
    const openNode = () =>
      new MapGestures({
        store: testbed.store,
        others: new NodeChannel({ bus, failed: (error) => expect.fail(String(error)) }),
        observe: () => undefined,
      })
    using here = openNode()
    using there = openNode()
    const channels = { dm: await there.channel(roomId, 'dm'), player: await there.channel(roomId, 'player') }
    const author = { userId: dm.session.userId, name: 'Dee', role: 'owner' as const }
    const point = async (at: { x: number; y: number }) => {
      const send = await here.prepare(dm.session.userId, {
        roomId,
        mapId: 'chapel',
        gesture: { kind: 'pointer', at },
        shows: true,
      })
      send(author)
    }
    await point(revealed)
    await point(fogged)
    await until(() => channels.dm.head === 2 && channels.player.head === 2)
    const kinds = (['dm', 'player'] as const).map((audience) =>
      [1, 2].map((at) => (JSON.parse(channels[audience].at(at)?.text ?? '') as MapGestureEvent).gesture.kind),
    )
    expect(kinds).toEqual([
      ['pointer', 'pointer'],
      ['pointer', 'end'],
    ])
  })

  it('are refused beyond 20 at once of one person', async () => {
    const eager = await testbed.join('Eager', 'player')
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => sendOnce(eager, { kind: 'end' })))
    const codes = all.map((one) => (one.status === 'fulfilled' ? 'OK' : codeOf(one.reason)))
    expect(codes.filter((code) => code === 'OK').length).toBeGreaterThanOrEqual(20)
    expect(codes).toContain('RATE_LIMITED')
  })
})
