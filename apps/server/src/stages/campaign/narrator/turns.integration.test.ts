import { type NarratorTurn, playerView, stateHash } from '@tablecast/contracts'
import { type ModelCall, startModel, temporaryFolder } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../../testing/testbed.ts'
import { CANARY, listen, openNarratedRoom, roomId, story } from './testing.ts'

const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

describe('a draft', () => {
  it('is visible only to the DM until it is published, with text and changes as one turn', async () => {
    const modelCalls: ModelCall[] = []
    await using at = await openNarratedRoom((call) => void modelCalls.push(call))
    await at.say('The bell rings, and Mira is hurt.')
    await until(() => modelCalls.length === 1)
    const [call] = modelCalls
    expect(call?.text).toContain(CANARY)
    expect(call?.text).toContain('The bell rings, and Mira is hurt.')
    await at.phase('thinking')
    call?.say('The bell rings. DRAFT-')
    await until(() => at.turn?.text === 'The bell rings. DRAFT-')
    expect(at.turn?.phase).toBe('writing')
    call?.say(`SECRET\n@@STATE@@\n{"changes": {"status": "Alarm", "characters": [{"name": "Mira", "hp": -3}]}}`)
    call?.end(500)
    await at.phase('ready')
    expect(at.turn).toMatchObject({
      text: 'The bell rings. DRAFT-SECRET',
      changes: [expect.stringContaining('Status: Alarm'), expect.stringContaining('Mira Ashdown:')],
    })
    // Players learn that a turn is being written, but not its text.
    expect(at.atPlayer.narratorEvents.some((event) => event.type === 'campaign_narrating' && event.turn !== null)).toBe(
      true,
    )
    expect(at.atPlayer.bytes).not.toContain('DRAFT-')
    expect(at.atPlayer.bytes).not.toContain('The bell rings')
    expect(at.atPlayer.bytes).not.toContain(CANARY)

    const before = await at.campaign()
    const turnId = at.turn?.id ?? ''
    const key = newKey()
    const ack = await at.dm.http.narrator.publish.mutate({ roomId, key, turnId, text: 'The bell rings, once.' })
    expect(ack).toMatchObject({ isPatchLeftOut: false })
    // A retry after a lost answer gets the same answer, and publishes nothing again.
    const publish = { roomId, key, turnId, text: 'The bell rings, once.' }
    expect(await at.dm.http.narrator.publish.mutate(publish)).toEqual(ack)
    await expect(at.dm.http.narrator.publish.mutate({ ...publish, key: newKey() })).rejects.toThrow('no such draft')
    await until(() => at.atPlayer.bytes.includes('The bell rings, once.'))
    const after = await at.campaign()
    expect(after.state.status).toBe('Alarm')
    const hp = (of: typeof after) => of.state.characters.find(({ name }) => name.startsWith('Mira'))?.hp.current ?? 0
    expect(hp(after)).toBe(hp(before) - 3)
    await until(() => at.turn === null)
    const last = at.atPlayer.events.at(-1)
    expect(last).toMatchObject({
      type: 'campaign_updated',
      hash: stateHash(playerView(after.state)),
      entries: [{ text: 'The bell rings, once.', kind: 'narration' }],
    })
    expect(await at.dm.http.narrator.status.query({ roomId })).toMatchObject({
      model: 'test-model',
      mode: 'draft',
      tokensUsed: 500,
    })
    // An undo withdraws the whole turn, prose and state together, and marks its entry.
    await at.dm.http.campaign.undo.mutate({ roomId, key: newKey(), campaignId: after.campaign.id })
    expect((await at.campaign()).state).toEqual(before.state)
    await until(() => at.atPlayer.events.length === 3)
    expect(at.atPlayer.events[2]).toMatchObject({ type: 'campaign_updated', withdrawn: [{ withdrawn: true }] })
    expect(at.atPlayer.bytes).not.toContain(CANARY)
    expect(at.atPlayer.bytes).not.toContain('sk-canary')
    expect(at.atDm.bytes).not.toContain('sk-canary')
  })

  it('blocks a second draft in the room until it is stopped, but no commands', async () => {
    await using at = await openNarratedRoom((call) => call.say('Slowly…'))
    await at.say('One.')
    await at.phase('writing')
    await expect(Promise.all([at.say('Two.'), at.say('Three.')])).rejects.toThrow('writing already')
    expect(at.model.calls.length).toBe(1)
    await at.say('/status Still playing')
    await at.dm.http.narrator.cancel.mutate({ roomId, key: newKey(), turnId: at.turn?.id ?? '' })
    await at.phase('cut')
    await until(() => at.model.calls[0]?.hungUp.aborted === true)
    expect(at.turn).toMatchObject({ text: 'Slowly…', problem: 'You stopped it.' })
  })

  it('can be discarded or regenerated', async () => {
    let written = 0
    await using at = await openNarratedRoom((call) => call.reply(`Version ${++written}.`))
    await at.say('Tell it.')
    await at.phase('ready')
    await expect(at.say('Another.')).rejects.toThrow('A draft waits')
    const first = at.turn?.id ?? ''
    await at.dm.http.narrator.regenerate.mutate({ roomId, key: newKey(), turnId: first })
    await until(() => at.turn?.phase === 'ready' && at.turn.id !== first)
    expect(at.turn?.text).toBe('Version 2.')
    await expect(at.dm.http.narrator.publish.mutate({ roomId, key: newKey(), turnId: first })).rejects.toThrow(
      'no such draft',
    )
    await at.dm.http.narrator.discard.mutate({ roomId, key: newKey(), turnId: at.turn?.id ?? '' })
    await until(() => at.turn === null)
    expect(at.atPlayer.bytes).not.toContain('Version')
    expect((await at.campaign()).entries.some(({ text }) => text.includes('Version'))).toBe(false)
  })

  it('with changes that do not fit any more is published without them if the DM agrees', async () => {
    await using at = await openNarratedRoom((call) => call.reply(story('It rings.', { changes: { status: 'Loud' } })))
    await at.say('Ring.')
    await at.phase('ready')
    await at.say('/status Quiet')
    const turnId = at.turn?.id ?? ''
    await expect(at.dm.http.narrator.publish.mutate({ roomId, key: newKey(), turnId })).rejects.toThrow(
      'do not fit any more',
    )
    await at.dm.http.narrator.publish.mutate({ roomId, key: newKey(), turnId, withPatch: false })
    expect((await at.campaign()).state.status).toBe('Quiet')
    expect((await at.campaign()).entries.at(-1)?.text).toBe('It rings.')
  })

  it('keeps its prose and gets a notice if the model can’t correct the changes', async () => {
    await using at = await openNarratedRoom((call) =>
      call.reply(story('It rings.', { changes: { dmNotes: 'mine now' } })),
    )
    await at.say('Ring.')
    await at.phase('ready')
    expect(at.turn).toMatchObject({ text: 'It rings.', patch: null, notices: [expect.stringContaining('left out')] })
    expect(at.model.calls.length).toBe(2)
  })

  it('answers an entry of a player, and asks for rolls without making them', async () => {
    await using at = await openNarratedRoom((call) =>
      call.reply(
        story('You press your ear to the oak.', {
          changes: null,
          rolls: [{ who: 'Mira', notation: '1d20+3', why: 'Perception' }],
        }),
      ),
    )
    await at.player.http.campaign.say.mutate({ roomId, key: newKey(), message: 'I listen at the door.' })
    const entry = (await at.campaign()).entries.at(-1)
    await at.dm.http.narrator.answer.mutate({ roomId, key: newKey(), entryId: entry?.id ?? '' })
    await at.phase('ready')
    expect(at.turn?.answers).toMatchObject({ author: 'Paul', text: 'I listen at the door.' })
    expect(at.model.calls[0]?.text).toContain('I listen at the door.')
    await at.dm.http.narrator.publish.mutate({ roomId, key: newKey(), turnId: at.turn?.id ?? '' })
    expect((await at.campaign()).entries.at(-1)).toMatchObject({
      text: 'You press your ear to the oak.\n\n*Mira, roll 1d20+3: Perception*',
      rolls: [],
    })
    await expect(at.dm.http.narrator.answer.mutate({ roomId, key: newKey(), entryId: 'nothing' })).rejects.toThrow(
      'The narrator answers only the newest entries',
    )
  })

  it.each([
    ['fails', (call: ModelCall) => call.refuse(500), 'failed', 'answered 500'],
    ['refuses further calls', (call: ModelCall) => call.refuse(429), 'failed', '429'],
    ['replies with nothing', (call: ModelCall) => call.reply(' '), 'failed', 'nothing to say'],
    [
      'breaks off',
      (call: ModelCall) => (call.say('Half a '), call.say('sentence'), setTimeout(() => call.cut(), 30)),
      'cut',
      'broke',
    ],
  ] as const)(
    'from a model that %s shows the problem and keeps the DM’s message',
    async (_name, answer, phase, why) => {
      await using at = await openNarratedRoom((call) => void answer(call))
      await at.say('Ring the bell.')
      await at.phase(phase)
      expect(at.turn?.message).toBe('Ring the bell.')
      expect(at.turn?.problem ?? '').toMatch(phase === 'cut' ? /broke|read/ : new RegExp(why))
      await until(() => at.atPlayer.turn === null)
      expect(at.atPlayer.bytes).not.toContain('Half a')
      // A failed draft does not block the next one.
      await at.say('/status Playing on')
      await at.say('Again.')
      await until(() => at.turn?.message === 'Again.')
    },
  )

  it('is still there after the server stopped while the model wrote it', async () => {
    await using folder = await temporaryFolder()
    await using model = await startModel((call) => call.say('The bell ri'))
    const environment = { DATA_DIR: folder.path, LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'm', NARRATOR: 'draft' }
    const first = await openTestbed(environment)
    const dm = await first.join('Dana', 'owner')
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'Ring.' })
    const now = (user: typeof dm) => user.http.narrator.now.query({ roomId })
    await until(async () => (await now(dm)).turn?.text === 'The bell ri')
    await first[Symbol.asyncDispose]()
    await using second = await openTestbed(environment)
    // The second server has the same secret, so it accepts the token.
    const response = await fetch(
      `${second.url}/trpc/narrator.now?input=${encodeURIComponent(JSON.stringify({ roomId }))}`,
      {
        headers: { authorization: `Bearer ${dm.session.token}` },
      },
    )
    const { result } = (await response.json()) as { result: { data: { turn: NarratorTurn } } }
    expect(result.data.turn).toMatchObject({ phase: 'cut', text: 'The bell ri', message: 'Ring.' })
    expect(result.data.turn.problem).toContain('cut off')
  })
})

describe('a turn in auto mode', () => {
  it('reaches players while it is written, late ones from the beginning, and then becomes an entry', async () => {
    const modelCalls: ModelCall[] = []
    await using at = await openNarratedRoom((call) => void modelCalls.push(call), { mode: 'auto' })
    await at.say('The bell rings.')
    await until(() => modelCalls.length === 1)
    // The prompt has nothing that players may not see.
    expect(modelCalls[0]?.text).not.toContain(CANARY)
    modelCalls[0]?.say('The bell ')
    await until(() => at.atPlayer.turn?.text === 'The bell')
    modelCalls[0]?.say('rings ')
    await until(() => at.atPlayer.turn?.text === 'The bell rings')
    await using late = await listen(await at.testbed.join('Late', 'player'))
    await until(() => late.turn?.text === 'The bell rings')
    modelCalls[0]?.say('out.\n@@STATE@@\n{"changes": {"status": "Alarm"}}')
    modelCalls[0]?.end()
    await until(() => late.turn === null && at.atPlayer.turn === null)
    for (const follower of [at.atPlayer, late]) {
      const entered = () => follower.events.find((event) => event.type === 'campaign_updated')
      await until(() => entered() !== undefined)
      expect(entered()).toMatchObject({
        entries: [{ text: 'The bell rings out.' }],
        patch: { status: 'Alarm' },
      })
      expect(follower.bytes).not.toContain(CANARY)
    }
    expect((await at.campaign()).entries.filter(({ text }) => text.includes('rings out')).length).toBe(1)
  })

  it('is not written again for a repeat of the same call, also after it was published', async () => {
    await using at = await openNarratedRoom((call) => call.reply(story('The bell rings out.', { changes: null })), {
      mode: 'auto',
    })
    const request = { roomId, key: newKey(), message: 'Ring.' }
    const first = await at.dm.http.campaign.say.mutate(request)
    await until(async () => (await at.campaign()).entries.at(-1)?.text === 'The bell rings out.')
    await until(() => at.atPlayer.turn === null)
    const calls = at.model.calls.length
    const eventsBefore = at.atPlayer.narratorEvents.length
    for (let n = 0; n < 3; n++) expect(await at.dm.http.campaign.say.mutate(request)).toEqual(first)
    // Events of the repeats would come before this one.
    await at.say('/status Later')
    await until(() => at.atPlayer.events.some((event) => JSON.stringify(event).includes('Later')))
    expect(at.model.calls.length).toBe(calls)
    expect(at.atPlayer.narratorEvents.length).toBe(eventsBefore)
    expect(await at.dm.http.campaign.say.mutate({ ...request, message: 'Sing.' }).catch(codeOf)).toBe('CONFLICT')
  })

  it('stays a draft for the other DMs if its DM was removed while it was written', async () => {
    const calls: ModelCall[] = []
    await using at = await openNarratedRoom((call) => void calls.push(call), { mode: 'auto' })
    const coDm = await at.testbed.join('Co', 'dm')
    const before = (await at.campaign()).entries.length
    await coDm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'Ring.' })
    await until(() => calls.length === 1)
    await at.dm.http.rooms.kick.mutate({ roomId, key: newKey(), userId: coDm.session.userId })
    calls[0]?.reply(story('The bell rings out.', { changes: null }))
    await at.phase('ready')
    expect(at.turn?.notices.join()).toContain('It was not published')
    expect((await at.campaign()).entries.length).toBe(before)
  })

  it('that breaks off leaves no entry, and the DM keeps the text so far as a draft', async () => {
    await using at = await openNarratedRoom(
      (call) => {
        call.say('Half a sent')
        setTimeout(() => call.cut(), 60)
      },
      { mode: 'auto' },
    )
    const before = (await at.campaign()).entries.length
    await at.say('Ring.')
    await at.phase('cut')
    await until(() => at.atPlayer.turn === null)
    expect((await at.campaign()).entries.length).toBe(before)
    expect(at.turn?.text).toBe('Half a sent')
    await at.dm.http.narrator.publish.mutate({
      roomId,
      key: newKey(),
      turnId: at.turn?.id ?? '',
      text: 'Half a sentence is enough.',
    })
    expect((await at.campaign()).entries.at(-1)?.text).toBe('Half a sentence is enough.')
  })
})
