import {
  type CampaignState,
  type PictureOperation,
  CampaignDocument,
  emptyMemberView,
  memberView,
  pictureNamed,
  playerView,
  StatePatch,
} from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dan, dee } from '../testing/fight-room.ts'
import {
  anotherCampaign,
  filled,
  foldedMemberView,
  foldedView,
  handoutIn,
  namesIn,
  openPictureRoom,
  pictureIds,
  whole,
  type PictureRoom,
} from '../testing/picture-room.ts'
import { codeOf, requestBy, roomId } from '../testing/room.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ dataDir: ':memory:' })
})
afterEach(() => store[Symbol.asyncDispose]())

describe('the names of pictures', () => {
  it('are never chosen by anybody: not by an edit, an import or a new campaign', async () => {
    const room = await openPictureRoom(store)
    const { shown } = await filled(room)
    const chosen = 'chosen'.padEnd(22, '0')
    const state = await room.state()
    const portrait = { pictureId: 'map', crop: whole, name: chosen }
    for (const patch of [
      { handouts: { upsert: [{ id: shown, name: chosen }] } },
      { pictures: { upsert: [{ id: 'map', name: chosen }] } },
      { scenePicture: { ...state.scenePicture, name: chosen } },
      { presented: { handoutId: shown } },
    ])
      expect(StatePatch.safeParse(patch).success).toBe(false)
    expect(StatePatch.parse({ characters: { upsert: [{ id: 'tobin', portrait }] } })).toEqual({
      characters: { upsert: [{ id: 'tobin' }] },
    })
    // Past the schema: the domain keeps no name either.
    await room.edit({
      characters: { upsert: [{ id: 'tobin', portrait }] },
      handouts: { upsert: [{ id: shown, name: chosen }] },
    })
    const forged = {
      ...(await room.state()),
      scenePicture: state.scenePicture && { ...state.scenePicture, name: chosen },
    }
    expect(namesIn(forged).filter((name) => name === chosen)).toHaveLength(1)
    const { id } = await room.orchestrator.library.create({ ...requestBy(dee), name: 'Forged', state: forged })
    const exported = await room.orchestrator.library.export({ roomId, campaignId: room.campaignId, format: 'json' })
    const document = CampaignDocument.parse({ ...(JSON.parse(exported.text) as object), state: forged })
    const imported = await room.orchestrator.library.importCampaign({ ...requestBy(dee), document })
    const copy = await room.orchestrator.library.duplicate({
      ...requestBy(dee),
      campaignId: id,
      name: 'Copy',
      withStory: true,
    })
    const names = new Set(namesIn(await room.state()))
    expect(names.has(chosen)).toBe(false)
    for (const campaignId of [id, imported.id, copy.id]) {
      const own = namesIn((await room.orchestrator.library.get(roomId, campaignId)).state)
      expect(own).toHaveLength(namesIn(forged).length)
      for (const name of own) {
        expect([name, names.has(name), name === chosen]).toEqual([name, false, false])
        names.add(name)
      }
    }
  })

  it('are all new when a campaign opens, and members who are no players any more see nothing', async () => {
    const room = await openPictureRoom(store)
    const { forPat } = await filled(room)
    const before = new Set(namesIn(await room.state()))
    await room.orchestrator.deactivateCampaign(requestBy(dee))
    await store.write(({ rooms }) => rooms.removeMember(roomId, 'pat'))
    const sent = room.events.length
    await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: room.campaignId })
    const after = namesIn(await room.state())
    expect(after).toHaveLength(before.size)
    expect(after.filter((name) => before.has(name))).toEqual([])
    expect(handoutIn(await room.state(), forPat)?.members).toEqual(['pia'])
    expect(room.events.slice(sent).map(({ streamId }) => streamId)).toEqual([
      'room:r:dm',
      'room:r:player',
      'room:r:member:pia',
    ])
    expect(foldedMemberView(room, 'pia')).toEqual(memberView(await room.state(), 'pia'))
  })

  it('stand in no row of the journal', async () => {
    const room = await openPictureRoom(store)
    const { shown } = await filled(room)
    await room.operate({ type: 'show', id: shown, to: 'nobody' })
    await room.undo()
    await room.edit({ characters: { remove: ['mira'] } })
    await room.undo()
    const rows = await store.read(({ journal }) => journal.since(room.campaignId, 0, 500))
    const text = JSON.stringify(rows.map(({ patch, inverse }) => ({ patch, inverse })))
    const names = room.events.flatMap((event) => event.text.match(/(?<="name":")[A-Za-z0-9_-]{22}(?=")/g) ?? [])
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) expect(text).not.toContain(name)
  })

  it('are all new for somebody’s removal or demotion, in all campaigns after that of a DM', async () => {
    const room = await openPictureRoom(store)
    const { forPat } = await filled(room)
    const closed = await anotherCampaign(room)
    await room.orchestrator.pictures.operate({
      ...requestBy(dee),
      campaignId: closed,
      operation: { type: 'addHandout', title: 'Closed', text: '', alt: '', pictureId: 'map' },
    })
    const stateOf = async (campaignId: string) => (await room.orchestrator.library.get(roomId, campaignId)).state
    const change = async (role: Parameters<PictureRoom['orchestrator']['pictures']['rolesChanged']>[2][number]) => {
      const before = { open: await stateOf(room.campaignId), closed: await stateOf(closed) }
      const tell = await store.write(async (tables) => {
        const row = await tables.rooms.lock(roomId)
        if (!row) throw new Error('no room')
        const actor = { id: 'olga', name: 'Olga', role: 'dm' as const }
        const at = new Date().toISOString()
        return room.orchestrator.pictures.rolesChanged({ tables, room: row, actor, at }, 7, [role])
      })
      const sent = room.events.length
      tell()
      const after = { open: await stateOf(room.campaignId), closed: await stateOf(closed) }
      const kept = (one: CampaignState, other: CampaignState) =>
        namesIn(other).filter((name) => namesIn(one).includes(name))
      return {
        open: kept(before.open, after.open).length,
        closed: kept(before.closed, after.closed).length,
        all: namesIn(after.open).length,
        members: handoutIn(after.open, forPat)?.members,
        events: room.events.slice(sent).map(({ streamId, access }) => [streamId.slice('room:r:'.length), access]),
      }
    }
    const all = namesIn(await room.state()).length
    // A spectator who leaves takes nothing along.
    expect(await change({ userId: 'sid', was: 'spectator', role: null, left: true })).toMatchObject({
      open: all,
      events: [],
    })
    expect(await change({ userId: 'sid', was: 'spectator', role: 'player', left: false })).toMatchObject({ open: all })
    expect(await change({ userId: 'olga', was: 'owner', role: 'dm', left: false })).toMatchObject({ open: all })
    expect(await change({ userId: 'dan', was: 'dm', role: 'player', left: false })).toMatchObject({
      open: 0,
      closed: 0,
    })
    expect(await change({ userId: 'sid', was: 'player', role: 'spectator', left: false })).toMatchObject({
      open: 0,
      closed: 1,
    })
    // The event of the removal goes out after the removal: with its accessVersion.
    expect(await change({ userId: 'pat', was: 'player', role: null, left: false })).toMatchObject({
      open: 0,
      closed: 1,
      members: ['pia'],
      events: [
        ['dm', 7],
        ['player', 7],
        ['member:pat', 7],
        ['member:pia', 7],
      ],
    })
    expect(foldedMemberView(room, 'pat')).toEqual(emptyMemberView)
    expect(foldedMemberView(room, 'pia')).toEqual(memberView(await room.state(), 'pia'))
    expect(foldedView(room)).toEqual(playerView(await room.state()))
  })

  it('of an undo stay new, whatever steps are taken back and made again, and every view is its projection', async () => {
    const title = fc.constantFrom('A', 'B')
    const at = fc.nat(3)
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), title, pictureId: fc.constantFrom(null, ...pictureIds) }),
      fc.record({
        kind: fc.constant('show' as const),
        at,
        to: fc.constantFrom('everyone' as const, 'nobody' as const, { members: ['pat'] }, { members: ['pat', 'pia'] }),
      }),
      fc.record({ kind: fc.constant('present' as const), at: fc.option(at) }),
      fc.record({ kind: fc.constant('remove' as const), at }),
      fc.record({ kind: fc.constant('scene' as const), pictureId: fc.constantFrom(null, ...pictureIds) }),
      fc.record({
        kind: fc.constant('portrait' as const),
        characterId: fc.constantFrom('mira', 'goblin'),
        pictureId: fc.constantFrom(null, ...pictureIds),
      }),
      fc.record({
        kind: fc.constant('visible' as const),
        id: fc.constantFrom('mira', 'goblin'),
        visible: fc.boolean(),
      }),
      fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const, 'reopen' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        await using own = await openStore({ dataDir: ':memory:' })
        const room = await openPictureRoom(own)
        const other = await anotherCampaign(room)
        /** Names that led to a picture once, and no longer do. */
        const dead = new Set<string>()
        let alive = new Set<string>()
        for (const one of steps) {
          await carryOut(room, one, other)
          const state = await room.state()
          const now = new Set(namesIn(state).filter((name) => pictureNamed(state, name)))
          for (const name of alive) if (!now.has(name)) dead.add(name)
          expect([...now].filter((name) => dead.has(name))).toEqual([])
          alive = now
          expect(foldedView(room)).toEqual(playerView(state))
          for (const user of ['pat', 'pia']) expect(foldedMemberView(room, user)).toEqual(memberView(state, user))
        }
      }),
      { numRuns: 25 },
    )
  })
})

type StepKind =
  | { kind: 'add'; title: string; pictureId: string | null }
  | { kind: 'show'; at: number; to: 'everyone' | 'nobody' | { members: string[] } }
  | { kind: 'present'; at: number | null }
  | { kind: 'remove'; at: number }
  | { kind: 'scene'; pictureId: string | null }
  | { kind: 'portrait'; characterId: string; pictureId: string | null }
  | { kind: 'visible'; id: string; visible: boolean }
  | { kind: 'undo' | 'redo' | 'reopen' }

/** A step on a handout that is not there, and an undo of nothing, are refused. */
async function carryOut(room: PictureRoom, step: StepKind, other: string): Promise<void> {
  const handouts = (await room.state()).handouts ?? []
  const idAt = (at: number) => handouts[at]?.id ?? 'none'
  const look = { alt: '', focus: { x: 0.5, y: 0.5 }, dimming: 0 }
  const operate = (operation: PictureOperation) => codeOf(room.operate(operation))
  switch (step.kind) {
    case 'add':
      await room.add(step.title, step.pictureId)
      return
    case 'show':
      await operate({ type: 'show', id: idAt(step.at), to: step.to })
      return
    case 'present':
      await operate({ type: 'present', id: step.at === null ? null : idAt(step.at) })
      return
    case 'remove':
      await operate({ type: 'removeHandout', id: idAt(step.at) })
      return
    case 'scene':
      await operate({
        type: 'setScenePicture',
        picture: step.pictureId === null ? null : { pictureId: step.pictureId, ...look },
      })
      return
    case 'portrait':
      await operate({ type: 'setPortrait', characterId: step.characterId, pictureId: step.pictureId, crop: whole })
      return
    case 'visible':
      await room.edit({ characters: { upsert: [{ id: step.id, visible: step.visible }] } })
      return
    case 'reopen':
      await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: other })
      await room.orchestrator.activateCampaign({ ...requestBy(dee), campaignId: room.campaignId })
      return
    default:
      await codeOf(step.kind === 'undo' ? room.undo() : room.redo())
  }
}

describe('ten operations of two DMs at once', () => {
  it('are each carried out once, also where a call comes again', async () => {
    const room = await openPictureRoom(store)
    const operations = Array.from({ length: 10 }, (_one, at) => ({
      ...requestBy(at % 2 === 0 ? dee : dan),
      campaignId: room.campaignId,
      operation: {
        type: 'addHandout' as const,
        title: `H${at}`,
        text: '',
        alt: '',
        pictureId: pictureIds[at % 3] ?? null,
      },
    }))
    const answers = await Promise.all(
      operations.map(async (one) => {
        const [first, again] = await Promise.all([
          room.orchestrator.pictures.operate(one),
          room.orchestrator.pictures.operate(one),
        ])
        expect(again).toEqual(first)
        return first.handoutId
      }),
    )
    const state = await room.state()
    expect(new Set(state.handouts?.map(({ id }) => id))).toEqual(new Set(answers))
    expect(state.handouts).toHaveLength(10)
    expect(state.pictures?.map(({ id }) => id).toSorted()).toEqual(['goblin', 'letter', 'map'])
  })
})
