// Models that think before they answer, against a real local server that speaks the protocol of OpenAI's chat completions.
import { emptyState } from '@tablecast/contracts'
import { type ModelCall, startModel } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { LanguageModel, type ModelPart, type ReasoningChoice, type ReplyReader } from './language-model.ts'
import { ModelNarrator, type StoryPart } from './model-narrator.ts'
import { STATE_MARK } from './story-reply.ts'

const never = new AbortController().signal

type Options = { reasoning?: ReasoningChoice; name?: string; timeoutMs?: number }

async function open(
  answer: (call: ModelCall) => void,
  { reasoning = 'drop', name = 'm', timeoutMs = 5_000 }: Options = {},
) {
  const endpoint = await startModel(answer)
  const model = new LanguageModel({ baseUrl: endpoint.baseUrl, model: name, timeoutMs, maxReplyTokens: 200, reasoning })
  return {
    model,
    calls: endpoint.calls,
    async read(reader: ReplyReader = 'table') {
      const parts: ModelPart[] = []
      for await (const part of model.write([{ role: 'user', content: 'x' }], never, reader)) parts.push(part)
      return parts
    },
    ask: async () => (await model.ask([{ role: 'user', content: 'x' }], never)).text,
    [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose](),
  }
}

/** All texts, also those before a restart. */
const shownText = (parts: readonly ModelPart[]) =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
const thought = (parts: readonly ModelPart[]) =>
  parts.flatMap((part) => (part.type === 'reasoning' ? [part.text] : [])).join('')
const pieces = (text: string) => (call: ModelCall) => {
  for (const piece of text) call.say(piece)
  call.end()
}

const chunkOf = (content: string) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`

describe('a model’s thoughts', () => {
  it.each([
    ['in a tag', pieces('<think>The hag did it.</think>It rings.')],
    ['in a tag that is never closed', pieces('It rings.<THINKING>The hag did it.')],
    [
      'in a field of its own',
      (call: ModelCall) => {
        for (const piece of 'The hag did it.') call.delta({ reasoning_content: piece })
        pieces('It rings.')(call)
      },
    ],
    [
      'in a field of another name',
      (call: ModelCall) => {
        call.delta({ reasoning: 'The hag did it.', content: '' })
        pieces('It rings.')(call)
      },
    ],
    [
      'in parts of the content',
      (call: ModelCall) => {
        call.delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'The hag did it.' }] }] })
        call.delta({ content: [{ type: 'text', text: 'It rings.' }] })
        call.end()
      },
    ],
  ] as const)('%s are not part of the answer, and a DM gets them with LLM_REASONING=keep', async (_name, answer) => {
    await using dropping = await open(answer)
    for (const reader of ['table', 'dm'] as const) {
      const parts = await dropping.read(reader)
      expect(shownText(parts)).toBe('It rings.')
      expect(parts.map(({ type }) => type)).not.toContain('reasoning')
    }
    expect(await dropping.ask()).toBe('It rings.')
    await using keeping = await open(answer, { reasoning: 'keep' })
    const forTable = await keeping.read('table')
    expect(shownText(forTable)).not.toContain('hag')
    expect(forTable.map(({ type }) => type)).not.toContain('reasoning')
    const forDm = await keeping.read('dm')
    expect([shownText(forDm), thought(forDm)]).toEqual(['It rings.', expect.stringContaining('The hag did it.')])
  })

  it('are separated when the connection splits the reply at any byte', async () => {
    const bytes = Buffer.from(['<think>Die Hexe läutet “♪”.</thi', 'nk>Es lä', 'utet “♪”.'].map(chunkOf).join(''))
    const cuts = Array.from({ length: bytes.length }, (_, at) => at).filter(
      (at) => at % 7 === 0 || (bytes[at] ?? 0) > 127,
    )
    let cut = 0
    await using at = await open((call) => {
      call.raw(bytes.subarray(0, cut))
      // In a packet of its own.
      setTimeout(() => {
        call.raw(bytes.subarray(cut))
        call.end()
      }, 1)
    })
    for (cut of cuts) expect([cut, shownText(await at.read())]).toEqual([cut, 'Es läutet “♪”.'])
  })

  it('without an opening tag are never given with LLM_REASONING=unopened, or for a model that is known for it', async () => {
    const answer = pieces('The hag did it.</think>It rings.')
    await using said = await open(answer, { reasoning: 'unopened' })
    expect(shownText(await said.read())).toBe('It rings.')
    await using known = await open(answer, { name: 'deepseek-r1:8b' })
    expect(shownText(await known.read())).toBe('It rings.')
    // `keep` says that the model thinks, so the table gets nothing before the closing tag.
    await using kept = await open(answer, { reasoning: 'keep' })
    expect(shownText(await kept.read('table'))).toBe('It rings.')
  })

  it('without an opening tag are taken back when the closing tag comes, and held back in the next replies', async () => {
    await using at = await open(pieces('The hag did it.</think>It rings.'))
    const parts = await at.read()
    const restart = parts.findIndex(({ type }) => type === 'restart')
    expect(shownText(parts.slice(restart))).toBe('It rings.')
    for (let again = 0; again < 2; again++) expect(shownText(await at.read())).toBe('It rings.')
    expect(await at.ask()).toBe('It rings.')
  })

  it('do not hold back replies for good: after a reply without a thought the next one streams', async () => {
    const replies = ['The hag did it.</think>It rings.', 'It rings.', 'It rings.']
    await using at = await open((call) => pieces(replies.shift() ?? '')(call))
    await at.read()
    // The second reply is held back to its end; it shows that the third can stream.
    expect((await at.read()).filter(({ type }) => type === 'text').length).toBeGreaterThan(0)
    expect((await at.read()).filter(({ type }) => type === 'text')).toHaveLength('It rings.'.length)
  })

  it('are the whole reply when it ends at the token limit before the closing tag', async () => {
    await using at = await open((call) => (call.say('The hag did'), call.end(9, 'length')), { name: 'qwq' })
    expect(shownText(await at.read())).toBe('')
    expect(await at.ask()).toBe('')
  })
})

describe('a story by a model that thinks', () => {
  const request = {
    state: { ...emptyState, scene: 'The bell tower' },
    entries: [],
    summary: null,
    message: 'The bell rings.',
    answers: null,
  }
  async function tell(answer: (call: ModelCall) => void, audience: 'dm' | 'player', options: Options = {}) {
    await using at = await open(answer, options)
    const parts: StoryPart[] = []
    const narrator = new ModelNarrator({ model: at.model, windowTokens: 2_000 })
    for await (const part of narrator.narrate({ ...request, audience }, () => null, never)) parts.push(part)
    return { parts, final: parts.find((part) => part.type === 'final'), calls: at.calls }
  }
  const texts = (parts: readonly StoryPart[]) =>
    parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')

  it('takes mark and changes from the answer alone, also in the repair', async () => {
    const replies = [
      `<think>I write ${STATE_MARK} and {"changes": {"status": "WRONG"}}</think>It rings.\n${STATE_MARK}\n{"changes": {"loudness": 1}}`,
      `<think>{"changes": {"status": "WRONG"}}</think>${STATE_MARK}\n{"changes": {"status": "Loud"}}`,
    ]
    const { parts, final } = await tell((call) => call.reply(replies.shift() ?? ''), 'player')
    expect(texts(parts)).toBe('It rings.')
    expect(final).toMatchObject({ text: 'It rings.', patch: { status: 'Loud' }, notices: [] })
  })

  it('restarts after an unopened thought; the table sees nothing of one that comes in the same burst', async () => {
    // In one packet, so that timing plays no part.
    const answer = (call: ModelCall) => {
      call.raw(['The hag ', 'did it.', '</think>', 'It rings.'].map(chunkOf).join(''))
      call.end()
    }
    const forDm = await tell(answer, 'dm')
    expect(forDm.parts.some(({ type }) => type === 'restart')).toBe(true)
    expect(forDm.final).toMatchObject({ text: 'It rings.' })
    const forTable = await tell(answer, 'player')
    expect(texts(forTable.parts)).toBe('It rings.')
    expect(forTable.final).toMatchObject({ text: 'It rings.' })
  })

  it('reaches the table in few pieces, also the last piece of a reply that breaks off', async () => {
    const words = Array.from({ length: 60 }, (_, n) => `word${n} `)
    const whole = await tell((call) => {
      for (const word of words) call.say(word)
      call.end()
    }, 'player')
    expect(texts(whole.parts).trim()).toBe(words.join('').trim())
    expect(whole.parts.filter(({ type }) => type === 'text').length).toBeLessThan(words.length / 4)
    const parts: StoryPart[] = []
    await using at = await open((call) => {
      call.say('Half a sentence')
      setTimeout(() => call.cut(), 20)
    })
    const narrator = new ModelNarrator({ model: at.model, windowTokens: 2_000 })
    const reading = async () => {
      for await (const part of narrator.narrate({ ...request, audience: 'player' }, () => null, never)) parts.push(part)
    }
    await expect(reading()).rejects.toThrow()
    expect(texts(parts)).toBe('Half a sentence')
  })
})
