// Hostile dice notations.
import fc from 'fast-check'
import { filled, repeated } from './repeated-text.ts'

export function notation(): fc.Arbitrary<string> {
  const count = fc.constantFrom('', '1', '2', '20', '100', '999', '9999', '1000000', '0', '-1', '1.5')
  const sides = fc.constantFrom('1', '2', '6', '20', '100', '%', 'F', 'F.1', '0', '999999999', '-6')
  const changes = fc.constantFrom(
    '!',
    '!!',
    '!p',
    '!!p',
    '!>=1',
    '!!>=1',
    '!<100',
    '!=1',
    'r',
    'r>=1',
    'ro<3',
    'r<=100',
    'u',
    'uo',
    'u=1',

    'k1',
    'kh3',
    'kl99',
    'd1',
    'dh1',
    'dl99',
    'sa',
    'sd',
    's',
    'cs>=1',
    'cf<2',
    'min1',
    'max100',
    '>=1',
    '<5',
    '=2',
  )
  const die = fc
    .tuple(count, sides, fc.array(changes, { maxLength: 3 }))
    .map(([times, side, all]) => `${times}d${side}${all.join('')}`)
  const sum = fc
    .array(
      fc.tuple(
        fc.constantFrom('+', '-', '*', '/', '^', '**', '%'),
        fc.oneof(die, fc.constantFrom('0', '1', '9e9', '99999')),
      ),
      {
        maxLength: 3,
      },
    )
    .map((parts) => parts.flat().join(''))
  const simple = fc.tuple(die, sum).map(([first, rest]) => first + rest)
  const around = fc.constantFrom(
    (text: string) => text,
    (text: string) => `{${text}, ${text}}kh1`,
    (text: string) => `(${text})d(${text})`,
    (text: string) => `pow(${text}, 99)`,
    (text: string) => `floor(abs(${text})) / 0`,
    (text: string) => `${'('.repeat(60)}${text}${')'.repeat(60)}`,
    (text: string) => Array.from({ length: 40 }, () => text).join('+'),
  )
  return fc.tuple(simple, around).map(([text, wrap]) => wrap(text))
}

export function dice(maxLength: number): fc.Arbitrary<string> {
  const one = notation()
  return fc.oneof(
    one.map((text) => `/roll ${text}`),
    one.map((text) => `/roll ${text} ${'label '.repeat(20)}`),
    { weight: 3, arbitrary: endlessDice(maxLength) },
    repeated(
      one.map((text) => `[[${text}]]`),
      maxLength,
    ),
    repeated(fc.constantFrom('[[', ']]', '[[]]', '[[1d', '[[1d6', '[[d]]', '[[[[1d6]]]]'), maxLength, ['', '1d6]]']),
    one,
  )
}

/** Dice that explode or are rerolled without end, in one roll or in as many rolls as fit. */
function endlessDice(maxLength: number): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(100, 999),
      fc.constantFrom(1, 2, 100),
      fc.constantFrom('!>=1', '!!>=1', '!p>=1', 'r>=1', 'u', ''),
      fc.constantFrom(
        (text: string) => `/roll ${text}`,
        (text: string) => filled(`[[${text}]]`, maxLength),
      ),
    )
    .map(([count, sides, change, put]) => put(`${count}d${sides}${change}`))
}
