// One stat block of Improved Initiative. Its actions are sentences; their figures are read from the usual turns of phrase.
import { startOf } from '@tablecast/text'
import { z } from 'zod'
import { abilityModifier } from '../abilities.ts'
import type { Draft } from './draft.ts'
import { type Ability, abilityOf, diceOf, type Tell, typeOf } from './figures-in-text.ts'
import { isFields, listOf, namesOf, textOf, valueAt, wholeOf } from './loose-values.ts'

/** A missing field is like one that holds nothing. */
const Any = z.unknown().optional()
const Figure = Any.transform(wholeOf)
const Needed = Figure.pipe(z.int())
const Words = Any.transform(namesOf)
const Modifiers = Any.transform((value) =>
  listOf(value).map((one) => ({ Name: textOf(valueAt(one, 'Name')), Modifier: wholeOf(valueAt(one, 'Modifier')) })),
)
const Texts = Any.transform((value) =>
  listOf(value)
    .map((one) => ({
      Name: textOf(valueAt(one, 'Name')),
      Content: textOf(isFields(one) ? one.Content : one),
      Usage: textOf(valueAt(one, 'Usage')),
    }))
    .filter(({ Name, Content }) => Name !== '' || Content !== ''),
)
const Text = Any.transform(textOf)
/** Improved Initiative itself writes 10 where a stat block has none. */
const Score = Figure.transform((score) => score ?? 10)

export const TheirBlock = z.object({
  Name: z.string().trim().min(1),
  Source: Text,
  Type: Text,
  HP: z.object({ Value: Needed, Notes: Text }),
  AC: z.object({ Value: Figure, Notes: Text }).catch({ Value: undefined, Notes: '' }),
  InitiativeModifier: Figure.transform((bonus) => bonus ?? 0),
  Speed: Words,
  Abilities: z
    .object({ Str: Score, Dex: Score, Con: Score, Int: Score, Wis: Score, Cha: Score })
    .catch({ Str: 10, Dex: 10, Con: 10, Int: 10, Wis: 10, Cha: 10 }),
  DamageVulnerabilities: Words,
  DamageResistances: Words,
  DamageImmunities: Words,
  ConditionImmunities: Words,
  Saves: Modifiers,
  Skills: Modifiers,
  Senses: Words,
  Languages: Words,
  Challenge: Text,
  Traits: Texts,
  Actions: Texts,
  BonusActions: Texts,
  Reactions: Texts,
  LegendaryActions: Texts,
  MythicActions: Texts,
  Description: Text,
  Player: Text,
})
export type TheirBlock = z.infer<typeof TheirBlock>

export function draftOf(theirs: TheirBlock, tell: Tell): Draft {
  const { Abilities: scores } = theirs
  return {
    name: theirs.Name,
    source: theirs.Source,
    ...typeOf(theirs.Type),
    ac: theirs.AC.Value,
    acNote: theirs.AC.Notes.replaceAll(/^\(|\)$/g, ''),
    hp: theirs.HP.Value,
    hitDice: diceOf(theirs.HP.Notes),
    initiative: abilityModifier(scores.Dex) + theirs.InitiativeModifier,
    challenge: theirs.Challenge,
    speed: theirs.Speed,
    abilities: {
      str: scores.Str,
      dex: scores.Dex,
      con: scores.Con,
      int: scores.Int,
      wis: scores.Wis,
      cha: scores.Cha,
    },
    saves: savesOf(theirs.Saves, tell),
    skills: skillsOf(theirs.Skills, tell),
    senses: theirs.Senses,
    languages: theirs.Languages,
    resistances: theirs.DamageResistances,
    immunities: theirs.DamageImmunities,
    vulnerabilities: theirs.DamageVulnerabilities,
    conditionImmunities: theirs.ConditionImmunities,
    traits: theirs.Traits.map(({ Name: name, Content: text, Usage: usage }) => ({ name, text, usage })),
    actions: ACTION_LISTS.flatMap(([list, kind]) =>
      theirs[list].map(({ Name: name, Content: text, Usage: usage }) => ({ kind, name, text, usage })),
    ),
    text: theirs.Description,
  }
}

const ACTION_LISTS = [
  ['Actions', 'action'],
  ['BonusActions', 'bonus'],
  ['Reactions', 'reaction'],
  ['LegendaryActions', 'legendary'],
  ['MythicActions', 'mythic'],
] as const

function savesOf(all: TheirBlock['Saves'], tell: Tell): Partial<Record<Ability, number>> {
  const saves: Partial<Record<Ability, number>> = {}
  for (const { Name, Modifier } of all) {
    const ability = abilityOf(Name)
    if (ability && Modifier !== undefined) saves[ability] = Modifier
    else tell(`The save “${startOf(Name, 40)}” is not understood.`)
  }
  return saves
}

function skillsOf(all: TheirBlock['Skills'], tell: Tell): [string, number][] {
  return all.flatMap(({ Name, Modifier }): [string, number][] => {
    if (Modifier !== undefined && Name !== '') return [[Name, Modifier]]
    tell(`The skill “${startOf(Name, 40)}” is not understood.`)
    return []
  })
}
