// Races between two DMs of one room, on either database. SQLite has one writer, and PostgreSQL interleaves the transactions.
import type { MapOperation } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeOf } from './outcome-of.ts'
import { openTestRoom, type Testbed, type TestRoom } from './real-calls.ts'
import { newKey, openTestbed, type TestUser } from './testbed.ts'

const ROUNDS = 4
/** How often each call is repeated, as after answers that were lost. */
const SENT = 3

/** Defines the tests. `openStore` opens an empty database. */
export function dmRaceContract(openStore: () => Promise<Store>): void {
  const opened = new AsyncDisposableStack()
  let testbed: Testbed
  beforeAll(async () => {
    const store = opened.use(await openStore())
    testbed = opened.use(await openTestbed({ MAX_ROOMS_PER_USER: '1000', MAX_STAT_BLOCKS_PER_ROOM: '3' }, { store }))
  })
  afterAll(() => opened.disposeAsync())

  describe('two DMs who undo at once', () => {
    const statusOf = async (user: TestUser, roomId: string) => {
      const { events } = await user.http.campaign.since.query({ roomId, cursor: null })
      const [event] = events
      return event?.type === 'campaign_active' ? event.snapshot.dm : null
    }

    it('undo one step when both name the same step, and the second call gets a CONFLICT', async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const { roomId, campaignId, users } = await openTestRoom(testbed)
        await users.owner.http.campaign.say.mutate({ roomId, key: newKey(), message: '/scene A gate' })
        const { undo } = (await statusOf(users.dm, roomId)) ?? {}
        expect(undo).toMatchObject({ by: { name: 'Olga' }, changes: 'the scene none → “A gate”' })
        const take = (user: TestUser) =>
          outcomeOf(user.http.campaign.undo.mutate({ roomId, campaignId, key: newKey(), step: undo?.step }))
        const outcomes = await Promise.all([take(users.owner), take(users.dm)])
        expect(outcomes.map(({ code }) => code).toSorted()).toEqual(['CONFLICT', 'OK'])
        const { state } = await users.dm.http.campaign.get.query({ roomId, campaignId })
        // The owner's step before it is still there.
        expect([state.scene, state.threats.length]).toEqual(['', 1])
      }
    })

    it('never undo a step that came in between', async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const { roomId, campaignId, users } = await openTestRoom(testbed)
        const { undo } = (await statusOf(users.owner, roomId)) ?? {}
        const [said, taken] = await Promise.all([
          outcomeOf(users.dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/status Mine' })),
          outcomeOf(users.owner.http.campaign.undo.mutate({ roomId, campaignId, key: newKey(), step: undo?.step })),
        ])
        const { state } = await users.dm.http.campaign.get.query({ roomId, campaignId })
        expect([said.code, state.status]).toEqual(['OK', 'Mine'])
        expect(state.threats.length).toBe(taken.code === 'OK' ? 0 : 1)
        expect(['OK', 'CONFLICT']).toContain(taken.code)
      }
    })

    it('undo one step with four calls of the same key', async () => {
      const { roomId, campaignId, users } = await openTestRoom(testbed)
      const { campaign } = users.dm.http
      for (const scene of ['One', 'Two', 'Three'])
        await campaign.say.mutate({ roomId, key: newKey(), message: `/scene ${scene}` })
      const { undo } = (await statusOf(users.dm, roomId)) ?? {}
      for (const step of [undo?.step, undefined]) {
        const request = { roomId, campaignId, key: newKey(), step }
        const answers = await Promise.all(Array.from({ length: 4 }, () => campaign.undo.mutate(request)))
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
      }
      expect((await campaign.get.query({ roomId, campaignId })).state.scene).toBe('One')
    })
  })

  it('deletes a campaign or puts it on the table, never both, when two DMs do so at once', async () => {
    for (let n = 0; n < ROUNDS; n++) {
      const { roomId, spareId, users } = await openTestRoom(testbed)
      const request = () => ({ roomId, campaignId: spareId, key: newKey() })
      const [deleted, activated] = await Promise.all([
        outcomeOf(users.owner.http.campaign.delete.mutate(request())),
        outcomeOf(users.dm.http.campaign.activate.mutate(request())),
      ])
      expect([
        ['OK', 'CAMPAIGN_NOT_FOUND'],
        ['CONFLICT', 'OK'],
      ]).toContainEqual([deleted.code, activated.code])
      const { campaigns, deleted: gone } = await users.owner.http.campaign.list.query({ roomId })
      expect(gone.map(({ id }) => id)).toEqual(deleted.code === 'OK' ? [spareId] : [])
      expect(campaigns.some(({ id, active }) => id === spareId && active)).toBe(activated.code === 'OK')
    }
  })

  it('keeps one of two edits of an entry and its deletion, in the same order for the DM and the players', async () => {
    for (let n = 0; n < ROUNDS; n++) {
      const { roomId, campaignId, users } = await openTestRoom(testbed)
      await users.player.http.campaign.say.mutate({ roomId, key: newKey(), message: 'THE-FIRST-WORDS' })
      const { entries } = await users.player.http.campaign.history.query({ roomId, campaignId, limit: 1 })
      const request = () => ({ roomId, campaignId, key: newKey(), entryId: entries[0]?.id ?? '' })
      const edit = (seat: TestUser, text: string) =>
        outcomeOf(seat.http.campaign.editEntry.mutate({ ...request(), text }))
      const outcomes = await Promise.all([
        edit(users.player, 'Of the player'),
        edit(users.dm, 'Of the DM'),
        outcomeOf(users.owner.http.campaign.deleteEntry.mutate({ ...request(), deleted: true })),
      ])
      for (const { code } of outcomes) expect(['OK', 'CONFLICT']).toContain(code)
      const read = (seat: TestUser) => seat.http.campaign.history.query({ roomId, campaignId, limit: 9 })
      expect((await read(users.dm)).entries.at(-1)).toMatchObject({ withdrawn: true, deleted: true })
      expect((await read(users.player)).entries.at(-1)).toMatchObject({ withdrawn: true, text: '' })
      const { events } = await users.player.http.campaign.since.query({ roomId, cursor: null })
      expect(JSON.stringify(events)).not.toMatch(/THE-FIRST-WORDS|Of the player|Of the DM/)
    }
  })

  describe('two DMs on one map', () => {
    const open = async () => {
      const room = await openTestRoom(testbed)
      const { roomId, campaignId, users } = room
      const operate = (user: TestUser, operation: MapOperation, key = newKey()) =>
        user.http.maps.operate.mutate({ roomId, campaignId, key, operation })
      const picture = { width: 512, height: 512 }
      const { madeIds } = await operate(users.owner, { type: 'addMap', title: 'Cave', picture })
      const [mapId = ''] = madeIds
      await operate(users.owner, { type: 'showMap', id: mapId })
      return { ...room, mapId, operate }
    }
    const stroke = (mapId: string, reveals: boolean) => ({
      type: 'changeFog' as const,
      mapId,
      stroke: { kind: 'rectangle' as const, from: { x: 64, y: 64 }, to: { x: 256, y: 256 } },
      reveals,
    })
    const tilesOf = async ({ roomId, users }: TestRoom) => {
      const { events } = await users.player.http.campaign.since.query({ roomId, cursor: null })
      const [event] = events
      return event?.type === 'campaign_active' && event.audience === 'player' ? event.snapshot.view.tiles : null
    }

    it('reveal and hide the same place: each stroke counts once however often it is sent, and players see the last one', async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const room = await open()
        const { roomId, campaignId, users, mapId, operate } = room
        await operate(users.owner, stroke(mapId, true))
        const fogNow = () => users.dm.http.maps.fog.query({ roomId, campaignId, mapId })
        const before = await fogNow()
        const keys = { hide: newKey(), reveal: newKey() }
        const hide = () => operate(users.owner, stroke(mapId, false), keys.hide)
        const reveal = () => operate(users.dm, stroke(mapId, true), keys.reveal)
        const answers = await Promise.all(Array.from({ length: SENT }, () => [hide(), reveal()]).flat())
        for (const place of [0, 1])
          expect(new Set(answers.filter((_none, at) => at % 2 === place).map((one) => JSON.stringify(one))).size).toBe(
            1,
          )
        // The map is revealed at first. If the reveal came first it changed nothing, and the map is hidden after one change; else there were two.
        const after = await fogNow()
        const isRevealed = after.revealed !== ''
        expect(after.version - before.version).toBe(isRevealed ? 2 : 1)
        if (isRevealed) expect(after.revealed).toBe(before.revealed)
        expect((await tilesOf(room))?.length).toBe(isRevealed ? 1 : 0)
        // A repeat that comes later changes nothing more.
        await hide()
        await reveal()
        expect(await fogNow()).toEqual(after)
      }
    })

    it('drop one token in two places: it stands in one of them, and every step has its place in the journal', async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const { roomId, campaignId, users, mapId, operate } = await open()
        const token = { characterId: null, name: 'Chest', x: 32, y: 32, size: 1, visible: true, darkvision: 0 }
        const { madeIds } = await operate(users.owner, { type: 'addTokens', mapId, tokens: [token] })
        const [id = ''] = madeIds
        const version = async () => (await users.dm.http.campaign.get.query({ roomId, campaignId })).campaign.version
        const before = await version()
        const drops = [
          [users.owner, { x: 96, y: 96 }, newKey()],
          [users.dm, { x: 160, y: 160 }, newKey()],
        ] as const
        const sent = Array.from({ length: SENT }, () => drops).flat()
        await Promise.all(sent.map(([user, to, key]) => operate(user, { type: 'moveToken', id, way: [to] }, key)))
        expect((await version()) - before).toBe(2)
        const placeOf = async () => {
          const { state } = await users.dm.http.campaign.get.query({ roomId, campaignId })
          return state.tokens?.map(({ x }) => x)
        }
        expect([[96], [160]]).toContainEqual(await placeOf())
        for (let steps = 0; steps < 2; steps++)
          await users.dm.http.campaign.undo.mutate({ roomId, campaignId, key: newKey() })
        expect(await placeOf()).toEqual([32])
      }
    })

    it('one removes the map while the other draws on it: no fog and no tile of it is left for players', async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const room = await open()
        const { users, mapId, operate } = room
        const [removed, ...strokes] = await Promise.all([
          outcomeOf(operate(users.owner, { type: 'removeMap', id: mapId })),
          ...Array.from({ length: 6 }, (_none, at) => outcomeOf(operate(users.dm, stroke(mapId, at % 2 === 0)))),
        ])
        expect(removed?.code).toBe('OK')
        for (const { code } of strokes) expect(['OK', 'NOT_FOUND']).toContain(code)
        expect(await tilesOf(room)).toEqual([])
      }
    })
  })

  describe('two DMs who import creatures at once', () => {
    const file = (...names: string[]) =>
      JSON.stringify(
        Object.fromEntries(names.map((name, at) => [`Creatures.${name}${at}`, { Name: name, HP: { Value: 9 } }])),
      )
    const blocksOf = async ({ roomId, users }: TestRoom) => {
      const { found } = await users.owner.http.statBlocks.search.query({ roomId, query: 'Marsh' })
      return found.map(({ name }) => name).toSorted()
    }
    const importer =
      ({ roomId }: TestRoom) =>
      (user: TestUser, text: string, key = newKey()) =>
        outcomeOf(user.http.statBlocks.import.mutate({ roomId, key, text }))

    it('keep each creature of one file once, and a repeat gets the first answer', async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const room = await openTestRoom(testbed)
        const send = importer(room)
        const { owner, dm } = room.users
        const [one, other] = [newKey(), newKey()]
        const text = file('Marsh Imp', 'Marsh Toad')
        const outcomes = await Promise.all([
          send(owner, text, one),
          send(dm, text, other),
          send(owner, text, one),
          send(dm, text, other),
        ])
        expect(outcomes.map(({ code }) => code)).toEqual(['OK', 'OK', 'OK', 'OK'])
        expect(outcomes[2]?.answer).toEqual(outcomes[0]?.answer)
        expect(outcomes[3]?.answer).toEqual(outcomes[1]?.answer)
        // The one that came second says that it replaced both.
        const replaced = outcomes.slice(0, 2).map(({ answer }) => answer?.replaced)
        expect([
          [0, 2],
          [2, 0],
        ]).toContainEqual(replaced)
        expect(await blocksOf(room)).toEqual(['Marsh Imp', 'Marsh Toad'])
      }
    })

    it('never go over the most stat blocks of a room together', async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const room = await openTestRoom(testbed)
        const send = importer(room)
        const { owner, dm } = room.users
        const outcomes = await Promise.all([
          send(owner, file('Marsh Imp', 'Marsh Toad')),
          send(dm, file('Marsh Hag', 'Marsh Eel')),
        ])
        expect(outcomes.filter(({ code }) => code === 'OK')).toHaveLength(1)
        expect([
          ['Marsh Imp', 'Marsh Toad'],
          ['Marsh Eel', 'Marsh Hag'],
        ]).toContainEqual(await blocksOf(room))
      }
    })
  })
}
