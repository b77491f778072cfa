// A player's character as data: the figures that people roll with. Its player and the DMs see it, and nobody else.
import { readNotation } from '@tablecast/rules/notation'
import { Refusal } from '@tablecast/rules/refusal'
import { Line, Prose, StoredLine } from '@tablecast/text'
import { z } from 'zod'
import { abilities } from './abilities.ts'
import { skillNames } from './skills.ts'

/** Bytes of a sheet as JSON in UTF-8. */
export const MAX_SHEET_BYTES = 32_000
/** A character has at most 20 uses in a fight. One of these is its reaction. */
export const MAX_RESOURCES = 19

const Bonus = z.int().min(-99).max(99)
const Name = StoredLine(60)

/** Dice as people write them. Words behind the dice are allowed: `1d8+3 slashing`. */
const Notation = StoredLine(100).refine(isNotation, 'these are no dice, write them like 1d20+5')

function isNotation(text: string): boolean {
  try {
    readNotation(text)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** When a resource comes back. `never`: a person sets it by hand. */
const Back = z.enum(['short', 'long', 'never'])

/** A number of uses, drawn as pips. `key` names it in the campaign's state, which holds how many are left. */
export const Resource = z.object({
  key: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: Name,
  most: z.int().min(1).max(99),
  back: Back,
})
export type Resource = z.infer<typeof Resource>

export const Attack = z.object({ name: Name, toHit: Bonus.nullable(), damage: Notation.nullable() })
export type Attack = z.infer<typeof Attack>

const SavedRoll = z.object({ name: Name, notation: Notation })

const isUniqueByKey = (resources: readonly Resource[]) =>
  new Set(resources.map(({ key }) => key)).size === resources.length

/** `saves`, `skills`: bonuses that differ from the modifier of the ability. */
export const Sheet = z
  .object({
    /** Such as “Elf, Wizard”. */
    heading: Line(120),
    level: z.int().min(1).max(20),
    proficiency: z.int().min(0).max(20),
    initiative: Bonus,
    speed: Line(60),
    abilities: z.record(z.enum(abilities), z.int().min(0).max(99)),
    saves: z.partialRecord(z.enum(abilities), Bonus),
    skills: z.partialRecord(z.enum(skillNames), Bonus),
    attacks: z.array(Attack).max(20),
    resources: z.array(Resource).max(MAX_RESOURCES).refine(isUniqueByKey, 'two resources have the same key'),
    rolls: z.array(SavedRoll).max(30),
    notes: Prose(8_000),
  })
  .refine((sheet) => bytesOf(sheet) <= MAX_SHEET_BYTES, 'a sheet has at most 32 kB')
export type Sheet = z.infer<typeof Sheet>

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength

export const emptySheet: Sheet = {
  heading: '',
  level: 1,
  proficiency: 2,
  initiative: 0,
  speed: '',
  abilities: { str: 10, dex: 10, con: 10, int: 10, wis: 10, cha: 10 },
  saves: {},
  skills: {},
  attacks: [],
  resources: [],
  rolls: [],
  notes: '',
}
