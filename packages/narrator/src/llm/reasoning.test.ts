import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReasoningFilter, type ReasoningPart, type ReplyBegins, textOf, withoutReasoning } from './reasoning.ts'

/** The parts of a reply that comes in these pieces. */
function read(pieces: readonly string[], begins: ReplyBegins = 'outside', isWhole = true): ReasoningPart[] {
  const filter = new ReasoningFilter(begins)
  return [...pieces.flatMap((piece) => filter.take(piece)), ...filter.end(isWhole)]
}
const everySplit = (text: string) =>
  Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)])
const cut = (text: string, sizes: readonly number[]) => {
  const pieces: string[] = []
  let at = 0
  for (const size of [...sizes, text.length]) pieces.push(text.slice(at, (at += size)))
  return pieces
}
const shownText = (parts: readonly ReasoningPart[]) =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')

const THOUGHT = 'The hag did it'
const replies: [name: string, reply: string, answer: string][] = [
  ['a thought', `<think>${THOUGHT}</think>It rings.`, 'It rings.'],
  ['another name', `<thinking>${THOUGHT}</thinking>It rings.`, 'It rings.'],
  ['yet another', `<reasoning>${THOUGHT}</reasoning>It rings.`, 'It rings.'],
  [
    'a thought by name',
    `<thought>${THOUGHT}</thought><thinking_process>${THOUGHT}</thinking_process>It rings.`,
    'It rings.',
  ],
  ['upper case', `<THINK>${THOUGHT}</Think>It rings.`, 'It rings.'],
  ['attributes', `<think effort="high" note='a' >${THOUGHT}</think >It rings.`, 'It rings.'],
  ['blanks in the tags', `< think\n>${THOUGHT}</ think\n>It rings.`, 'It rings.'],
  ['a thought that is never closed', `It rings.<think>${THOUGHT}`, 'It rings.'],
  ['a tag that is cut off', `It rings.<think`, 'It rings.'],
  ['a tag with attributes that is cut off', `It rings.<think effort="${THOUGHT}`, 'It rings.'],
  ['a thought in a thought', `<think>a<think>${THOUGHT}</think>${THOUGHT}</think>It rings.`, 'It rings.'],
  ['a thought in another', `<reasoning>a<think>${THOUGHT}</think>${THOUGHT}</reasoning>It rings.`, 'It rings.'],
  ['several', `<think>${THOUGHT}</think>It <think>${THOUGHT}</think>rings.`, 'It rings.'],
  ['an empty one', `<think></think><think/>It rings.`, 'It rings.'],
  ['no opening tag', `${THOUGHT}</think>It rings.`, 'It rings.'],
  ['no opening tag, twice', `${THOUGHT}</think>${THOUGHT}</think>It rings.`, 'It rings.'],
  ['brackets', `[THINK]${THOUGHT}[/THINK]It rings.`, 'It rings.'],
  ['triangles', `◁think▷${THOUGHT}◁/think▷It rings.`, 'It rings.'],
  ['no thought at all', 'It rings.', 'It rings.'],
  ['signs that are no tags', 'a < b <i>x</i> [think](y) <thinker> <', 'a < b <i>x</i> [think](y) <thinker> <'],
  ['a thought to its end', `<think>${THOUGHT}`, ''],
  ['signs in a thought', `<think>${THOUGHT} < > </thin> </i></think>It rings.`, 'It rings.'],
]

describe('a model’s thoughts', () => {
  for (const [name, reply, answer] of replies)
    it(`are separated from the answer at every split: ${name}`, () => {
      expect(withoutReasoning(reply)).toBe(answer)
      for (const pieces of [...everySplit(reply), reply.split('')]) {
        const parts = read(pieces)
        expect([pieces, textOf(parts)]).toEqual([pieces, answer])
        // With an opening tag no byte of a thought is given as text, not even for a moment.
        if (!name.startsWith('no opening')) expect(shownText(parts)).toBe(answer)
      }
    })

  it('are never given as text when the reply is known to begin with an unopened thought', () => {
    for (const begins of ['inside', 'perhaps'] as const)
      for (const [name, reply, answer] of replies.filter(([, text, said]) => text !== said))
        for (const pieces of [...everySplit(reply), reply.split('')]) {
          const parts = read(pieces, begins)
          expect(textOf(parts)).not.toContain('hag')
          if (!name.endsWith('twice')) expect(shownText(parts)).not.toContain('hag')
          // Words before the first tag may be a thought as well.
          if (!reply.startsWith('It ')) expect([name, begins, textOf(parts)]).toEqual([name, begins, answer])
        }
  })

  it('are the whole reply when it is known to begin with one and no closing tag comes', () => {
    expect(shownText(read(['It ', 'rings.'], 'inside'))).toBe('')
    expect(shownText(read(['It ', 'rings.'], 'perhaps'))).toBe('It rings.')
    // It was cut off while it thought.
    expect(shownText(read(['It ', 'rings.'], 'perhaps', false))).toBe('')
    expect(shownText(read(['<think>It ', 'rings.'], 'perhaps'))).toBe('')
  })

  it('do not hold back the answer of an endpoint that sends them in a field of their own', () => {
    for (const begins of ['inside', 'perhaps'] as const) {
      const filter = new ReasoningFilter(begins)
      expect(filter.take(' ')).toEqual([])
      expect(textOf(filter.thoughtsAreSeparate())).toBe(' ')
      expect(filter.take('It rings.')).toEqual([{ type: 'text', text: 'It rings.' }])
      expect(filter.take('<think>hm</think>')).toEqual([{ type: 'reasoning', text: 'hm' }])
    }
  })

  it('are separated from the answer in any reply, at any splits', () => {
    const name = fc.constantFrom('think', 'thinking', 'thought', 'reasoning', 'reflection')
    const spelled = fc.tuple(name, fc.boolean()).map(([text, isUpper]) => (isUpper ? text.toUpperCase() : text))
    const attributes = fc.constantFrom('', ' ', ' a="b"', ' x=1 y', '\n')
    const words = fc.stringMatching(/^[a-z. \n]{0,12}$/)
    const { thought } = fc.letrec<{ thought: string }>((tie) => ({
      thought: fc
        .tuple(spelled, attributes, words, fc.oneof({ depthSize: 'small' }, words, tie('thought')), words)
        .map(([tag, more, before, inner, after]) => `<${tag}${more}>${before}${inner}${after}</${tag}>`),
    }))
    const segment = fc.oneof(
      thought.map((reply) => ({ reply, answer: '' })),
      words.map((reply) => ({ reply, answer: reply })),
    )
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), fc.array(fc.nat(9)), (segments, sizes) => {
        const reply = segments.map((one) => one.reply).join('')
        expect(shownText(read(cut(reply, sizes)))).toBe(segments.map(({ answer }) => answer).join(''))
      }),
      { numRuns: 500 },
    )
  })

  it('are the same for any text, at any splits', () => {
    const text = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        '[',
        ']',
        'think',
        'THINK',
        'ing',
        ' ',
        'x',
        '</think>',
        '<think>',
        '◁',
        '▷',
        '<reasoning a=1>',
      ),
      { maxLength: 20 },
    )
    const begins = fc.constantFrom('outside' as const, 'inside' as const, 'perhaps' as const)
    fc.assert(
      fc.property(text, fc.array(fc.nat(6)), begins, fc.boolean(), (tokens, sizes, at, isWhole) => {
        const reply = tokens.join('')
        expect(textOf(read(cut(reply, sizes), at, isWhole))).toBe(textOf(read([reply], at, isWhole)))
      }),
      { numRuns: 2_000 },
    )
  })
})
