// A model's thoughts never reach players, in whatever form the endpoint sends them.
import type { ModelCall } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, until } from '../../../testing/testbed.ts'
import { openNarratedRoom, roomId } from './testing.ts'

const THOUGHT = 'THE-HAG-DID-IT'
const tagged = [`<think>${THOUGHT.slice(0, 4)}`, `${THOUGHT.slice(4)}</th`, 'ink>It ', 'rings.']

const inPieces = (pieces: readonly string[]) => (call: ModelCall) => {
  for (const piece of pieces) call.say(piece)
  call.end()
}

const ways: [name: string, answer: (call: ModelCall) => void][] = [
  ['in a tag', inPieces(tagged)],
  [
    'in a tag of another name, never closed',
    inPieces(['It rings.', `<REASONING effort="high">${THOUGHT}`, ` ${THOUGHT}`]),
  ],
  [
    'in a field of its own',
    (call) => {
      for (const piece of [THOUGHT, ` ${THOUGHT}`]) call.delta({ reasoning_content: piece })
      call.reply('It rings.')
    },
  ],
]

describe('a model’s thoughts', () => {
  for (const [name, answer] of ways)
    for (const keep of ['drop', 'keep'])
      it(`${name} reach no player, live or in the story, with LLM_REASONING=${keep}`, async () => {
        const environment = { LLM_REASONING: keep }
        await using at = await openNarratedRoom(answer, { mode: 'auto', environment })
        await at.say('Ring the bell.')
        await until(async () => (await at.campaign()).entries.some(({ text }) => text.includes('It rings.')))
        await until(() => at.atPlayer.turn === null)
        expect((await at.campaign()).entries.at(-1)?.text).toBe('It rings.')
        for (const bytes of [at.atPlayer.bytes, at.atDm.bytes]) expect(bytes.includes(THOUGHT)).toBe(false)
        expect(at.atPlayer.bytes.includes(THOUGHT.slice(4))).toBe(false)
      })

  it('without an opening tag are taken off the pages by the closing tag, and held back in later turns', async () => {
    const calls: ModelCall[] = []
    await using at = await openNarratedRoom((call) => void calls.push(call), { mode: 'auto' })
    await at.say('Ring the bell.')
    await until(() => calls.length === 1)
    calls[0]?.say(THOUGHT)
    // Without an opening tag, a thought can't be recognised before its end.
    await until(() => at.atPlayer.turn?.text === THOUGHT)
    calls[0]?.say(' </think>It ')
    await until(() => at.atPlayer.turn?.text === 'It')
    calls[0]?.reply('rings.')
    await until(async () => (await at.campaign()).entries.at(-1)?.text === 'It rings.')
    await until(() => at.turn === null)
    const eventsBefore = at.atPlayer.narratorEvents.length
    await at.say('Ring it again.')
    await until(() => calls.length === 2)
    inPieces([THOUGHT, ' </think>It ', 'rings.'])(calls[1] ?? fail())
    await until(async () => (await at.campaign()).entries.filter(({ text }) => text === 'It rings.').length === 2)
    expect(JSON.stringify(at.atPlayer.narratorEvents.slice(eventsBefore)).includes(THOUGHT)).toBe(false)
    expect(JSON.stringify(at.atPlayer.events).includes(THOUGHT)).toBe(false)
  })

  it('are shown to the DM beside a draft with LLM_REASONING=keep, and are never published', async () => {
    const calls: ModelCall[] = []
    await using at = await openNarratedRoom((call) => void calls.push(call), { environment: { LLM_REASONING: 'keep' } })
    await at.say('Ring the bell.')
    await until(() => calls.length === 1)
    calls[0]?.say(`<think>${THOUGHT}`)
    await until(() => at.turn?.reasoning === THOUGHT)
    expect(at.turn?.text).toBe('')
    calls[0]?.reply('</think>It rings.')
    await at.phase('ready')
    expect(at.turn).toMatchObject({ text: 'It rings.', reasoning: THOUGHT })
    await at.dm.http.narrator.publish.mutate({ roomId, key: newKey(), turnId: at.turn?.id ?? '' })
    await until(() => at.atPlayer.bytes.includes('It rings.'))
    expect(at.atPlayer.bytes.includes(THOUGHT)).toBe(false)
    expect(JSON.stringify(await at.campaign()).includes(THOUGHT)).toBe(false)
  })

  it('do not reach the DM with LLM_REASONING=drop', async () => {
    await using at = await openNarratedRoom(inPieces(tagged))
    await at.say('Ring the bell.')
    await at.phase('ready')
    expect(at.turn?.text).toBe('It rings.')
    expect(at.atDm.bytes.includes(THOUGHT)).toBe(false)
  })
})

const fail = (): never => {
  throw new Error('the model was not asked')
}
