import { emptyState, TablecastError } from '@tablecast/contracts'
import { roll, type RollDice } from '@tablecast/rules'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDice } from './dice.ts'
import type { NarrationResult } from './narrator.ts'
import { createScribe } from './scribe.ts'
import { MAX_THROWN } from './throw-budget.ts'

const dieParts = ['d6', 'd2', 'd1', 'd%', 'dF', 'dF.1', 'd999999999', 'd9007199254740991', 'd(3/2)', 'd(1+1)']
const counts = ['', '1', '2', '9', '20', '100', '999', '.5', '3/2', '(9+9)']
const modifiers = '! !! !p !!p !>=1 !<9 r ro r>1 r<=5 u uo u>1 k1 kh2 dl1 dh9 min1 max3 cs>1 cf sa sd =1 >3 f<1'.split(
  ' ',
)
const arithmetic = '+ - * / ** ^ % %- ( ) { } , 1 9 abs( pow( max( exp( log( sqrt( tan( round('.split(' ')
const words = [' ', '\n', '/*', '*/', '#', '//', 'd', '√', '🎲']
const pieces = [...dieParts, ...counts, ...modifiers, ...arithmetic, ...words]

/** Dice as the parser takes them, so that many are thrown. */
const die = fc
  .tuple(
    fc.constantFrom(...counts),
    fc.constantFrom(...dieParts),
    fc.array(fc.constantFrom(...modifiers), { maxLength: 3 }),
  )
  .map(([count, sides, after]) => `${count}${sides}${after.join('')}`)
const notation = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join('')),
  // The same few again and again: what is worse than linear shows in these.
  fc
    .tuple(fc.array(fc.oneof(die, fc.constantFrom(...pieces)), { minLength: 1, maxLength: 4 }), fc.nat(40))
    .map(([parts, times]) => parts.join('').repeat(times).slice(0, 100)),
  fc.array(die, { minLength: 1, maxLength: 4 }).map((dice) => dice.join('+')),
  fc.array(die, { minLength: 1, maxLength: 4 }).map((dice) => `{${dice.join(', ')}}`),
)

let thrown = 0
const rollDice: RollDice = (given, _kind, throwing) =>
  roll(given, (sides) => {
    throwing?.()
    thrown++
    return 1 + Math.floor(Math.random() * sides)
  })
const dice = { roll: (asked: string) => createDice(rollDice).roll(asked, 'open') }

/** Counts the dice that are thrown. An error that is not a refusal is thrown on. */
async function throwsOf<T>(work: () => T | Promise<T>): Promise<{ thrown: number; result: T | null }> {
  thrown = 0
  try {
    const result = await work()
    return { thrown, result }
  } catch (error) {
    if (!(error instanceof TablecastError)) throw error
    expect(error.code).toBe('BAD_REQUEST')
    expect(error.message).toMatch(/^[A-Z“].*[.]$/s)
    return { thrown, result: null }
  }
}

async function say(message: string): Promise<NarrationResult> {
  const scribe = createScribe()
  const actor = { id: 'p', name: 'Pat', role: 'player' } as const
  for await (const part of scribe.narrate({ message, actor, state: emptyState, roll: rollDice }))
    if (part.type === 'final') return part.narration
  throw new Error('no final part')
}

describe('dice', () => {
  it('any notation throws a bounded number of dice, and comes to a finite result or to a refusal', async () => {
    let rolled = 0
    await fc.assert(
      fc.asyncProperty(notation, async (asked) => {
        const { thrown, result } = await throwsOf(() => dice.roll(asked))
        expect(thrown).toBeLessThanOrEqual(MAX_THROWN + 1)
        if (!result) return
        rolled++
        expect(Number.isFinite(result.total)).toBe(true)
        expect(asked).toContain(result.notation)
        expect(result.output.length).toBeLessThanOrEqual(500)
        expect(result.output).toContain(` = ${result.total}`)
      }),
      { numRuns: 5_000 },
    )
    expect(rolled).toBeGreaterThan(300)
  })

  for (const asked of [
    '100d2!>=1',
    '100d2!!>=1',
    '50d2!p>=0',
    '100d2r>=1',
    '100d6u',
    '{100d2!>=1, 1d6}kh1',
    'abs(100d2!>=1)',
    '(9+9)d2!>=1',
    // A die with a part of a side takes no chance, and would explode without end.
    '100d(3/2)!>=1',
    '1001d1',
    '(50*90)d6',
    '999d1+999d1',
    '1/0',
    '10**99**9',
    'sqrt(-1)',
    'log(0)',
    '0/0',
  ])
    it(`refuse ${asked} as a whole`, async () => {
      const { thrown, result } = await throwsOf(() => dice.roll(asked))
      expect(result).toBeNull()
      expect(thrown).toBeLessThanOrEqual(MAX_THROWN + 1)
    })

  // Each of these took from seconds to all of the memory.
  for (const asked of [`1${'%1dF'.repeat(24)}`, `1dFsd${'%1dFsd'.repeat(15)}`])
    it(`refuse ${asked.slice(0, 20)}… without working it out`, () => {
      expect(() => dice.roll(asked)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }) as Error)
    })

  it('work out thirty percent signs, which took an earlier version all of the memory', () => {
    for (const asked of [`1${'%-1'.repeat(33)}`, `(1${'%2+1'.repeat(31)})d6`])
      expect(Number.isFinite(dice.roll(asked).total)).toBe(true)
  })

  it('roll all that people play with', () => {
    for (const asked of [
      '1d20',
      '2d6+3',
      '4d6kh3',
      '4d6dl1',
      '2d20kl1+7',
      'd%',
      '4dF',
      '8d10>=8',
      '5d6!',
      '3d6!!p',
      '4d6r=1',
      '4d6ro<=2',
      '6d10u',
      '{4d6, 2d8+1}kh1',
      '(1+2)d6',
      'floor((1d20+5)/2)',
      '1d20%7',
      '100d100',
      '1d1000000',
    ])
      expect(dice.roll(asked)).toMatchObject({ notation: asked, total: expect.any(Number) as number })
  })

  it('read the words after the dice as their label', () => {
    expect(dice.roll('1d8 # sword')).toMatchObject({ notation: '1d8', label: 'sword' })
    expect(dice.roll('1d20 + 5 stealth')).toMatchObject({ label: 'stealth' })
  })

  it('shorten a long output, and keep the total', () => {
    const { output, total } = dice.roll('100d1000000sd')
    expect(output).toMatch(/^100d1000000sd: \[\d+, \d+, .*, … = \d+$/)
    expect(output.length).toBeLessThanOrEqual(500)
    expect(output.endsWith(` = ${total}`)).toBe(true)
    expect(dice.roll('3d1').output).toBe('3d1: [1, 1, 1] = 3')
  })
})

describe('a message with rolls', () => {
  it('throws a bounded number of dice in all, and is small, or is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(notation, die, fc.constant('100d1')), { maxLength: 24 }), async (asked) => {
        const message = `So: ${asked.map((one) => `[[${one}]]`).join(' ')}`.slice(0, 4_000)
        const { thrown, result } = await throwsOf(() => say(message))
        expect(thrown).toBeLessThanOrEqual(MAX_THROWN + 1)
        if (!result) return
        const [entry] = result.entries
        expect(entry?.rolls.length).toBeLessThanOrEqual(20)
        expect(
          Buffer.byteLength(
            JSON.stringify(entry?.rolls.map(({ notation, output, total, label }) => [notation, output, total, label])),
          ),
        ).toBeLessThan(16_384)
      }),
      { numRuns: 500 },
    )
  })

  for (const [what, message] of Object.entries({
    'forty rolls that explode without end': '[[100d2!>=1]]'.repeat(40),
    'more rolls than twenty': '[[1d6]]'.repeat(21),
    'more dice than a thousand in its rolls together': '[[100d1]]'.repeat(11),
    'a roll that explodes without end': '/roll 100d2!>=1',
    'a text among its rolls that is not dice': '[[1d6]] and [[2d]]',
  }))
    it(`is refused with ${what}`, async () => {
      const { thrown, result } = await throwsOf(() => say(message))
      expect(result).toBeNull()
      expect(thrown).toBeLessThanOrEqual(MAX_THROWN + 1)
    })

  it('keeps names in brackets, and counts only its dice', async () => {
    const [entry] = (await say(`[[Mayor Voss]] throws [[1d1]]. ${'[[Old Tom]] '.repeat(30)}`)).entries
    expect(entry?.text).toContain('[[Mayor Voss]] throws **1**. [[Old Tom]]')
    expect(entry?.rolls).toHaveLength(1)
  })

  it('is rolled with twenty rolls and a thousand dice', async () => {
    expect((await say('[[50d1]]'.repeat(20))).entries[0]?.rolls).toHaveLength(20)
  })
})
