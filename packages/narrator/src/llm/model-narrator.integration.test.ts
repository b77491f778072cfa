// Against a real local server that speaks the protocol of OpenAI's chat completions.
import {
  emptyState,
  type CampaignState,
  type Handout,
  type NarrativeEntry,
  type StatePatch,
} from '@tablecast/contracts'
import { type ModelCall, startModel } from '@tablecast/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTokens } from './estimate-tokens.ts'
import { LanguageModel } from './language-model.ts'
import { ModelNarrator, type StoryPart } from './model-narrator.ts'
import { storyPrompt, type StoryRequest } from './prompt.ts'
import { extractRecap } from './recap.ts'
import { STATE_MARK, readState, StoryReader, UnfitState } from './story-reply.ts'

const never = new AbortController().signal
const fits = () => null

const character = (
  id: string,
  name: string,
  changes: Partial<CampaignState['characters'][number]> = {},
): CampaignState['characters'][number] => ({
  id,
  name,
  kind: 'pc',
  hp: { current: 10, max: 20, temp: 0 },
  hpVisible: true,
  armourClass: 12,
  conditions: ['prone'],
  initiative: null,
  ownerId: null,
  visible: true,
  dmNotes: '',
  ...changes,
})

const handout = (id: string, title: string, changes: Partial<Handout>): Handout => ({
  id,
  title,
  text: 'A long text that no model is told.',
  pictureId: null,
  alt: '',
  shownTo: 'nobody',
  members: [],
  name: null,
  ...changes,
})

const state: CampaignState = {
  ...emptyState,
  scene: 'The bell tower',
  characters: [
    character('mira', 'Mira'),
    character('x', 'CANARY-GHOST', { visible: false, dmNotes: 'CANARY-WEAKNESS' }),
  ],
  environment: [{ id: 'rain', text: 'Heavy rain', visible: true }],
  threats: [{ id: 't', name: 'CANARY-CULT', detail: '', visible: false }],
  beats: [{ id: 'b', text: 'Ring the bell', done: false, visible: true }],
  dmNotes: 'CANARY-NOTES',
  handouts: [
    handout('tide', 'Tide table', { shownTo: 'everyone', alt: 'Hours in a column' }),
    handout('map', 'CANARY-MAP', { alt: 'CANARY-ALT' }),
    handout('letter', 'CANARY-LETTER', { shownTo: 'members', members: ['pat'] }),
  ],
  maps: ['shown', 'hidden'].map((id) => ({
    id: `map-${id}`,
    title: `No word of the ${id} map`,
    pictureId: null,
    name: 'a-name-of-a-map-000000',
    width: 512,
    height: 512,
    grid: { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
    sight: { isOn: true, isDaylight: true, farthest: 300 },
    isLocked: false,
    fog: { version: 4_321, change: null },
    openDoors: ['d4321'],
    inSight: null,
  })),
  shownMap: { mapId: 'map-shown' },
  tokens: [
    {
      id: 'chest',
      mapId: 'map-shown',
      characterId: null,
      name: 'No word of the chest',
      x: 4_321,
      y: 0,
      size: 1,
      visible: true,
      isLocked: false,
      darkvision: 0,
      inFog: false,
    },
  ],
  tiles: [{ id: '0-0-0', name: 'a-name-of-a-tile-00000' }],
}
const entry = (id: string, text: string, audience: 'all' | 'dm' = 'all'): NarrativeEntry => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'narration',
  author: { id: 'dm', name: 'DM', role: 'dm' },
  text,
  rolls: [],
  audience,
  withdrawn: false,
})
const request: StoryRequest = {
  state,
  audience: 'dm',
  entries: [entry('1', 'It began.'), entry('2', 'CANARY-SECRET', 'dm')],
  summary: 'They came by boat.',
  message: 'The bell rings.',
  answers: null,
}

async function tell(
  answer: (call: ModelCall) => void,
  options: { timeoutMs?: number; check?: (patch: StatePatch) => string | null } = {},
) {
  await using endpoint = await startModel(answer)
  const model = new LanguageModel({
    baseUrl: endpoint.baseUrl,
    model: 'm',
    apiKey: 'sk-canary',
    timeoutMs: options.timeoutMs ?? 2_000,
    maxReplyTokens: 200,
  })
  const narrator = new ModelNarrator({ model, windowTokens: 4_000, newId: () => 'new' })
  const parts: StoryPart[] = []
  let failure: unknown = null
  try {
    for await (const part of narrator.narrate(request, options.check ?? fits, never)) parts.push(part)
  } catch (error) {
    failure = error
  }
  const final = parts.find((part) => part.type === 'final')
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
  return { parts, final, text, failure, calls: endpoint.calls }
}

describe('the reader of a reply', () => {
  it('gives the prose and the state, however the reply is cut into pieces', () => {
    const prose = fc.stringMatching(/^[A-Za-z@ .\n]{0,60}$/).filter((text) => !text.includes(STATE_MARK))
    fc.assert(
      fc.property(
        prose,
        fc.option(fc.stringMatching(/^[{}a-z" ]{0,30}$/), { nil: null }),
        fc.array(fc.nat(12)),
        (text, block, cuts) => {
          const whole = block === null ? text : `${text}\n${STATE_MARK}\n${block}`
          const reader = new StoryReader()
          let prose = ''
          let at = 0
          for (const size of [...cuts, whole.length]) {
            prose += reader.take(whole.slice(at, at + size))
            at += size
          }
          prose += reader.end()
          expect(prose).toBe(reader.prose)
          expect(prose).not.toContain(STATE_MARK)
          expect(prose.trim()).toBe(text.trim())
          expect(reader.state).toBe(block?.trim() || null)
        },
      ),
    )
  })
})

describe('The changes of a reply', () => {
  const read = (changes: object | null, rolls: object[] = []) =>
    readState(JSON.stringify({ changes, rolls }), state, () => 'new', 'dm')

  it('asks for no roll that can not be rolled', () => {
    const roll = { who: 'Mira', notation: 'a strength check', why: '' }
    expect(() => read(null, [roll])).toThrow(UnfitState)
  })

  it('names to a model without secrets a creature by its alias, and never says the real name', () => {
    const masked = {
      ...state,
      characters: state.characters.map((one) => (one.name === 'Mira' ? { ...one, alias: 'Hooded figure' } : one)),
    }
    const say = (name: string) =>
      readState(
        JSON.stringify({ changes: { characters: [{ name, addConditions: ['wet'] }] } }),
        masked,
        () => 'new',
        'player',
      )
    expect(say('hooded figure').patch?.characters?.upsert).toHaveLength(1)
    expect(() => say('Nobody')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Mira') as string }),
    )
    expect(() => say('Mira')).toThrow(UnfitState)
  })

  it('becomes a patch of the state: by name, hit points as a difference', () => {
    const { patch, rolls } = read(
      {
        scene: 'The belfry',
        characters: [{ name: 'mira', hp: -4, addConditions: ['deafened'], removeConditions: ['Prone'] }],
        environment: { add: ['Bats'], remove: ['heavy rain'] },
        threats: { add: [{ name: 'Swarm' }] },
        beats: { done: ['Ring the bell'] },
      },
      [{ who: 'Mira', notation: '1d20+3', why: 'to hold on' }],
    )
    expect(patch).toEqual({
      scene: 'The belfry',
      characters: { upsert: [{ id: 'mira', hp: { current: 6, max: 20, temp: 0 }, conditions: ['deafened'] }] },
      environment: { upsert: [{ id: 'new', text: 'Bats', visible: true }], remove: ['rain'] },
      threats: { upsert: [{ id: 'new', name: 'Swarm', detail: '', visible: true }], remove: [] },
      beats: { upsert: [{ id: 'b', done: true }] },
    })
    expect(rolls).toEqual([{ who: 'Mira', notation: '1d20+3', why: 'to hold on' }])
    expect(read({ characters: [{ name: 'Mira', hp: 99 }] }).patch?.characters?.upsert?.[0]?.hp?.current).toBe(20)
    expect(read(null).patch).toBeNull()
  })

  it.each([
    ['not json'],
    ['{"changes": '],
    ['{"changes": {"dmNotes": "x"}}'],
    ['{"changes": {"characters": [{"name": "Nobody", "hp": 1}]}}'],
    ['{"changes": {"characters": [{"name": "Mira", "visible": true}]}}'],
    ['{"changes": {"characters": [{"name": "Mira", "hp": "lots"}]}}'],
    ['{"changes": {"beats": {"done": ["Unheard of"]}}}'],
    ['{"scene": "x"}'],
  ])('is refused when it is %s', (text) => {
    expect(() => readState(text, state, () => 'new', 'dm')).toThrow(UnfitState)
  })
})

describe('The prompt', () => {
  const promptFor = (changes: Partial<StoryRequest> = {}, window = 4_000) =>
    storyPrompt({ ...request, ...changes }, window)
      .map(({ content }) => content)
      .join('\n')

  it('holds the DM’s secrets for a draft, marked as such, and none of them for the table', () => {
    for (const secret of [
      'CANARY-GHOST',
      'CANARY-WEAKNESS',
      'CANARY-CULT',
      'CANARY-NOTES',
      'CANARY-SECRET',
      'CANARY-MAP (CANARY-ALT) (the DM’s alone)',
      'CANARY-LETTER',
    ]) {
      expect(promptFor()).toContain(secret)
      expect(promptFor({ audience: 'player' })).not.toContain(secret)
    }
    expect(promptFor({ audience: 'player' })).not.toContain('CANARY')
    for (const known of [
      'The bell tower',
      'Mira',
      'Heavy rain',
      'Ring the bell',
      'Handouts: Tide table (Hours in a column)',
      'It began.',
      'They came by boat.',
      'The bell rings.',
    ])
      expect(promptFor({ audience: 'player' })).toContain(known)
  })

  it('names handouts by title and alternative text alone', () => {
    for (const audience of ['dm', 'player'] as const) expect(promptFor({ audience })).not.toContain('A long text')
  })

  it('tells a model nothing of maps', () => {
    for (const audience of ['dm', 'player'] as const)
      expect(promptFor({ audience })).not.toMatch(/No word of|4321|a-name-of|map-shown/)
  })

  it('stays within its window, however long the campaign is, and keeps the newest', () => {
    const entries = Array.from({ length: 500 }, (_, n) =>
      entry(`e${n}`, `Entry number ${n}. ${'Much was said. '.repeat(10)}`),
    )
    for (const window of [1_500, 4_000]) {
      const text = promptFor(
        { entries, summary: 'S'.repeat(50_000), state: { ...state, dmNotes: 'N'.repeat(20_000) } },
        window,
      )
      expect(estimateTokens(text)).toBeLessThanOrEqual(window + 50)
      expect(text).toContain('The bell rings.')
    }
    const text = promptFor({ entries })
    expect(text).toContain('Entry number 499.')
    expect(text).not.toContain('Entry number 0.')
  })

  it('leaves out withdrawn entries', () => {
    expect(promptFor({ entries: [{ ...entry('1', 'Never happened.'), withdrawn: true }] })).not.toContain(
      'Never happened.',
    )
  })
})

describe('a story by a model', () => {
  it('streams its text and then its changes, sends the key, and counts the tokens', async () => {
    const { text, final, parts, calls } = await tell((call) => {
      for (const piece of ['The bell ', 'rings.\n@@ST', `ATE@@\n{"changes": {"status": "Al`, `arm"}}`]) call.say(piece)
      call.end(321)
    })
    expect(text).toBe('The bell rings.')
    expect(final).toEqual({
      type: 'final',
      text: 'The bell rings.',
      patch: { status: 'Alarm' },
      rolls: [],
      notices: [],
      tokens: 321,
    })
    expect(parts.map(({ type }) => type)).toEqual(['text', 'text', 'checking', 'final'])
    expect(calls[0]?.authorization).toBe('Bearer sk-canary')
    expect(calls[0]?.request).toMatchObject({ model: 'm', stream: true })
  })

  it('needs no state, and is prose alone then', async () => {
    expect((await tell((call) => call.reply('The bell rings.'))).final).toMatchObject({
      text: 'The bell rings.',
      patch: null,
      notices: [],
    })
  })

  it('asks the model once to repair changes that do not fit', async () => {
    let asked = 0
    const { final, calls } = await tell((call) =>
      call.reply(
        asked++ === 0
          ? `It rings.\n${STATE_MARK}\n{"changes": {"loudness": 11}}`
          : `${STATE_MARK}\n{"changes": {"status": "Loud"}}`,
      ),
    )
    expect(final).toMatchObject({ text: 'It rings.', patch: { status: 'Loud' }, notices: [] })
    expect(calls.length).toBe(2)
    expect(calls[1]?.text).toContain('loudness')
  })

  it('keeps the prose and says so when the state does not fit even then', async () => {
    const wrong = await tell((call) => call.reply(`It rings.\n${STATE_MARK}\n{"changes": {"loudness": 11}}`))
    expect(wrong.final).toMatchObject({ text: 'It rings.', patch: null })
    expect(wrong.final?.notices[0]).toContain('left out')
    const forbidden = await tell((call) => call.reply(`It rings.\n${STATE_MARK}\n{"changes": {"status": "x"}}`), {
      check: () => 'not now',
    })
    expect(forbidden.final).toMatchObject({
      text: 'It rings.',
      patch: null,
      notices: [expect.stringContaining('not now')],
    })
    expect(forbidden.calls.length).toBe(2)
  })

  it.each([
    ['is refused', (call: ModelCall) => call.refuse(401), '401', 1],
    ['is asked too often', (call: ModelCall) => call.refuse(429), '429', 3],
    ['fails', (call: ModelCall) => call.refuse(500), '500', 3],
    [
      'talks something else',
      (call: ModelCall) => (call.raw('data: {"choices": [{]}\n\n'), call.end()),
      'could not be read',
      1,
    ],
    ['says nothing', (_call: ModelCall) => {}, 'too long', 3],
  ] as const)('a model that %s is NARRATOR_UNAVAILABLE, and says why', async (_name, answer, why, tries) => {
    const { failure, calls, text } = await tell(answer, { timeoutMs: 300 })
    expect(failure).toMatchObject({ code: 'NARRATOR_UNAVAILABLE', message: expect.stringContaining(why) as unknown })
    expect((failure as Error).message).not.toContain('sk-canary')
    expect(calls.length).toBe(tries)
    expect(text).toBe('')
  })

  it.each([
    ['breaks off', (call: ModelCall) => call.cut(), /could not be read|broke off|can not be reached/],
    ['falls silent', (_call: ModelCall) => {}, /too long/],
    ['ends without an end', (call: ModelCall) => call.raw('data: [DONE]\n\n'), /broke off/],
  ] as const)('a model that %s in the middle leaves the text so far', async (_name, stop, why) => {
    const { failure, text, calls } = await tell(
      (call) => {
        call.say('The bell ')
        setTimeout(() => stop(call), 50)
      },
      { timeoutMs: 400 },
    )
    expect(failure).toMatchObject({ code: 'NARRATOR_UNAVAILABLE', message: expect.stringMatching(why) as unknown })
    expect(text).toBe('The bell')
    expect(calls.length).toBe(1)
  })

  it('ends the request when the caller aborts', async () => {
    const asked = Promise.withResolvers<ModelCall>()
    await using endpoint = await startModel((call) => {
      call.say('The ')
      asked.resolve(call)
    })
    const model = new LanguageModel({ baseUrl: endpoint.baseUrl, model: 'm', timeoutMs: 5_000, maxReplyTokens: 10 })
    const abort = new AbortController()
    const narrator = new ModelNarrator({ model, windowTokens: 2_000 })
    const reading = (async () => {
      for await (const part of narrator.narrate(request, fits, abort.signal))
        if (part.type === 'text') abort.abort(new Error('enough'))
    })()
    await expect(reading).rejects.toThrow('enough')
    const call = await asked.promise
    if (!call.hungUp.aborted) await new Promise((resolve) => call.hungUp.addEventListener('abort', resolve))
  })
})

describe('a recap without a model', () => {
  it('is made of beats, headings and how the newest entries begin', () => {
    const view = {
      scene: 'The belfry',
      status: '',
      characters: [],
      turn: { round: 0, order: [], current: null },
      environment: [],
      threats: [],
      beats: [
        { id: '1', text: 'Crossed the bay', done: true },
        { id: '2', text: 'Ring the bell', done: false },
      ],
      encounter: null,
      playersHeal: false,
      scenePicture: null,
      handouts: [],
      presented: null,
      map: null,
      tokens: [],
      areas: [],
      tiles: [],
    }
    const recap = extractRecap(view, [
      entry('1', '## The crossing\n\nThe sea was calm. Then it was not. Nobody slept.'),
      entry('2', 'CANARY-SECRET', 'dm'),
      { ...entry('3', 'Taken back.'), withdrawn: true },
    ])
    for (const part of [
      'Crossed the bay',
      'The crossing',
      'The sea was calm. Then it was not.',
      'Still open: Ring the bell',
      'Now: The belfry',
    ])
      expect(recap).toContain(part)
    for (const part of ['CANARY', 'Taken back', 'Nobody slept']) expect(recap).not.toContain(part)
  })

  it('is short, also where an entry or a heading has no end', () => {
    const view = {
      scene: '',
      status: '',
      characters: [],
      turn: { round: 0, order: [], current: null },
      environment: [],
      threats: [],
      beats: [],
      encounter: null,
      playersHeal: false,
      scenePicture: null,
      handouts: [],
      presented: null,
      map: null,
      tokens: [],
      areas: [],
      tiles: [],
    }
    const endless = 'So it went on, and on '.repeat(50_000)
    const recap = extractRecap(view, [
      entry('1', endless),
      entry('2', `# ${endless}`),
      entry('3', 'It ended. At last.'),
    ])
    expect(recap).toContain('So it went on, and on')
    expect(recap).toContain('It ended. At last.')
    expect(recap.length).toBeLessThan(3_000)
  })
})
