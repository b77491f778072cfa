// A creature as data. Only DMs see it. A fighter keeps a reference to it, so it is never part of the campaign's state.
import { Line, Prose, StoredLine } from '@tablecast/text'
import { z } from 'zod'
import { abilities } from './abilities.ts'

/** Bytes of a stat block as JSON in UTF-8. */
const MAX_BLOCK_BYTES = 64_000
/** Stat blocks of a file. A room holds at most as many. */
export const MAX_BLOCKS = 5_000
/** Encounters of a file. A campaign holds at most as many, and fewer where the server is set so. */
export const MAX_ENCOUNTERS = 1_000

const Name = StoredLine(120)
const Word = StoredLine(200)
const Words = z.array(Word).max(60)
const Figure = z.int().min(-999).max(9_999)
const Feet = z.int().min(0).max(9_999)

const Ability = z.enum(abilities)
const Abilities = z.record(Ability, z.int().min(0).max(99))
const Dice = z.string().regex(/^\d{1,3}d\d{1,4}(?:[+-]\d{1,4})?$/)

const Size = z.enum(['tiny', 'small', 'medium', 'large', 'huge', 'gargantuan'])
export type Size = z.infer<typeof Size>

/**
 * Damage of an action. `or`: an alternative to the part before it, as with two hands. `when`: a second button, never added by
 * itself. `conditional` and `later` are what the text says, not a save.
 */
export const DamagePart = z
  .object({
    dice: Dice.optional(),
    flat: z.int().min(0).max(9_999).optional(),
    type: Word.optional(),
    or: z.boolean().optional(),
    when: z.enum(['failed save', 'conditional', 'later']).optional(),
  })
  .refine(({ dice, flat }) => dice !== undefined || flat !== undefined, 'damage has dice or a number')
export type DamagePart = z.infer<typeof DamagePart>

const Save = z.object({ ability: Ability, dc: z.int().min(1).max(99), half: z.boolean().optional() })
const Area = z.object({ feet: Feet, shape: z.enum(['line', 'cone', 'cube', 'sphere', 'cylinder', 'radius']) })
const Text = Prose(8_000)
const Uses = z.int().min(1).max(99)

const Spellcasting = z.object({
  ability: Ability,
  dc: z.int().min(1).max(99).optional(),
  toHit: Figure.optional(),
  level: z.int().min(0).max(30).optional(),
  slots: z.record(z.string().regex(/^[1-9]$/), z.int().min(0).max(99)).optional(),
  spells: z
    .array(z.object({ name: Name, level: z.int().min(0).max(9).optional(), uses: Uses.optional() }))
    .max(200)
    .optional(),
})

const Trait = z.object({
  name: Name,
  text: Text.optional(),
  uses: Uses.optional(),
  spellcasting: Spellcasting.optional(),
})
export type Trait = z.infer<typeof Trait>

const Action = z.object({
  name: Name,
  kind: z.enum(['action', 'bonus', 'reaction', 'legendary', 'lair', 'mythic']),
  /** `times` is a number, or words such as “Number of Heads”. */
  multiattack: z
    .array(z.object({ name: Name, times: z.union([z.int().min(1).max(99), StoredLine(60)]) }))
    .max(20)
    .optional(),
  toHit: Figure.optional(),
  reach: Feet.optional(),
  range: Feet.optional(),
  longRange: Feet.optional(),
  damage: z.array(DamagePart).max(20).optional(),
  save: Save.optional(),
  area: Area.optional(),
  uses: Uses.optional(),
  /** The lowest side of a d6 that brings it back. */
  recharge: z.int().min(2).max(6).optional(),
  /** Legendary actions that it costs. */
  cost: z.int().min(1).max(9).optional(),
  text: Text.optional(),
})
export type Action = z.infer<typeof Action>

const Speed = z.object({
  walk: Feet.optional(),
  swim: Feet.optional(),
  fly: Feet.optional(),
  climb: Feet.optional(),
  burrow: Feet.optional(),
  hover: z.boolean().optional(),
})

/** Distances are feet, `passivePerception` is a score. `other` holds the senses that have no figure. */
const Senses = z.object({
  darkvision: Feet.optional(),
  blindsight: Feet.optional(),
  tremorsense: Feet.optional(),
  truesight: Feet.optional(),
  passivePerception: z.int().min(0).max(99).optional(),
  other: Words.optional(),
})

/** `id` is unique within its source. Figures are optional where imported creatures lack them; hit points and armour class never are. */
export const StatBlock = z
  .object({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    name: Name,
    source: Line(200).optional(),
    size: Size.optional(),
    type: Word.optional(),
    subtype: Word.optional(),
    alignment: Word.optional(),
    ac: z.int().min(0).max(99),
    acNote: Word.optional(),
    hp: z.int().min(0).max(9_999),
    hitDice: Dice.optional(),
    /** Added to the d20 of initiative. */
    initiative: z.int().min(-99).max(99),
    /** The challenge rating; an eighth is 0.125. */
    cr: z.number().min(0).max(99).optional(),
    xp: z.int().min(0).max(1_000_000).optional(),
    proficiency: z.int().min(0).max(20).optional(),
    speed: Speed.optional(),
    abilities: Abilities,
    saves: z.partialRecord(Ability, Figure).optional(),
    skills: z.record(z.string().max(60), Figure).optional(),
    senses: Senses.optional(),
    languages: Words.optional(),
    resistances: Words.optional(),
    immunities: Words.optional(),
    vulnerabilities: Words.optional(),
    conditionImmunities: Words.optional(),
    traits: z.array(Trait).max(60).default([]),
    actions: z.array(Action).max(80).default([]),
    text: Text.optional(),
  })
  .refine((block) => bytesOf(block) <= MAX_BLOCK_BYTES, 'a stat block has at most 64 kB')
export type StatBlock = z.infer<typeof StatBlock>

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength
