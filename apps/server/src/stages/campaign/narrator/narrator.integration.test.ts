import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newKey, openTestbed, until } from '../../../testing/testbed.ts'
import { CANARY, openNarratedRoom, roomId } from './testing.ts'

describe('the narrator', () => {
  it('is the scribe on a server without a model, and refuses other modes with the reason', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dana', 'owner')
    expect(await dm.http.narrator.status.query({ roomId })).toMatchObject({ model: null, mode: 'scribe' })
    await expect(dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'draft' })).rejects.toMatchObject({
      data: { tablecast: { code: 'NARRATOR_UNAVAILABLE' }, httpStatus: 503 },
    })
    expect((await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'It rains.' })).seq).toBeGreaterThan(0)
    await expect(openTestbed({ NARRATOR: 'auto' })).rejects.toThrow('NARRATOR: auto needs')
  })

  it('takes messages from the plain DM socket, and clients that poll see its turn', async () => {
    await using at = await openNarratedRoom((call) => call.reply('Told to a program.'))
    const socket = new WebSocket(`${at.testbed.wsUrl}/ws/campaign/dm`)
    const lines: { type: string; request_id?: string; status?: string }[] = []
    socket.on('message', (data) => lines.push(JSON.parse((data as Buffer).toString()) as (typeof lines)[number]))
    await once(socket, 'open')
    socket.send('{"type":"chat","message":"It rings.","request_id":"1"}')
    await until(() => lines.some(({ type }) => type === 'ack'))
    expect(lines.find(({ type }) => type === 'ack')).toEqual({ type: 'ack', request_id: '1', status: 'ok' })
    await at.phase('ready')
    expect((await at.dm.http.narrator.now.query({ roomId })).turn).toMatchObject({
      phase: 'ready',
      text: 'Told to a program.',
    })
    expect((await at.player.http.narrator.now.query({ roomId })).turn).toBeNull()
    expect(JSON.stringify(lines)).not.toContain('Told to a program')
    socket.terminate()
  })

  it('keeps the mode that the DM sets for the room', async () => {
    await using at = await openNarratedRoom((call) => call.reply('x'))
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'scribe' })
    await at.say('Written by hand.')
    expect(at.model.calls.length).toBe(0)
    expect((await at.campaign()).entries.at(-1)?.text).toBe('Written by hand.')
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'auto' })
    expect(await at.dm.http.narrator.status.query({ roomId })).toMatchObject({ mode: 'auto' })
  })

  it('stops when the tokens of the day are used up', async () => {
    await using at = await openNarratedRoom((call) => (call.say('Dear.'), call.end(900)), {
      environment: { LLM_TOKENS_PER_DAY: '800' },
    })
    await at.say('One.')
    await at.phase('ready')
    await at.dm.http.narrator.discard.mutate({ roomId, key: newKey(), turnId: at.turn?.id ?? '' })
    await expect(at.say('Two.')).rejects.toThrow('used up for today')
    expect(at.model.calls.length).toBe(1)
    expect((await at.player.http.narrator.recap.query({ roomId })).source).toBe('extract')
  })

  it('sums up the old entries that players saw, so that prompts do not grow with the campaign', async () => {
    const seen: string[] = []
    await using at = await openNarratedRoom((call) => {
      const isChronicle = call.text.includes('You keep the chronicle')
      if (isChronicle) seen.push(call.text)
      call.reply(isChronicle ? 'CHRONICLE: they crossed the bay.' : 'Story.')
    })
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'scribe' })
    for (let n = 0; n < 70; n++) await at.say(`Line ${n} of the story.`)
    await at.say(`/secret ${CANARY}-ENTRY`)
    await at.dm.http.narrator.setMode.mutate({ roomId, key: newKey(), mode: 'draft' })
    const ask = async (message: string) => {
      await at.say(message)
      await until(() => at.turn?.phase === 'ready' && at.turn.message === message)
      const call = at.model.calls.findLast((one) => one.text.includes(message))
      await at.dm.http.narrator.discard.mutate({ roomId, key: newKey(), turnId: at.turn?.id ?? '' })
      return call?.text ?? ''
    }
    await ask('First question.')
    await until(() => seen.length > 0)
    expect(seen[0]).toContain('Line 0 of the story.')
    // A turn has priority and would stop the chronicler, so wait until the chronicle is stored.
    const { id } = (await at.campaign()).campaign
    await until(async () => (await at.testbed.store.read(({ narrator }) => narrator.summary(id))) !== null)
    expect(await ask('Second question.')).toContain('CHRONICLE: they crossed the bay.')
    for (const text of seen) expect(text).not.toContain(CANARY)
    expect(seen.length).toBeLessThanOrEqual(3)
  })

  it('makes the recap from entries that players saw', async () => {
    await using at = await openNarratedRoom((call) =>
      call.reply(call.text.includes('“Previously…”') ? 'Previously: it rained.' : 'x'),
    )
    await at.say(`/secret ${CANARY}-ENTRY`)
    const recap = await at.player.http.narrator.recap.query({ roomId })
    expect(recap).toEqual({ text: 'Previously: it rained.', source: 'model' })
    for (const call of at.model.calls) expect(call.text).not.toContain(CANARY)
    const again = await at.dm.http.narrator.recap.query({ roomId })
    expect(again).toEqual(recap)
    expect(at.model.calls.length).toBe(1)
  })

  it('takes the recap from the story while the model writes a turn', async () => {
    await using at = await openNarratedRoom((call) => call.say('Slowly…'))
    await at.say('One.')
    await at.phase('writing')
    expect((await at.player.http.narrator.recap.query({ roomId })).source).toBe('extract')
    expect(at.model.calls.length).toBe(1)
  })

  it('takes the recap from the story if there is no model, or the model fails', async () => {
    await using testbed = await openTestbed()
    const player = await testbed.join('Paul', 'player')
    const dm = await testbed.join('Dana', 'owner')
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: `/secret ${CANARY}` })
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'The tide turns. Nobody sees it.' })
    const { text, source } = await player.http.narrator.recap.query({ roomId })
    expect(source).toBe('extract')
    expect(text).toContain('The tide turns. Nobody sees it.')
    expect(text).not.toContain(CANARY)
    await using failing = await openNarratedRoom((call) => call.refuse(500))
    expect((await failing.player.http.narrator.recap.query({ roomId })).source).toBe('extract')
  })

  it('needs no model to import a scenario in Markdown', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dana', 'owner')
    const summary = await dm.http.campaign.importScenario.mutate({
      roomId,
      key: newKey(),
      markdown: '# The drowned bell\n\n## Scene\n\nRain.\n\n## Characters\n\n- Mira (pc): HP 18/24\n',
    })
    expect(summary).toMatchObject({ name: 'The drowned bell', active: false })
    const { state } = await dm.http.campaign.get.query({ roomId, campaignId: summary.id })
    expect([state.scene, state.characters[0]?.name]).toEqual(['Rain.', 'Mira'])
    await expect(
      dm.http.campaign.importScenario.mutate({ roomId, key: newKey(), markdown: ' ' }),
    ).rejects.toMatchObject({
      data: { tablecast: { code: 'VALIDATION_FAILED' } },
    })
  })
})
