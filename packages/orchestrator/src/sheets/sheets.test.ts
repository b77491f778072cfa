import { emptySheet } from '@tablecast/bestiary'
import { emptyMemberView, memberView, TablecastError } from '@tablecast/contracts'
import { openStore } from '@tablecast/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dee, pat, pia } from '../testing/fight-room.ts'
import { foldedMemberView, foldedView } from '../testing/picture-room.ts'
import { codeOf, requestBy, roomId } from '../testing/room.ts'
import { mirasSheet, openSheetRoom } from '../testing/sheet-room.ts'

const memory = () => openStore({ dataDir: ':memory:' })
const patUser = { id: 'pat', role: 'player' as const }
const dm = { id: 'dee', role: 'dm' as const }

describe('a sheet', () => {
  it('is saved by its player and by a DM, and its level, initiative and resources stand on the character', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    expect(await room.read('mira', patUser)).toEqual({ id: 'mira', hash: null, sheet: null })
    const { hash } = await room.save(mirasSheet, null)
    expect(await room.read('mira', patUser)).toEqual({ id: 'mira', hash, sheet: mirasSheet })
    expect(await room.mira()).toMatchObject({ sheet: { hash }, level: 5, initiativeBonus: 3 })
    expect(await room.left()).toEqual({ 'slots-1': 2, surge: 1, luck: 3 })
    const next = await room.save({ ...mirasSheet, level: 6 }, hash, dee)
    expect([next.hash === hash, (await room.read('mira', dm)).sheet?.level]).toEqual([false, 6])
  })

  it('reaches its player live, and no byte of it anybody else', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const { hash } = await room.save(mirasSheet, null)
    await room.spend('slots-1', 1)
    const view = foldedMemberView(room, 'pat')
    expect(view).toEqual(memberView(await room.state(), 'pat'))
    expect(view.sheets).toMatchObject([{ id: 'mira', hash, uses: [{ key: 'slots-1', left: 1 }, {}, {}] }])
    expect(foldedMemberView(room, 'pia')).toEqual(emptyMemberView)
    for (const listener of ['player', 'member:pia', 'member:sid'])
      expect(room.bytesOf(listener)).not.toMatch(/CANARY|slots-1|Action Surge|[0-9a-f]{64}/)
    foldedView(room)
  })

  it('is refused to other players and to the player of a hidden character, as one that is not there', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    await room.save(mirasSheet, null)
    await room.edit({ characters: { upsert: [{ id: 'goblin', ownerId: 'pat' }] } })
    const other = { id: 'pia', role: 'player' as const }
    const refusals = await Promise.all(
      [room.read('mira', other), room.read('there-is-none', other), room.read('goblin', patUser)].map((call) =>
        call.catch((error: unknown) => (error instanceof TablecastError ? `${error.code} ${error.message}` : error)),
      ),
    )
    expect(new Set(refusals).size).toBe(1)
    expect(refusals[0]).toContain('FORBIDDEN')
    expect(await codeOf(room.save(mirasSheet, null, pia))).toBe('FORBIDDEN')
    expect(await codeOf(room.spend('luck', 1, pia))).toBe('FORBIDDEN')
    expect(await codeOf(room.act({ type: 'rest', characterId: 'mira', kind: 'long' }, pia))).toBe('FORBIDDEN')
  })

  it('is not saved over a change that its editor did not see', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const { hash } = await room.save(mirasSheet, null)
    await room.save({ ...mirasSheet, notes: 'Of the DM' }, hash, dee)
    const lost = room.save({ ...mirasSheet, notes: 'Of Pat' }, hash)
    await expect(lost).rejects.toMatchObject({ code: 'CONFLICT', details: { sheet: { notes: 'Of the DM' } } })
    // The same words again are no conflict.
    expect(await codeOf(room.save({ ...mirasSheet, notes: 'Of the DM' }, hash))).toBe('OK')
  })

  it('comes back with an undo of the DM', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const first = await room.save(mirasSheet, null, dee)
    await room.save({ ...mirasSheet, level: 9, resources: [] }, first.hash, dee)
    await room.undo()
    expect(await room.read('mira', patUser)).toEqual({ id: 'mira', hash: first.hash, sheet: mirasSheet })
    expect(await room.left()).toEqual({ 'slots-1': 2, surge: 1, luck: 3 })
    await room.redo()
    expect((await room.read('mira', patUser)).sheet?.level).toBe(9)
    expect(foldedMemberView(room, 'pat')).toEqual(memberView(await room.state(), 'pat'))
  })

  it('stays as it is when an undo meets one that is not kept any more', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    let { hash } = await room.save(mirasSheet, null, dee)
    ;({ hash } = await room.save({ ...mirasSheet, notes: 'Of the DM' }, hash, dee))
    for (let level = 1; level <= 25; level++)
      ({ hash } = await room.save({ ...mirasSheet, notes: `Version ${level}` }, hash, pat))
    await room.undo()
    expect((await room.read('mira', patUser)).sheet?.notes).toBe('Version 25')
  })

  it('is part of an export, an import and a copy, and goes nowhere else', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const { orchestrator, campaignId } = room
    const { hash } = await room.save(mirasSheet, null)
    const proposal = { name: 'Ilse', hp: 9, armourClass: 12, sheet: { ...emptySheet, notes: 'Mine' } }
    await room.act({ type: 'propose', character: proposal })
    const file = await orchestrator.library.export({ roomId, campaignId, format: 'json' })
    const document = JSON.parse(file.text)
    expect(document.sheets).toHaveLength(2)
    const players = await orchestrator.library.export({ roomId, campaignId, format: 'markdown', audience: 'player' })
    expect(players.text).not.toMatch(/CANARY|Ilse/)
    const imported = await orchestrator.library.importCampaign({ ...requestBy(dee), document })
    const copy = await orchestrator.library.duplicate({ ...requestBy(dee), campaignId, name: 'Copy', withStory: false })
    for (const { id } of [imported, copy]) {
      const { state } = await orchestrator.library.get(roomId, id)
      const read = (of: string) => orchestrator.sheets.get({ roomId, campaignId: id, id: of, caller: dm })
      expect(await read('mira')).toEqual({ id: 'mira', hash, sheet: mirasSheet })
      expect((await read(state.requests?.[0]?.id ?? '')).sheet?.notes).toBe('Mine')
    }
    const without = { ...document, sheets: [] }
    const bare = await orchestrator.library.importCampaign({ ...requestBy(dee), document: without })
    const { state } = await orchestrator.library.get(roomId, bare.id)
    expect([state.characters[0]?.sheet, state.requests]).toEqual([null, []])
  })
})

describe('a character with a sheet, in a fight,', () => {
  it('saves with the bonus of the sheet', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const strong = { ...mirasSheet, saves: { dex: 99 } }
    await room.save(strong, null)
    const save = { type: 'save' as const, targets: ['mira', 'tobin'], ability: 'dex' as const, dc: 60 }
    await room.orchestrator.fights.operate({
      ...requestBy(dee),
      campaignId: room.campaignId,
      operation: { ...save, concentration: false },
    })
    const told = (await room.entries()).map(({ text }) => text).join('\n')
    expect(told).toContain('Mira saves')
    expect(told).toContain('Tobin fails')
  })
})

describe('resources', () => {
  it('stay within their bounds, and those who spend at the same time all count', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    await room.save({ ...mirasSheet, resources: [{ key: 'luck', name: 'Luck', most: 9, back: 'never' }] }, null)
    const call = fc.record({ count: fc.integer({ min: -12, max: 12 }), byDm: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 8 }), async (calls) => {
        await room.spend('luck', -12)
        let expected = 9
        for (const { count, byDm } of calls) {
          const code = await codeOf(room.spend('luck', count, byDm ? dee : pat))
          expect(code).toBe(count > expected ? 'VALIDATION_FAILED' : 'OK')
          if (code === 'OK') expected = Math.min(9, expected - count)
          expect(await room.left()).toEqual({ luck: expected })
        }
      }),
      { numRuns: 15 },
    )
    await room.spend('luck', -12)
    await Promise.all(Array.from({ length: 9 }, (_one, at) => room.spend('luck', 1, at % 2 ? dee : pat)))
    expect([await room.left(), await codeOf(room.spend('luck', 1))]).toEqual([{ luck: 0 }, 'VALIDATION_FAILED'])
  })

  it('that a DM spent come back with an undo, whatever was spent since', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    await room.save(mirasSheet, null)
    await room.spend('luck', 2, dee)
    await room.spend('surge', 1)
    await room.undo()
    expect(await room.left()).toEqual({ 'slots-1': 2, surge: 0, luck: 3 })
  })

  it('come back with the rest that their sheet names', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    await room.save(mirasSheet, null)
    for (const key of ['slots-1', 'surge', 'luck']) await room.spend(key, 1)
    await room.act({ type: 'rest', characterId: 'mira', kind: 'short' })
    expect(await room.left()).toEqual({ 'slots-1': 1, surge: 1, luck: 2 })
    await room.spend('surge', 1)
    await room.edit({ characters: { upsert: [{ id: 'mira', hp: { current: 3, max: 20, temp: 1 } }] } })
    await room.act({ type: 'rest', characterId: 'mira', kind: 'long' })
    expect(await room.left()).toEqual({ 'slots-1': 2, surge: 1, luck: 2 })
    expect((await room.mira())?.hp).toEqual({ current: 20, max: 20, temp: 0 })
  })

  it('keep what is left when the sheet changes, as far as it still fits', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const { hash } = await room.save(mirasSheet, null)
    await room.spend('luck', 1)
    const resources = [
      { key: 'slots-1', name: 'Spell slots, level 1', most: 4, back: 'long' as const },
      { key: 'luck', name: 'Luck', most: 1, back: 'never' as const },
      { key: 'ki', name: 'Ki', most: 5, back: 'short' as const },
    ]
    await room.save({ ...mirasSheet, resources }, hash)
    expect(await room.left()).toEqual({ 'slots-1': 2, luck: 1, ki: 5 })
  })
})

describe('a request for a character', () => {
  const character = { name: 'Ilse CANARY', hp: 31, armourClass: 14, sheet: { ...mirasSheet, notes: 'Of Ilse' } }

  it('is seen by its player and the DMs, and becomes a character when a DM accepts', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const { id, hash } = await room.act({ type: 'propose', character })
    expect((await room.state()).requests).toMatchObject([{ id, name: 'Ilse CANARY', ownerId: 'pat', hp: 31 }])
    expect(foldedMemberView(room, 'pat').requests).toEqual([{ id, name: 'Ilse CANARY' }])
    expect((await room.read(id, dm)).sheet?.notes).toBe('Of Ilse')
    expect(room.bytesOf('player') + room.bytesOf('member:pia')).not.toContain('CANARY')
    expect(await codeOf(room.act({ type: 'accept', requestId: id }))).toBe('NOT_THE_DM')
    await room.act({ type: 'accept', requestId: id }, dee)
    const state = await room.state()
    expect(state.requests).toEqual([])
    expect(state.characters.find((one) => one.id === id)).toMatchObject({
      ownerId: 'pat',
      kind: 'pc',
      side: 'party',
      hp: { current: 31, max: 31 },
      sheet: { hash },
    })
    expect(await codeOf(room.act({ type: 'accept', requestId: id }, dee))).toBe('NOT_FOUND')
    expect(foldedMemberView(room, 'pat')).toEqual(memberView(state, 'pat'))
    await room.undo()
    expect((await room.state()).requests).toMatchObject([{ id }])
  })

  it('that a DM declines is gone, and its player reads why', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const { id } = await room.act({ type: 'propose', character })
    expect(await codeOf(room.act({ type: 'decline', requestId: id }, pia))).toBe('FORBIDDEN')
    await room.act({ type: 'decline', requestId: id }, dee)
    expect((await room.state()).requests).toEqual([])
    expect(room.bytesOf('member:pat')).toContain('I did not take Ilse CANARY into the campaign.')
    expect(room.bytesOf('player')).not.toContain('CANARY')
  })

  it('can be taken back by its player, who has at most three', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    const asked = [1, 2, 3].map(() => room.act({ type: 'propose', character }))
    const [first] = await Promise.all(asked)
    expect(await codeOf(room.act({ type: 'propose', character }))).toBe('VALIDATION_FAILED')
    await room.act({ type: 'decline', requestId: first?.id ?? '' })
    expect(await codeOf(room.act({ type: 'propose', character }))).toBe('OK')
    expect(await codeOf(room.act({ type: 'propose', character }, pia))).toBe('OK')
  })
})

describe('a player who becomes a spectator', () => {
  it('loses their own view, and gets it again as a player', async () => {
    await using store = await memory()
    const room = await openSheetRoom(store)
    await room.save(mirasSheet, null)
    const change = async (was: 'player' | 'spectator', role: 'player' | 'spectator') => {
      const tell = await store.write(async (tables) => {
        await tables.rooms.putMember(roomId, { userId: 'pat', name: 'pat', role, joinedAt: '2026-01-01T20:00:00.000Z' })
        const row = await tables.rooms.lock(roomId)
        if (!row) throw new Error('the room is gone')
        const by = {
          tables,
          room: row,
          actor: { id: 'olga', name: 'olga', role: 'dm' as const },
          at: '2026-01-02T20:00:00.000Z',
        }
        return room.orchestrator.pictures.rolesChanged(by, 7, [{ userId: 'pat', was, role, left: false }])
      })
      tell()
    }
    await change('player', 'spectator')
    expect(foldedMemberView(room, 'pat')).toEqual(emptyMemberView)
    const before = room.eventsOf('member:pat').length
    await room.spend('luck', 1, dee)
    expect(room.eventsOf('member:pat')).toHaveLength(before)
    await change('spectator', 'player')
    expect(foldedMemberView(room, 'pat')).toEqual(memberView(await room.state(), 'pat'))
  })
})
