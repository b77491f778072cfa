// Hostile slash commands.
import { commands } from '@tablecast/contracts'
import fc from 'fast-check'
import { notation } from './dice-texts.ts'
import { filled } from './repeated-text.ts'

export function slashCommands(maxLength: number): fc.Arbitrary<string> {
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
