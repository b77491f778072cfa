// An entry's author and the DM edit and delete it.
import type { CampaignEvent } from '@tablecast/contracts'
import { openStore } from '@tablecast/store'
import { describe, expect, it } from 'vitest'
import { trustedCaller } from './index.ts'
import { codeOf, openRoom, requestBy as by, roomId } from './testing/room.ts'

const ann = trustedCaller({ id: 'ann', name: 'Ann', role: 'dm' })
const pat = trustedCaller({ id: 'pat', name: 'Pat', role: 'player' })
const quinn = trustedCaller({ id: 'quinn', name: 'Quinn', role: 'player' })
type Caller = typeof ann

async function table() {
  const store = await openStore({ dataDir: ':memory:' })
  const { orchestrator, events } = await openRoom(store, {
    members: [
      { id: 'pat', name: 'Pat', role: 'player' },
      { id: 'quinn', name: 'Quinn', role: 'player' },
    ],
  })
  const { id } = await orchestrator.library.create({ ...by(ann), name: 'C' })
  await orchestrator.activateCampaign({ ...by(ann), campaignId: id })
  const say = async (caller: Caller, message: string) => {
    await orchestrator.processChatMessage({ ...by(caller), message })
    return newest()
  }
  const whisper = async (caller: Caller, message: string, to: string | null = null) => {
    await orchestrator.whisper({ ...by(caller), message, to })
    return newest()
  }
  const entries = async () => (await orchestrator.library.get(roomId, id)).entries
  const newest = async () => (await entries()).at(-1)?.id ?? ''
  const find = async (entryId: string) => (await entries()).find((entry) => entry.id === entryId)
  const edit = (caller: Caller, entryId: string, text: string) =>
    orchestrator.editEntry({ ...by(caller), campaignId: id, entryId, text })
  const remove = (caller: Caller, entryId: string, deleted = true) =>
    orchestrator.deleteEntry({ ...by(caller), campaignId: id, entryId, deleted })
  const undo = () => orchestrator.undo({ ...by(ann), campaignId: id })
  const redo = () => orchestrator.redo({ ...by(ann), campaignId: id })
  const last = (listener: string) =>
    JSON.parse(
      events.findLast(({ streamId }) => streamId === `room:r:${listener}`)?.text ?? 'null',
    ) as CampaignEvent | null
  const close = () => store[Symbol.asyncDispose]()
  return {
    store,
    orchestrator,
    events,
    id,
    by,
    say,
    whisper,
    find,
    edit,
    remove,
    undo,
    redo,
    last,
    [Symbol.asyncDispose]: close,
  }
}

describe('an edit of an entry', () => {
  it('reaches the DM and the players with the new words and the editor’s name, and raises the version', async () => {
    await using t = await table()
    const entryId = await t.say(pat, 'I open teh door.')
    const before = (await t.orchestrator.library.get(roomId, t.id)).campaign.version
    await t.edit(pat, entryId, 'I open the door.')
    const words = { id: entryId, text: 'I open the door.', editedBy: 'Pat', author: { id: 'pat' } }
    expect(await t.find(entryId)).toMatchObject(words)
    for (const listener of ['dm', 'player'])
      expect(t.last(listener)).toMatchObject({ withdrawn: [{ id: entryId, withdrawn: false, entry: words }] })
    expect((await t.orchestrator.library.get(roomId, t.id)).campaign.version).toBe(before + 1)
    expect(t.last('dm')).toMatchObject({ dm: { version: before + 1 } })
  })

  it('keeps the dice as they were rolled, and rolls none', async () => {
    await using t = await table()
    const entryId = await t.say(ann, 'The bell tolls [[1d20]] times.')
    const rolls = (await t.find(entryId))?.rolls
    await t.edit(ann, entryId, 'It rings [[1d20]] times.')
    expect(await t.find(entryId)).toMatchObject({ text: 'It rings [[1d20]] times.', rolls })
    expect(rolls).toHaveLength(1)
  })

  it('leaves undo and redo as they were', async () => {
    await using t = await table()
    const entryId = await t.say(ann, 'The first words.')
    await t.edit(ann, entryId, 'The second words.')
    await t.undo()
    expect(await t.find(entryId)).toMatchObject({ text: 'The second words.', withdrawn: true })
    await t.redo()
    expect(await t.find(entryId)).toMatchObject({ text: 'The second words.', withdrawn: false })
    await t.undo()
    expect(await codeOf(t.edit(ann, entryId, 'The third words.'))).toBe('CONFLICT')
    await t.redo()
    expect((await t.find(entryId))?.withdrawn).toBe(false)
  })

  it('is refused to other players, and for dice and the lines of commands', async () => {
    await using t = await table()
    const ofPat = await t.say(pat, 'Mine.')
    const roll = await t.say(pat, '/roll 1d20')
    const line = await t.say(ann, '/scene A gate')
    expect(await codeOf(t.edit(quinn, ofPat, 'Yours.'))).toBe('FORBIDDEN')
    expect(await codeOf(t.edit(pat, roll, '20'))).toBe('FORBIDDEN')
    expect(await codeOf(t.edit(ann, line, 'A door.'))).toBe('FORBIDDEN')
    expect(await codeOf(t.edit(ann, ofPat, 'The DM mends it.'))).toBe('OK')
  })

  it('of an entry that the player may not read is answered as one of an entry that is not there', async () => {
    await using t = await table()
    const secret = await t.say(ann, '/secret A trap.')
    const whisper = await t.whisper(pat, 'Psst.')
    expect(await codeOf(t.edit(quinn, secret, 'X'))).toBe('NOT_FOUND')
    expect(await codeOf(t.edit(quinn, whisper, 'X'))).toBe('NOT_FOUND')
    expect(await codeOf(t.remove(quinn, whisper))).toBe('NOT_FOUND')
    expect(await codeOf(t.edit(quinn, 'none', 'X'))).toBe('NOT_FOUND')
  })

  it('of a whisper reaches its member, and no event reaches the other players', async () => {
    await using t = await table()
    const whisper = await t.whisper(pat, 'Pst.')
    const before = t.events.filter(({ streamId }) => streamId === 'room:r:player').length
    await t.edit(pat, whisper, 'Psst.')
    expect(t.last('member:pat')).toMatchObject({ withdrawn: [{ id: whisper, entry: { text: 'Psst.' } }] })
    expect(t.events.filter(({ streamId }) => streamId === 'room:r:player')).toHaveLength(before)
  })

  it('is refused to a player when the campaign is closed', async () => {
    await using t = await table()
    const entryId = await t.say(pat, 'Mine.')
    await t.orchestrator.deactivateCampaign(t.by(ann))
    expect(await codeOf(t.edit(pat, entryId, 'X'))).toBe('CAMPAIGN_NOT_FOUND')
    expect(await codeOf(t.edit(ann, entryId, 'X'))).toBe('OK')
  })
})

describe('a deleted entry', () => {
  it('loses its words for players, and DMs keep them with the name of who deleted it', async () => {
    await using t = await table()
    const entryId = await t.say(pat, 'LOST-WORDS')
    await t.remove(pat, entryId)
    expect(await t.find(entryId)).toMatchObject({
      text: 'LOST-WORDS',
      withdrawn: true,
      deleted: true,
      takenBackBy: 'Pat',
    })
    expect(t.last('player')).toMatchObject({ withdrawn: [{ id: entryId, withdrawn: true }] })
    expect(JSON.stringify(t.last('player'))).not.toMatch(/LOST-WORDS|Pat/)
    expect(t.last('dm')).toMatchObject({ withdrawn: [{ id: entryId, withdrawn: true, deleted: true, by: 'Pat' }] })
    const players = await t.orchestrator.history({
      roomId,
      campaignId: t.id,
      listener: 'player',
      before: null,
      limit: 9,
    })
    expect(JSON.stringify(players)).not.toMatch(/LOST-WORDS|deleted/)
    const exported = await t.orchestrator.library.export({
      roomId,
      campaignId: t.id,
      format: 'markdown',
      audience: 'player',
    })
    expect(exported.text).not.toContain('LOST-WORDS')
  })

  it('is not brought back by a redo of the step that it belongs to', async () => {
    await using t = await table()
    const entryId = await t.say(ann, 'LOST-WORDS')
    await t.remove(ann, entryId)
    await t.undo()
    await t.redo()
    expect(await t.find(entryId)).toMatchObject({ withdrawn: true, deleted: true })
    expect(JSON.stringify(t.last('player'))).not.toContain('LOST-WORDS')
  })

  it('that an undo had taken back stays deleted after the redo', async () => {
    await using t = await table()
    const entryId = await t.say(ann, 'LOST-WORDS')
    await t.undo()
    await t.remove(ann, entryId)
    await t.redo()
    expect(await t.find(entryId)).toMatchObject({ withdrawn: true, deleted: true })
  })

  it('is put back by a DM with all its words, and by no player', async () => {
    await using t = await table()
    const entryId = await t.say(pat, 'Words.')
    await t.remove(pat, entryId)
    expect(await codeOf(t.remove(pat, entryId, false))).toBe('FORBIDDEN')
    await t.remove(ann, entryId, false)
    const restored = await t.find(entryId)
    expect(restored).toMatchObject({ text: 'Words.', withdrawn: false })
    expect(restored).not.toHaveProperty('deleted')
    expect(t.last('player')).toMatchObject({
      withdrawn: [{ id: entryId, withdrawn: false, entry: { text: 'Words.' } }],
    })
  })

  it('can not be put back when an undo took it away', async () => {
    await using t = await table()
    const entryId = await t.say(ann, 'Words.')
    await t.undo()
    expect(await codeOf(t.remove(ann, entryId, false))).toBe('CONFLICT')
  })

  it('is the author’s also after the guest became an account', async () => {
    await using t = await table()
    const at = new Date().toISOString()
    await t.store.write(async ({ users }) => {
      await users.put({ id: 'patricia', subject: 's', name: 'Patricia', mergedInto: null, createdAt: at })
      await users.put({ id: 'pat', subject: null, name: 'Pat', mergedInto: 'patricia', createdAt: at })
    })
    const entryId = await t.say(pat, 'As a guest.')
    const patricia = trustedCaller({ id: 'patricia', name: 'Patricia', role: 'player' })
    expect(await codeOf(t.remove(patricia, entryId))).toBe('OK')
  })
})
