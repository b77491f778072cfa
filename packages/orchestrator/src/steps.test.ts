// Undo and redo at a table with several DMs: each step is named with its author, and none is taken that was not meant.
import type { CampaignEvent, DmStatus } from '@tablecast/contracts'
import { openStore, type Store } from '@tablecast/store'
import { describe, expect, it } from 'vitest'
import { sampleCampaign, trustedCaller } from './index.ts'
import { openRoom, requestBy as by, roomId } from './testing/room.ts'

const ann = trustedCaller({ id: 'ann', name: 'Ann', role: 'dm' })
const ben = trustedCaller({ id: 'ben', name: 'Ben', role: 'dm' })
const program = trustedCaller({ id: 'passing-1', name: 'Overlay', role: 'dm' })
const pat = trustedCaller({ id: 'pat', name: 'Pat', role: 'player' })
type Caller = typeof ann

async function table() {
  const opened = await openStore({ dataDir: ':memory:' })
  const rowsRead: number[] = []
  const store: Store = {
    kind: opened.kind,
    read: (work, options) => opened.read(work, options),
    write: (work, options) =>
      opened.write((tables) => {
        const get = (campaignId: string, version: number) => {
          rowsRead.push(version)
          return tables.journal.get(campaignId, version)
        }
        return work({ ...tables, journal: { ...tables.journal, get } })
      }, options),
    ping: () => opened.ping(),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
  const { orchestrator, events } = await openRoom(store, {
    members: [
      { id: 'ann', name: 'Ann', role: 'dm' },
      { id: 'ben', name: 'Ben', role: 'dm' },
    ],
  })
  const { id } = await orchestrator.library.create({ ...by(ann), ...sampleCampaign(new Date()) })
  await orchestrator.activateCampaign({ ...by(ann), campaignId: id })
  const say = (caller: Caller, message: string) => orchestrator.processChatMessage({ ...by(caller), message })
  const edit = async (caller: Caller, patch: object) => {
    const { campaign } = await orchestrator.library.get(roomId, id)
    return orchestrator.editCampaign({ ...by(caller), campaignId: id, baseVersion: campaign.version, patch })
  }
  const undo = (caller: Caller, step?: number) => orchestrator.undo({ ...by(caller), campaignId: id, step })
  const redo = (caller: Caller, step?: number) => orchestrator.redo({ ...by(caller), campaignId: id, step })
  /** The status in the last event of the DMs. */
  const status = (): DmStatus => {
    const event = events.findLast(({ streamId }) => streamId === 'room:r:dm')
    const announced = JSON.parse(event?.text ?? '{}') as CampaignEvent
    if (announced.type !== 'campaign_updated' || !announced.dm) throw new Error('no status')
    return announced.dm
  }
  const close = () => store[Symbol.asyncDispose]()
  return { store, rowsRead, orchestrator, events, id, by, say, edit, undo, redo, status, [Symbol.asyncDispose]: close }
}

const MIRA = 'Mira Ashdown’s hit points 21 → 14'

it('each row of the journal is read at most once for a change, an undo and a redo', async () => {
  await using t = await table()
  await t.say(ben, '/hp Mira -7')
  await t.say(ann, '/status Combat')
  for (const step of [
    () => t.say(ann, '/scene A road'),
    () => t.undo(ben),
    () => t.undo(ben),
    () => t.redo(ann),
    () => t.undo(ann),
  ]) {
    t.rowsRead.length = 0
    await step()
    expect(t.rowsRead).toEqual([...new Set(t.rowsRead)])
  }
})

describe('an undo', () => {
  it('says what it took back and whose it was, to its caller, in a command as well as in a call', async () => {
    await using t = await table()
    await t.say(ben, '/hp Mira -7')
    expect(t.status().undo).toMatchObject({ by: { id: 'ben', name: 'Ben' }, of: { id: 'ben' }, changes: MIRA })
    expect(await t.undo(ann)).toMatchObject({ message: `Undid Ben’s change: ${MIRA}` })
    expect(await t.redo(ann)).toMatchObject({ message: `Redid Ben’s change: ${MIRA}` })
    expect((await t.say(ann, '/undo')).message).toBe(`Undid Ben’s change: ${MIRA}`)
    expect((await t.say(ben, '/redo')).message).toBe(`Redid your change: ${MIRA}`)
    await t.say(ann, 'The bell tolls.')
    expect((await t.say(ann, '/undo')).message).toBe('Undid your change: “The bell tolls.”')
  })

  it('that means another step than the last changes nothing, and says which step is the last', async () => {
    await using t = await table()
    await t.say(ann, '/scene Mine')
    const mine = t.status().undo?.step ?? 0
    await t.say(ben, '/scene Theirs')
    const before = await t.orchestrator.library.get(roomId, t.id)
    await expect(t.undo(ann, mine)).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'Another step came in between, and nothing was undone. The next one to be undone is Ben’s change: the scene “Mine” → “Theirs”. Look at it, and undo it if you mean it.',
      details: { step: t.status().undo },
    })
    expect(await t.orchestrator.library.get(roomId, t.id)).toEqual(before)
    await t.undo(ann, t.status().undo?.step)
    expect((await t.orchestrator.library.get(roomId, t.id)).state.scene).toBe('Mine')
    // And so does a redo.
    const redo = t.status().redo?.step ?? 0
    expect(t.status().redo).toMatchObject({ by: { name: 'Ann' }, of: { name: 'Ben' } })
    await t.undo(ben)
    await expect(t.redo(ann, redo)).rejects.toMatchObject({ code: 'CONFLICT', details: { step: t.status().redo } })
    expect(t.status().redo).toMatchObject({ by: { name: 'Ben' }, of: { name: 'Ann' } })
    await t.redo(ben, t.status().redo?.step)
    expect((await t.orchestrator.library.get(roomId, t.id)).state.scene).toBe('Mine')
  })

  it('of a step that a player acted after still takes that step, and is no conflict', async () => {
    await using t = await table()
    await t.say(ann, '/scene Mine')
    const { step } = t.status().undo ?? {}
    await t.say(pat, 'I listen.')
    expect(t.status().undo?.step).toBe(step)
    await t.undo(ann, step)
  })

  it('keeps the author of a change however often others take it back and make it again', async () => {
    await using t = await table()
    await t.say(ben, '/scene Theirs')
    for (let n = 0; n < 30; n++) {
      await t.undo(ann)
      expect(t.status().redo).toMatchObject({ by: { name: 'Ann' }, of: { name: 'Ben' } })
      await t.redo(ann)
      expect(t.status().undo).toMatchObject({ by: { name: 'Ann' }, of: { name: 'Ben' } })
    }
  })

  it('finds the author in a journal of an older version, where a redo refers to the redo before it', async () => {
    await using t = await table()
    await t.say(ben, '/scene Theirs')
    await t.undo(ann)
    await t.redo(ann)
    await t.undo(ann)
    // As it was stored then.
    await t.store.write(async ({ journal, campaigns }) => {
      const campaign = await campaigns.get(t.id)
      if (!campaign) throw new Error('no campaign')
      const undone = await journal.get(t.id, campaign.version)
      if (!undone) throw new Error('no undo')
      const version = campaign.version + 1
      const heads = { undoHead: version, redoHead: null, updatedAt: campaign.updatedAt }
      await journal.append({
        ...undone,
        version,
        kind: 'redo',
        patch: undone.inverse,
        inverse: undone.patch,
        target: undone.target,
      })
      await campaigns.save({ id: t.id, state: { ...campaign.state, scene: 'Theirs' }, version, ...heads })
    })
    expect((await t.undo(ben)).message).toMatch(/^Undid your change: the scene .* → “Theirs”$/)
  })

  it('names “an earlier change” for an unknown author, and a program by its entry', async () => {
    await using t = await table()
    await t.edit(program, { scene: 'From outside' })
    expect(t.status().undo).toMatchObject({ by: null, of: null })
    expect((await t.undo(ann)).message).toMatch(/^Undid an earlier change: the scene .* → “From outside”$/)
    await t.say(program, 'A voice from outside.')
    expect(t.status().undo).toMatchObject({ by: { id: 'passing-1', name: 'Overlay' } })
  })

  it('names the account of a guest who got one', async () => {
    await using t = await table()
    await t.say(ben, '/scene Theirs')
    const at = new Date().toISOString()
    await t.store.write(async ({ rooms, users }) => {
      await users.put({ id: 'benedict', subject: 's', name: 'Benedict', mergedInto: null, createdAt: at })
      await users.put({ id: 'ben', subject: null, name: 'Ben', mergedInto: 'benedict', createdAt: at })
      await rooms.removeMember(roomId, 'ben')
      await rooms.putMember(roomId, { userId: 'benedict', name: 'Benedict', role: 'dm', joinedAt: at })
    })
    await t.say(pat, 'I listen.')
    expect(t.status().undo?.by).toEqual({ id: 'benedict', name: 'Benedict' })
  })
})

describe('the story', () => {
  it('says for DMs who took back which entry, until it is made again', async () => {
    await using t = await table()
    await t.say(ben, 'The lost words.')
    const last = async () => (await t.orchestrator.library.get(roomId, t.id)).entries.at(-1)
    await t.undo(ann)
    expect(await last()).toMatchObject({ text: 'The lost words.', withdrawn: true, takenBackBy: 'Ann' })
    const announced = JSON.parse(
      t.events.findLast(({ streamId }) => streamId === 'room:r:dm')?.text ?? '',
    ) as CampaignEvent
    expect(announced).toMatchObject({ withdrawn: [{ withdrawn: true, by: 'Ann' }] })
    await t.redo(ben)
    expect(await last()).toMatchObject({ text: 'The lost words.', withdrawn: false })
    expect(await last()).not.toHaveProperty('takenBackBy')
  })

  it('has a line for DMs where the step has no entry of its own; no undo takes that line back', async () => {
    await using t = await table()
    const { entries: before } = await t.orchestrator.library.get(roomId, t.id)
    await t.edit(ben, { status: 'Combat' })
    await t.undo(ann)
    await t.redo(ben)
    await t.undo(ben)
    const { entries } = await t.orchestrator.library.get(roomId, t.id)
    expect(entries.slice(before.length).map(({ text, audience, withdrawn }) => [text, audience, withdrawn])).toEqual([
      [expect.stringMatching(/^Ann undid Ben’s change: the status .* → “Combat”$/), 'dm', false],
      [expect.stringMatching(/^Ben redid a change of their own: the status .* → “Combat”$/), 'dm', false],
      [expect.stringMatching(/^Ben undid a change of their own: the status .* → “Combat”$/), 'dm', false],
    ])
  })

  it('tells players nothing of a step: neither its author, nor what it changed, nor who took it back', async () => {
    await using t = await table()
    await t.edit(ben, {
      dmNotes: 'CANARY',
      threats: { upsert: [{ id: 'c', name: 'CANARY', detail: '', visible: false }] },
    })
    await t.say(ben, 'The lost words.')
    await t.undo(ann)
    await t.undo(ann)
    await t.redo(ann)
    const { epoch } = await t.orchestrator.openStream(roomId, 'player')
    const read = [
      ...t.events.filter(({ streamId }) => streamId === 'room:r:player').map(({ text }) => text),
      JSON.stringify(await t.orchestrator.eventsAfter(roomId, 'player', null)),
      JSON.stringify(await t.orchestrator.eventsAfter(roomId, 'player', { epoch, seq: 1 })),
      JSON.stringify(
        await t.orchestrator.history({ roomId, campaignId: t.id, listener: 'player', before: null, limit: 100 }),
      ),
    ].join('\n')
    expect(read).not.toMatch(/CANARY|takenBackBy|Ann\b|"step"|"undo"/)
  })
})

describe('an edit', () => {
  it('is no conflict with changes that its own editor made since, as long as the editor names them', async () => {
    await using t = await table()
    const { campaign } = await t.orchestrator.library.get(roomId, t.id)
    const editOf = (caller: Caller, scene: string, own: number[] = []) =>
      t.orchestrator.editCampaign({
        ...t.by(caller),
        campaignId: t.id,
        baseVersion: campaign.version,
        own,
        patch: { scene },
      })
    const first = await editOf(ann, 'One')
    await expect(editOf(ann, 'Two')).rejects.toMatchObject({ code: 'CONFLICT' })
    const second = await editOf(ann, 'Two', [first.version ?? 0])
    const known = [first.version ?? 0, second.version ?? 0]
    // Nobody hides another DM's change by naming its version.
    await expect(editOf(ben, 'Three', known)).rejects.toMatchObject({ code: 'CONFLICT' })
    await t.say(ben, '/scene Of Ben')
    await expect(editOf(ann, 'Three', known)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await t.orchestrator.library.get(roomId, t.id)).state.scene).toBe('Of Ben')
  })
})
