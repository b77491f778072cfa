import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../refusal.ts'
import {
  critical,
  looksLikeDice,
  MAX_DEPTH,
  MAX_THROWN,
  modifierOrder,
  printExpression,
  readDice,
  readExpression,
  readNotation,
  roll,
  type Compare,
  type Expression,
  type Modifier,
} from './index.ts'

const aCompare: fc.Arbitrary<Compare> = fc.record({
  comparison: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
  value: fc.integer({ min: -5, max: 25 }),
})
const maybe = fc.option(aCompare)
const end = fc.constantFrom('highest' as const, 'lowest' as const)
const byKind = {
  min: fc.integer({ min: -3, max: 20 }).map((value): Modifier => ({ kind: 'min', value })),
  max: fc.integer({ min: -3, max: 20 }).map((value): Modifier => ({ kind: 'max', value })),
  explode: fc
    .tuple(fc.boolean(), fc.boolean(), maybe)
    .map(([compounds, penetrates, compare]): Modifier => ({ kind: 'explode', compounds, penetrates, compare })),
  reroll: fc.tuple(fc.boolean(), maybe).map(([once, compare]): Modifier => ({ kind: 'reroll', once, compare })),
  unique: fc.tuple(fc.boolean(), maybe).map(([once, compare]): Modifier => ({ kind: 'unique', once, compare })),
  keep: fc.tuple(end, fc.nat(9)).map(([which, count]): Modifier => ({ kind: 'keep', end: which, count })),
  drop: fc.tuple(end, fc.nat(9)).map(([which, count]): Modifier => ({ kind: 'drop', end: which, count })),
  success: aCompare.map((compare): Modifier => ({ kind: 'success', compare })),
  failure: aCompare.map((compare): Modifier => ({ kind: 'failure', compare })),
  criticalSuccess: maybe.map((compare): Modifier => ({ kind: 'criticalSuccess', compare })),
  criticalFailure: maybe.map((compare): Modifier => ({ kind: 'criticalFailure', compare })),
  sort: fc.boolean().map((descending): Modifier => ({ kind: 'sort', descending })),
} satisfies Record<Modifier['kind'], fc.Arbitrary<Modifier>>

/**
 * A count of successes directly after a modifier that compares would be that modifier's, so the generator does not put one there.
 */
const modifiersOf = (kinds: readonly Modifier['kind'][]): fc.Arbitrary<Modifier[]> =>
  fc.subarray([...kinds], { maxLength: 4 }).chain((chosen) => {
    const sorted = modifierOrder.filter((kind) => chosen.includes(kind))
    const fits = sorted.filter((kind) => kind !== 'failure' || sorted.includes('success'))
    return fc.tuple(...fits.map((kind) => byKind[kind])).map((all) => {
      const at = all.findIndex(({ kind }) => kind === 'success')
      const before = all[at - 1]
      return before && 'compare' in before && before.compare === null
        ? all.filter(({ kind }) => kind !== 'success' && kind !== 'failure')
        : all
    })
  })

const aNumber = fc.oneof(fc.nat(20), fc.constantFrom(0.5, 2.25)).map((value): Expression => ({ kind: 'number', value }))
const aSmall = fc.nat(6).map((value): Expression => ({ kind: 'number', value }))

const { tree: anExpression } = fc.letrec<{ tree: Expression }>((tie) => {
  const inner = tie('tree')
  const count = fc.oneof({ weight: 4, arbitrary: aSmall }, { weight: 1, arbitrary: inner.map(asNoNumber) })
  const sides = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(2, 4, 6, 20, 100).map((value): Expression => ({ kind: 'number', value })) },
    { weight: 1, arbitrary: inner.map(asNoNumber) },
    { weight: 1, arbitrary: fc.constantFrom('F' as const, 'F1' as const) },
  )
  const dice = fc
    .record({ count, sides, modifiers: modifiersOf(modifierOrder) })
    .map((fields): Expression => ({ kind: 'dice', ...fields }))
  return {
    tree: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'tree' },
      aNumber,
      dice,
      fc
        .record({
          operator: fc.constantFrom('+', '-', '*', '/', '%', '**'),
          left: inner,
          right: inner,
        })
        .map((fields): Expression => ({ kind: 'binary', ...fields })),
      inner.map((of): Expression => ({ kind: 'negate', of })),
      fc
        .constantFrom('abs', 'ceil', 'floor', 'round', 'sign', 'sqrt')
        .chain((name) => inner.map((of): Expression => ({ kind: 'call', name, of: [of] }))),
      fc
        .tuple(fc.constantFrom('max', 'min'), fc.array(inner, { minLength: 1, maxLength: 3 }))
        .map(([name, of]): Expression => ({ kind: 'call', name, of })),
      fc
        .tuple(
          fc.array(inner, { minLength: 2, maxLength: 3 }),
          modifiersOf(['keep', 'drop', 'success', 'failure', 'sort']),
        )
        .map(([parts, modifiers]): Expression => ({ kind: 'group', parts, modifiers })),
    ),
  }
})

/** A number of dice or of sides stands without brackets only when it is whole. */
function asNoNumber(expression: Expression): Expression {
  return expression.kind === 'number' ? { kind: 'negate', of: expression } : expression
}

const drawOf = (values: readonly number[]) => {
  let at = 0
  return (sides: number) => 1 + ((values[at++ % values.length] ?? 0) % sides)
}
/** The next of these sides at each draw. */
const draws = (...sides: number[]) => drawOf(sides.map((side) => side - 1))

describe('dice', () => {
  it('that are printed are read as the same', () => {
    let read = 0
    fc.assert(
      fc.property(anExpression, (expression) => {
        const text = printExpression(expression)
        if (text.length > 200) return
        read++
        expect(readExpression(text)).toEqual(expression)
        const spaced = text.replaceAll(/\*\*?|[+/,{]/g, ' $& ')
        if (spaced.length < 200) expect(printExpression(readExpression(spaced))).toBe(text)
      }),
      { numRuns: 3_000 },
    )
    expect(read).toBeGreaterThan(1_000)
  })

  it('throw at most a thousand dice, come to a finite total and a short output, or are refused with a reason', () => {
    const pieces = fc.constantFrom(
      ...'1 2 9 20 100 999 d d6 d20 d% dF d1 ! !! !p >=1 r r<9 ro u k dl kh1 min2 cs + - * / ** ^ % ( ) { } , floor( sqrt( . adv # x'.split(
        ' ',
      ),
      ' ',
    )
    const repeated = fc
      .tuple(fc.array(pieces, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 60 }))
      .map(([parts, times]) => parts.join('').repeat(times).slice(0, 300))
    const anything = fc.oneof(
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
      repeated,
      fc.string({ maxLength: 40 }),
      anExpression.map(printExpression),
    )
    let [rolled, most] = [0, 0]
    fc.assert(
      fc.property(anything, fc.array(fc.nat(999_999), { minLength: 1, maxLength: 20 }), (text, values) => {
        let thrown = 0
        const draw = drawOf(values)
        try {
          const result = roll(text, (sides) => {
            thrown++
            return draw(sides)
          })
          rolled++
          expect(Number.isSafeInteger(Math.trunc(result.total))).toBe(true)
          expect(result.output.length).toBeLessThanOrEqual(500)
          expect(result.output.endsWith(` = ${result.total}`)).toBe(true)
          expect(result.drawn).toHaveLength(thrown)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          expect(error.message).toMatch(/\.$/)
        }
        most = Math.max(most, thrown)
        expect(thrown).toBeLessThanOrEqual(MAX_THROWN)
      }),
      { numRuns: 5_000 },
    )
    expect(rolled).toBeGreaterThan(500)
    expect(most).toBe(MAX_THROWN)
  })

  const rolls: [string, number[], number, string][] = [
    ['1d20', [13], 13, '1d20: [13] = 13'],
    ['2d6+3', [4, 2], 9, '2d6+3: [4, 2]+3 = 9'],
    ['1d20 + 5', [10], 15, '1d20 + 5: [10]+5 = 15'],
    ['D20 – 3', [10], 7, 'D20 – 3: [10]-3 = 7'],
    ['d20 − 3', [10], 7, 'd20 − 3: [10]-3 = 7'],
    ['4d6kh3', [1, 6, 5, 4], 15, '4d6kh3: [1d, 6, 5, 4] = 15'],
    ['4d6dl1', [1, 6, 5, 4], 15, '4d6dl1: [1d, 6, 5, 4] = 15'],
    ['4d6 drop lowest', [1, 6, 5, 4], 15, '4d6 drop lowest: [1d, 6, 5, 4] = 15'],
    ['2d20kl1+7', [18, 3], 10, '2d20kl1+7: [18d, 3]+7 = 10'],
    ['1d20 adv', [3, 18], 18, '2d20kh1: [3d, 18] = 18'],
    ['1d20+2 with disadvantage', [3, 18], 5, '2d20kl1+2: [3, 18d]+2 = 5'],
    ['d%', [95], 95, 'd%: [95] = 95'],
    ['4dF', [1, 2, 3, 3], 1, '4dF: [-1, 0, 1, 1] = 1'],
    ['2dF.1', [1, 6], 0, '2dF.1: [-1, 1] = 0'],
    ['8d10>=8', [8, 9, 1, 2, 3, 4, 5, 10], 3, '8d10>=8: [8*, 9*, 1, 2, 3, 4, 5, 10*] = 3'],
    ['3d10 ≥ 8 f1', [8, 9, 1], 1, '3d10 ≥ 8 f1: [8*, 9*, 1_] = 1'],
    ['2d6!', [6, 6, 2, 3], 17, '2d6!: [6!, 2, 6!, 3] = 17'],
    ['1d6!!', [6, 6, 2], 14, '1d6!!: [14!!] = 14'],
    ['1d6!p', [6, 6, 2], 12, '1d6!p: [6!p, 5!p, 1] = 12'],
    ['3d6!>4', [5, 1, 2, 3], 11, '3d6!>4: [5!, 3, 1, 2] = 11'],
    ['2d6r1', [1, 3, 1, 4], 7, '2d6r1: [4r, 3] = 7'],
    ['2d6ro<=2', [1, 3, 2], 5, '2d6ro<=2: [2ro, 3] = 5'],
    ['3d6u', [2, 2, 3, 2, 5], 10, '3d6u: [2, 5u, 3] = 10'],
    ['{4d6, 2d8+1}kh1', [1, 2, 3, 4, 5, 6], 12, '{4d6, 2d8+1}kh1: {[1, 2, 3, 4]d, [5, 6]+1} = 12'],
    ['(1+1)d6', [3, 4], 7, '(1+1)d6: [3, 4] = 7'],
    ['floor((1d20+5)/2)', [10], 7, 'floor((1d20+5)/2): floor(([10]+5)/2) = 7'],
    ['1d20%7', [19], 5, '1d20%7: [19]%7 = 5'],
    ['2**3**0', [], 2, '2**3**0: 2**(3**0) = 2'],
    ['10-(3-2)', [], 9, '10-(3-2): 10-(3-2) = 9'],
    ['-7', [], -7, '-7: -7 = -7'],
    ['2d6min3', [1, 5], 8, '2d6min3: [3^, 5] = 8'],
    ['3d6sd', [1, 6, 3], 10, '3d6sd: [6, 3, 1] = 10'],
    ['1d20cs>=19', [19], 19, '1d20cs>=19: [19**] = 19'],
    ['３ｄ６', [1, 2, 3], 6, '３ｄ６: [1, 2, 3] = 6'],
  ]
  for (const [text, sides, total, output] of rolls)
    it(`${text} comes to ${total} with ${sides.join(', ') || 'no dice'}`, () => {
      expect(roll(text, draws(...sides))).toMatchObject({ total, output })
    })

  const labels: [string, string, string][] = [
    ['2d6+3 fire', '2d6+3', 'fire'],
    ['1d8 # sword', '1d8', 'sword'],
    ['1d8 # 2nd attack', '1d8', '2nd attack'],
    ['1d20+5 adv to hit', '2d20kh1+5', 'to hit'],
    ['1d20 stealth with disadvantage', '2d20kl1', 'stealth'],
    ['1d20 Dread', '1d20', 'Dread'],
    ['2d6 Drop Bear', '2d6', 'Drop Bear'],
    ['2d6 K', '2d6', 'K'],
    ['4d6 keep 3 strength', '4d6kh3', 'strength'],
    ['1d20 “Old Tom”', '1d20', '“Old Tom”'],
    ['1d20 🎲', '1d20', '🎲'],
  ]
  for (const [text, notation, label] of labels)
    it(`${text} has the label ${label}`, () => {
      const read = readNotation(text)
      expect([printExpression(read.expression), read.label]).toEqual([notation, label])
    })

  const refused: [string, RegExp][] = [
    ['', /not finished/],
    ['[[Mayor Voss]]', /is no dice/],
    ['once', /is no dice/],
    ['1d20+', /not finished/],
    ['1d20 2nd', /“2nd” after “1d20”/],
    ['1d20 d6', /“d6” after “1d20”/],
    ['2d6fire', /“fire” after “2d6”/],
    ['1d20 +prone', /not understood/],
    ['(1d6', /not finished/],
    ['sin(1)', /no function sin/],
    ['pow(2)', /does not take 1/],
    ['{1d6}kh1', /Braces choose/],
    ['{1d6,1d8}!', /not understood/],
    ['4d6kh3kh2', /says again/],
    ['1d6dread', /not understood/],
    ['4d6kfoo', /not understood/],
    ['5d10f1', /with successes only/],
    ['1d20 adv dis', /twice/],
    ['2d20 adv', /for one 1d20/],
    ['1d20+1d20 dis', /there are 2/],
    ['1d0', /1 to 1,000,000 whole sides/],
    ['1d(3/2)!>=1', /whole sides/],
    ['(1/2)d6', /whole number/],
    ['1001d6', /at most 1,000 dice/],
    ['100d2!>=1', /at most 1,000 dice/],
    ['1d1r', /at most 1,000 dice/],
    ['100d6u', /at most 1,000 dice/],
    ['1/0', /no number/],
    ['10**99**9', /no number/],
    ['sqrt(-1)', /no number/],
    ['9'.repeat(30), /too large/],
    ['('.repeat(MAX_DEPTH + 1), /too many brackets/],
    ['-'.repeat(MAX_DEPTH + 1), /too many brackets/],
    ['1+'.repeat(200), /too long/],
    [`1d6 ${'x'.repeat(101)}`, /at most 100/],
  ]
  for (const [text, reason] of refused)
    it(`${text.slice(0, 30) || 'an empty text'} are refused with the reason`, () => {
      expect(() => roll(text, draws(1))).toThrow(Refusal)
      expect(() => roll(text, draws(1))).toThrow(reason)
    })

  it('are not drawn at all when there would be too many, so a refusal costs nothing', () => {
    const draw = () => {
      throw new Error('a die was drawn')
    }
    expect(() => roll('1001d6', draw)).toThrow(/at most 1,000/)
  })

  it('tell a natural 20 and a natural 1 of the kept d20', () => {
    expect(roll('1d20+5', draws(20)).natural).toBe(20)
    expect(roll('1d20 dis', draws(20, 1)).natural).toBe(1)
    expect(roll('1d20 adv', draws(20, 1)).natural).toBe(20)
    expect(roll('2d20', draws(20, 1)).natural).toBeNull()
    expect(roll('1d6', draws(1)).natural).toBeNull()
  })

  it('are thrown twice for a critical, and numbers are not', () => {
    expect(printExpression(critical(readExpression('2d6+1d8+3')))).toBe('4d6+2d8+3')
  })

  it('are read from the beginning of a text', () => {
    expect(readDice('2d6 + 3 fire Goblin 1, Goblin 2')).toMatchObject({
      text: '2d6 + 3',
      rest: 'fire Goblin 1, Goblin 2',
    })
    expect(() => readDice('2d6x Mira')).toThrow(/“x Mira” after “2d6”/)
  })

  it('differ from names', () => {
    for (const text of ['1d20', ' d6', 'D20 + 5', '(1+1)d6', '{1d6,1d8}kh1', '-3', 'd%', 'dF'])
      expect(looksLikeDice(text)).toBe(true)
    for (const text of ['Mayor Voss', 'dragon', 'the 3 witches', 'Drow 1', '', 'dfoe'])
      expect(looksLikeDice(text)).toBe(false)
  })
})
