// Hostile texts by family. The product parses dice, Markdown and commands, so each of these has a grammar in a file of its own.
import fc from 'fast-check'
import { slashCommands } from './command-texts.ts'
import { dice } from './dice-texts.ts'
import { markdown } from './markdown-texts.ts'
import { injections, patterns } from './pattern-texts.ts'
import { unicode } from './unicode-texts.ts'

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
