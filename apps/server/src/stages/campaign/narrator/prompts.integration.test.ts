// Prompts and replies. In `auto` mode no prompt holds a secret, and no reply changes anything hidden.
import type { CampaignState } from '@tablecast/contracts'
import type { ModelCall } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, until } from '../../../testing/testbed.ts'
import { openNarratedRoom, roomId, story } from './testing.ts'

/** `UNSAID` marks an entry that players saw and an undo withdrew. */
const SECRET = /SECRET/
const UNTOLD = /SECRET|UNSAID/
type At = Awaited<ReturnType<typeof openNarratedRoom>>

const monster: CampaignState['characters'][number] = {
  id: 'hidden-one',
  name: 'SECRET hag',
  kind: 'monster',
  hp: { current: 9, max: 9, temp: 0 },
  hpVisible: true,
  armourClass: 1,
  conditions: ['SECRETLY bound'],
  initiative: 3,
  ownerId: null,
  visible: false,
  dmNotes: 'SECRET weakness',
}

/** Puts a secret into every hidden field, and returns the campaign's id. */
async function hide(at: At): Promise<string> {
  const setMode = (mode: 'scribe' | 'auto' | 'draft') =>
    at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode })
  const before = await at.campaign()
  const campaignId = before.campaign.id
  const { mode } = await at.dm.http.narrator.status.query({ roomId })
  await setMode('scribe')
  const mira = before.state.characters.find(({ name }) => name.startsWith('Mira'))
  await at.dm.http.campaign.edit.mutate({
    roomId,
    key: newKey(),
    campaignId,
    baseVersion: before.campaign.version,
    patch: {
      characters: {
        upsert: [
          monster,
          { ...monster, id: 'seen-one', name: 'The ferryman', visible: true, hpVisible: false, conditions: [] },
          { id: mira?.id ?? '', dmNotes: 'SECRET fear' },
        ],
      },
      threats: { upsert: [{ id: 'hidden-threat', name: 'SECRET cult', detail: 'SECRET plan', visible: false }] },
      beats: { upsert: [{ id: 'hidden-beat', text: 'SECRET betrayal', done: false, visible: false }] },
      environment: { upsert: [{ id: 'hidden-air', text: 'SECRET fog', visible: false }] },
      turn: { round: 2, order: ['hidden-one', mira?.id ?? '', 'seen-one'], current: 'hidden-one' },
      dmNotes: 'SECRET notes',
    },
  })
  await at.say('/secret SECRET entry [[1d20]]')
  await at.dm.http.campaign.whisper.mutate({
    roomId,
    key: newKey(),
    to: at.player.session.userId,
    message: 'SECRET whisper',
  })
  await at.player.http.campaign.whisper.mutate({ roomId, key: newKey(), message: 'SECRET answer' })
  await at.say('UNSAID words')
  await at.say('/undo')
  await setMode(mode)
  return campaignId
}

const hiddenOf = ({ state }: Awaited<ReturnType<At['campaign']>>) => ({
  characters: state.characters.filter(({ id }) => id === 'hidden-one' || id === 'seen-one'),
  threats: state.threats.filter(({ id }) => id === 'hidden-threat'),
  beats: state.beats.filter(({ id }) => id === 'hidden-beat'),
  environment: state.environment.filter(({ id }) => id === 'hidden-air'),
  order: state.turn.order,
  dmNotes: state.dmNotes,
})

/** Replies that name hidden or missing things, by name and by id, in every field that takes a name. */
const reaching: [name: string, changes: object][] = [
  ['a missing threat', { threats: { remove: ['zzz'] } }],
  ['a hidden threat', { threats: { remove: ['SECRET cult'] } }],
  ['a hidden threat by its id', { threats: { remove: ['hidden-threat'] } }],
  ['a missing beat', { beats: { done: ['zzz'] } }],
  ['a hidden beat by its id', { beats: { done: ['hidden-beat'] } }],
  ['a missing condition of the scene', { environment: { remove: ['zzz'] } }],
  ['a hidden condition of the scene by its id', { environment: { remove: ['hidden-air'] } }],
  ['a missing character', { characters: [{ name: 'zzz', hp: -1 }] }],
  ['a hidden character', { characters: [{ name: 'SECRET hag', hp: -5 }] }],
  ['a hidden character by id', { characters: [{ name: 'hidden-one', hp: -5, addConditions: ['prone'] }] }],
  ['the beginning of a hidden name', { characters: [{ name: 'sec', hp: -5 }] }],
  ['hidden hit points', { characters: [{ name: 'The ferryman', hp: -5 }] }],
  ['the turn of a hidden character', { turn: { of: 'hidden-one' } }],
  ['the turn of a missing character', { turn: { of: 'zzz' } }],
  [
    'more threats than fit',
    { threats: { add: Array.from({ length: 10 }, (_, n) => ({ name: `T${n}`, detail: 'x'.repeat(9) })) } },
  ],
]

describe('a turn', () => {
  for (const [name, changes] of reaching)
    it(`in auto mode leaks no secret into a prompt and changes nothing hidden if a reply names ${name}`, async () => {
      await using at = await openNarratedRoom((call) => call.reply(story('It rings.', { changes })), { mode: 'auto' })
      await hide(at)
      if (name === 'more threats than fit') await fill(at)
      const before = hiddenOf(await at.campaign())
      await at.say('Ring the bell.')
      await until(() => at.atPlayer.bytes.includes('It rings.') && at.turn === null)
      await until(async () => (await at.campaign()).entries.some(({ text }) => text === 'It rings.'))
      expect(hiddenOf(await at.campaign())).toEqual(before)
      // The first prompt, and the one that asks the model to correct its reply.
      expect(at.model.calls).toHaveLength(2)
      for (const call of at.model.calls) expect(withoutReply(call, JSON.stringify(changes))).not.toMatch(UNTOLD)
      expect(SECRET.test(at.atPlayer.bytes)).toBe(false)
      expect(at.model.calls[1]?.text).not.toMatch(/threats\.\d|too big/i)
    })

  it('in auto mode changes visible things by the rules of commands, and keeps hidden fighters in the turn order', async () => {
    const changes = {
      characters: [
        { name: 'Mira', hp: -999 },
        { name: 'Mira', hp: 4, addConditions: ['prone'] },
        { name: 'The ferryman', addConditions: ['afraid'] },
      ],
      turn: { of: 'The ferryman' },
    }
    await using at = await openNarratedRoom((call) => call.reply(story('It rings.', { changes })), { mode: 'auto' })
    await hide(at)
    const before = await at.campaign()
    await at.say('Ring the bell.')
    await until(async () => (await at.campaign()).entries.some(({ text }) => text === 'It rings.'))
    const { state } = await at.campaign()
    const mira = state.characters.find(({ name }) => name.startsWith('Mira'))
    expect(mira?.hp.current).toBe(4)
    expect(mira?.conditions).toContain('prone')
    expect(state.characters.find(({ id }) => id === 'seen-one')).toMatchObject({
      hp: monster.hp,
      conditions: ['afraid'],
    })
    expect(state.turn).toEqual({ ...before.state.turn, current: 'seen-one' })
    expect(at.model.calls).toHaveLength(1)
  })

  it('as a draft may change hidden things, and shows the DM that it does', async () => {
    const changes = { characters: [{ name: 'hidden-one', hp: -5 }], threats: { remove: ['SECRET cult'] } }
    await using at = await openNarratedRoom((call) => call.reply(story('It rings.', { changes })), { mode: 'draft' })
    await hide(at)
    await at.say('Ring the bell.')
    await at.phase('ready')
    expect(at.turn?.changes.join()).toMatch(/SECRET hag: 9 → 4 hit points.*SECRET cult/)
    const [call] = at.model.calls
    expect(call?.text).toContain('SECRET hag')
    // The prompt marks whispers, so that the model does not reveal them to everyone.
    expect(call?.text).toContain('(whispered between Paul and the DM, the DM’s alone) Dana: SECRET whisper')
    expect(call?.text).not.toContain('UNSAID')
    expect(SECRET.test(at.atPlayer.bytes)).toBe(false)
  })

  it('in auto mode waits for the DM if an undo came while it was written', async () => {
    const asked: ModelCall[] = []
    await using at = await openNarratedRoom((call) => void asked.push(call), { mode: 'auto' })
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'scribe' })
    await at.say('THE-LOST-WORDS')
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'auto' })
    await at.say('Go on.')
    await until(() => asked.length === 1)
    expect(asked[0]?.text).toContain('THE-LOST-WORDS')
    await at.say('/undo')
    asked[0]?.reply('As was said: THE-LOST-WORDS')
    await at.phase('cut')
    expect(at.turn?.problem).toContain('taken back')
    expect((await at.campaign()).entries.some(({ text }) => text.startsWith('As was said'))).toBe(false)
  })

  it('is not regenerated for a withdrawn entry', async () => {
    await using at = await openNarratedRoom((call) => call.refuse(400))
    await at.player.http.campaign.say.mutate({ roomId, key: newKey(), message: 'LOST-QUESTION' })
    const { campaign, entries } = await at.campaign()
    const entryId = entries.at(-1)?.id ?? ''
    await at.dm.http.narrator.answer.mutate({ roomId, key: newKey(), entryId })
    await at.phase('failed')
    const asked = at.model.calls.length
    await at.testbed.store.write((tables) => tables.entries.setWithdrawn(campaign.id, [entryId], true))
    await at.dm.http.narrator.regenerate.mutate({ roomId, key: newKey(), turnId: at.turn?.id ?? '' })
    await until(() => at.turn?.problem?.includes('taken back') === true)
    expect(at.model.calls).toHaveLength(asked)
    await expect(at.dm.http.narrator.answer.mutate({ roomId, key: newKey(), entryId })).rejects.toThrow(
      'The narrator answers only the newest entries',
    )
  })
})

describe('the chronicle and the recap', () => {
  it('contain nothing hidden and no withdrawn entry', async () => {
    const isChronicle = (call: ModelCall) => call.text.includes('You keep the chronicle')
    await using at = await openNarratedRoom((call) => call.reply(isChronicle(call) ? 'CHRONICLE.' : 'Told.'), {
      mode: 'auto',
    })
    const campaignId = await hide(at)
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'scribe' })
    for (let n = 0; n < 70; n++) await at.say(`Line ${n}.`)
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'auto' })
    await at.say('Ring the bell.')
    await until(async () => (await at.testbed.store.read(({ narrator }) => narrator.summary(campaignId))) !== null)
    expect((await at.player.http.narrator.recap.query({ roomId })).source).toBe('model')
    expect(at.model.calls.filter(isChronicle).length).toBeGreaterThan(0)
    expect(at.model.calls.some((call) => call.text.includes('“Previously…”'))).toBe(true)
    for (const call of at.model.calls) expect(call.text).not.toMatch(UNTOLD)
  })

  it('lose a recap if an undo withdraws one of its sources, also while it is written', async () => {
    const asked: ModelCall[] = []
    await using at = await openNarratedRoom((call) => void asked.push(call), { mode: 'draft' })
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'scribe' })
    const recap = () => at.player.http.narrator.recap.query({ roomId })
    await at.say('FIRST-WORDS')
    const first = recap()
    await until(() => asked.length === 1)
    asked[0]?.reply('Previously: FIRST-WORDS')
    expect((await first).text).toBe('Previously: FIRST-WORDS')
    expect(await recap()).toEqual(await first)
    await at.say('/undo')
    // The model is asked again, and another undo comes while it writes.
    await at.say('SECOND-WORDS')
    const second = recap()
    await until(() => asked.length === 2)
    expect(asked[1]?.text).not.toContain('FIRST-WORDS')
    await at.say('/undo')
    asked[1]?.reply('Previously: SECOND-WORDS')
    expect((await second).source).toBe('extract')
    expect(JSON.stringify([await second, await withEmptyReply(recap, asked)])).not.toContain('-WORDS')
  })

  it('do not name a beat whose reveal was undone', async () => {
    await using at = await openNarratedRoom((call) => call.refuse(500))
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'scribe' })
    const recap = async () => (await at.player.http.narrator.recap.query({ roomId })).text
    await at.say('/beat add LOST-BEAT')
    await at.say('/beat reveal LOST-BEAT')
    expect(await recap()).toContain('LOST-BEAT')
    await at.say('/undo')
    expect(await recap()).not.toContain('LOST-BEAT')
  })

  it('lose a chronicle if an undo withdraws one of its sources while it is written', async () => {
    const chronicles: ModelCall[] = []
    await using at = await openNarratedRoom((call) =>
      call.text.includes('You keep the chronicle') ? void chronicles.push(call) : call.reply('Told.'),
    )
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'scribe' })
    await at.say('LOST-WORDS')
    // Players write these lines, so that an undo withdraws the DM's entry.
    for (let n = 0; n < 70; n++)
      await at.player.http.campaign.say.mutate({ roomId, key: newKey(), message: `Line ${n}.` })
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'draft' })
    await at.say('Ring.')
    await until(() => chronicles.length === 1)
    expect(chronicles[0]?.text).toContain('LOST-WORDS')
    const { campaign } = await at.campaign()
    await at.say('/undo')
    chronicles[0]?.reply('CHRONICLE of LOST-WORDS')
    await until(async () => (await at.dm.http.narrator.status.query({ roomId })).tokensUsed >= 200)
    expect(await at.testbed.store.read(({ narrator }) => narrator.summary(campaign.id))).toBeNull()
  })
})

/** Fills the list of threats with hidden ones. */
async function fill(at: At): Promise<void> {
  const { campaign, state } = await at.campaign()
  const upsert = Array.from({ length: 50 - state.threats.length }, (_, n) => ({
    id: `h${n}`,
    name: `SECRET ${n}`,
    detail: '',
    visible: false,
  }))
  const input = { roomId, key: newKey(), campaignId: campaign.id, baseVersion: campaign.version }
  await at.dm.http.campaign.edit.mutate({ ...input, patch: { threats: { upsert } } })
}

/** The prompt without the model's own reply and the name that the model asked for. */
const withoutReply = ({ text }: ModelCall, block: string) =>
  text
    .replaceAll(/@@STATE@@\n\{.*\}/g, '')
    .replaceAll(block, '')
    .replaceAll(/is meant by "[^"]*"/g, '')

/** Calls `ask`. If that calls the model, the model replies with nothing. */
async function withEmptyReply<T>(ask: () => Promise<T>, calls: readonly ModelCall[]): Promise<T> {
  const before = calls.length
  const answered = ask()
  let isDone = false
  void answered.finally(() => (isDone = true))
  await until(() => isDone || calls.length > before)
  for (const call of calls.slice(before)) call.reply(' ')
  return answered
}
