// Hostile texts by family. The product parses dice, Markdown and commands, so each of these has a grammar here.
import { commands } from '@tablecast/contracts'
import fc from 'fast-check'

export const textFamilies = ['plain', 'dice', 'markdown', 'commands', 'unicode', 'patterns', 'injections'] as const
export type TextFamily = (typeof textFamilies)[number]

/** A text of at most `maxLength` characters, and often of exactly that length. */
export function hostileText(family: TextFamily, maxLength: number): fc.Arbitrary<string> {
  return families[family](maxLength).map((text) => text.slice(0, maxLength))
}

/** The names of the fields that the server parses as this family. */
export const parsedFields: Partial<Record<TextFamily, RegExp>> = {
  dice: /^message$/,
  commands: /^message$/,
  markdown: /^(message|markdown|content|text)$/,
}

const families: Record<TextFamily, (maxLength: number) => fc.Arbitrary<string>> = {
  plain: (maxLength) => fc.string({ maxLength: Math.min(40, maxLength), unit: 'grapheme' }),
  dice,
  markdown,
  commands: slashCommands,
  unicode,
  patterns,
  injections: () => fc.constantFrom(...injections),
}

/** Repeats a part up to a length, which shows costs that grow faster than the length. */
const filled = (part: string, length: number) => part.repeat(Math.max(1, Math.floor(length / Math.max(1, part.length))))

/** Repeats a part once, 40 times, or up to `maxLength`. */
const repeated = (part: fc.Arbitrary<string>, maxLength: number, tails: readonly string[] = ['']) =>
  fc
    .record({ part, times: fc.constantFrom(1, 40, Infinity, Infinity), tail: fc.constantFrom(...tails) })
    .map(({ part: one, times, tail }) => {
      const room = Math.max(0, maxLength - tail.length)
      return (times === Infinity ? filled(one, room) : one.repeat(times)) + tail
    })

function notation(): fc.Arbitrary<string> {
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

function dice(maxLength: number): fc.Arbitrary<string> {
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

function markdown(maxLength: number): fc.Arbitrary<string> {
  const blocks = [
    '- ',
    '* ',
    '+ ',
    '1. ',
    '999999999. ',
    '> ',
    '>',
    '# ',
    '###### ',
    '    ',
    '\t',
    '```\n',
    '~~~',
    '---\n',
    '| a | b |\n|---|---|\n',
    '- [ ] ',
    '[^1]: ',
    '<div>\n',
  ]
  const inline = [
    '*',
    '**',
    '_',
    '__',
    '~~',
    '`',
    '[',
    ']',
    '(',
    '![',
    '](',
    '[a](',
    '<',
    '<!--',
    '<a ',
    '&',
    '&amp',
    '\\',
    '![a][',
    '[a]: ',
    '[^',
    'http://',
    'www.',
    'a@',
    ':',
    '"',
    "'",
    '***a',
    '[](<',
  ]
  const atom = fc.constantFrom(...blocks, ...inline)
  const tails = ['', 'a', '\n\na', '*', ')', '>', '`']
  return fc.oneof(
    { weight: 3, arbitrary: repeated(fc.constantFrom(...blocks), maxLength, tails) },
    { weight: 3, arbitrary: repeated(fc.constantFrom(...inline), maxLength, tails) },
    {
      weight: 2,
      arbitrary: repeated(
        fc.array(atom, { minLength: 2, maxLength: 4 }).map((all) => all.join('')),
        maxLength,
        tails,
      ),
    },
    // Marks that open and close as often as they fit.
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          ['[', '](x)'],
          ['*a ', ' b*'],
          ['(', ')'],
          ['<a>', '</a>'],
          ['> ', '\n'],
          ['`', '``'],
          ['**', '__'],
        )
        .map(([open = '', close = '']) => {
          const times = Math.floor((maxLength - 1) / (open.length + close.length))
          return `${open.repeat(times)}a${close.repeat(times)}`
        }),
    },
    // A list that is one level deeper with each line.
    {
      weight: 1,
      arbitrary: fc.constantFrom('- ', '> ', '1. ').map((mark) => {
        const lines: string[] = []
        for (let length = 0, depth = 0; length < maxLength; depth++) {
          const line = `${mark === '> ' ? mark.repeat(depth + 1) : '  '.repeat(depth) + mark}a\n`
          lines.push(line)
          length += line.length
        }
        return lines.join('')
      }),
    },
    // Headings of a scenario, as many as fit.
    {
      weight: 1,
      arbitrary: repeated(
        fc.constantFrom('## Characters\n- Mira (pc): HP 9/9\n', '## Scene\n\na\n', '# A\n', '## Threats\n- a: b\n'),
        maxLength,
      ),
    },
  )
}

function slashCommands(maxLength: number): fc.Arbitrary<string> {
  const argument = fc.oneof(
    fc.constantFrom(
      'Mira',
      'Mira -7',
      'Mira =99999999999',
      'Mira +1e308',
      'Mira temp=-5',
      'next',
      'prev',
      'end',
      'add',
      'remove x',
      'hide',
      '',
      ' ',
      '\n',
      '0',
      '-1',
      '1e9',
      'NaN',
      '__proto__',
      'constructor',
    ),
    fc.constantFrom('x', ' ', '+prone ', 'Mira ', '-', '=', '\t').map((part) => filled(part, maxLength - 20)),
    notation(),
  )
  return fc
    .tuple(fc.constantFrom(...commands.map(({ name }) => name), '/nothing', '/'), fc.array(argument, { maxLength: 3 }))
    .map(([name, words]) => [name, ...words].join(' '))
}

function unicode(maxLength: number): fc.Arbitrary<string> {
  const parts = [
    'é',
    'e\u0301',
    'Z\u0351\u036b\u0343\u036a\u0302',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u00ad',
    'ﷺ',
    '👨‍👩‍👧‍👦',
    '🏴‍☠️',
    '𝕏',
    '\u{10ffff}',
    '\ue000',
    'ı',
    'İ',
    'ß',
    'ǆ',
    '\r',
    '\r\n',
    '\v',
    '\u0001',
    '\u001b[2J',
    '\u007f',
    '한',
    'ก็็็็็',
    '﷽',
  ]
  return repeated(
    fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
    maxLength,
    ['', 'a', ' '],
  )
}

/** Texts on which a backtracking regular expression may take exponential time. */
function patterns(maxLength: number): fc.Arbitrary<string> {
  const part = fc.constantFrom(
    'a',
    ' ',
    '\n',
    '\t',
    '0',
    '9',
    '.',
    '-',
    '_',
    '/',
    '\\',
    '"',
    ',',
    ':',
    ';',
    '!',
    '=',
    '+',
    '1d',
    'ab',
    ' a',
    'a ',
    '--',
    '::',
    '1.',
    '1,',
    '\n ',
    ' \n',
    '\u00a0',
    'x: ',
    ': ',
    ' – ',
    ' (hidden)',
  )
  return repeated(part, maxLength, ['', '!', 'x', '\n', '\u0001', '@', ')'])
}

const injections = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  'javascript:alert(1)',
  '"><b>',
  '[a](javascript:alert(1))',
  '![a](http://127.0.0.1:1/x)',
  '<style>*{display:none}</style>',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  "'; drop table rooms; --",
  "' or '1'='1",
  '") union select 1; --',
  '%',
  '_',
  '\\',
  '$1',
  '${1+1}',
  '{{1+1}}',
  '`id`',
  '$(id)',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '/dev/null',
  'file:///etc/passwd',
  'C:\\con',
  '%00',
  '%0d%0aX: y',
  'a\r\nX: y',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '$ref',
  'undefined',
  'null',
  'true',
  '{"a":1}',
  '[1]',
  '"',
  '\\"',
  '\\u0000',
  '*',
  '>',
  'room:main:dm',
  'tablecast.>',
  'arena.init',
  '0',
  '-1',
  '1e999',
  'NaN',
  'Infinity',
]
