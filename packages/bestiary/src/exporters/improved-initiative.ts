// Stat blocks as Improved Initiative imports them: an export of its list of creatures.
import { abilityModifier, abilityNames } from '../abilities.ts'
import type { Action, StatBlock } from '../stat-block.ts'
import { actionWords, challengeWords, nameWords, senseWords, speedWords, typeWords } from './words-of-block.ts'

/** The content of its file, to be written as JSON. Spell lists and multiattacks become words. */
export function asImprovedInitiative(blocks: readonly StatBlock[]): Record<string, unknown> {
  const creatures = blocks.map((block) => [`Creatures.${block.id}`, creatureOf(block)] as const)
  return { Creatures: blocks.map(({ id }) => id), ...Object.fromEntries(creatures) }
}

const creatureOf = (block: StatBlock) => ({
  Id: block.id,
  Name: block.name,
  Path: '',
  Source: block.source ?? '',
  Type: typeWords(block),
  HP: { Value: block.hp, Notes: block.hitDice === undefined ? '' : `(${block.hitDice})` },
  AC: { Value: block.ac, Notes: block.acNote === undefined ? '' : `(${block.acNote})` },
  InitiativeModifier: block.initiative - abilityModifier(block.abilities.dex),
  InitiativeAdvantage: false,
  Speed: speedWords(block),
  Abilities: Object.fromEntries(
    Object.entries(block.abilities).map(([ability, score]) => [ability[0]?.toUpperCase() + ability.slice(1), score]),
  ),
  DamageVulnerabilities: block.vulnerabilities ?? [],
  DamageResistances: block.resistances ?? [],
  DamageImmunities: block.immunities ?? [],
  ConditionImmunities: block.conditionImmunities ?? [],
  Saves: Object.entries(abilityNames).flatMap(([ability, name]) => {
    const modifier = Object.entries(block.saves ?? {}).find(([key]) => key === ability)?.[1]
    return modifier === undefined ? [] : [{ Name: name.slice(0, 3), Modifier: modifier }]
  }),
  Skills: Object.entries(block.skills ?? {}).map(([name, modifier]) => ({ Name: titled(name), Modifier: modifier })),
  Senses: senseWords(block),
  Languages: block.languages ?? [],
  Challenge: challengeWords(block),
  Traits: block.traits.map((trait) => ({ Name: nameWords(trait), Content: trait.text ?? '', Usage: '' })),
  Actions: actionsOf(block, 'action'),
  BonusActions: actionsOf(block, 'bonus'),
  Reactions: actionsOf(block, 'reaction'),
  LegendaryActions: actionsOf(block, 'legendary'),
  MythicActions: [...actionsOf(block, 'mythic'), ...actionsOf(block, 'lair')],
  Description: block.text ?? '',
  Player: '',
  ImageURL: '',
  Version: '',
})

const actionsOf = ({ actions }: StatBlock, kind: Action['kind']) =>
  actions
    .filter((action) => action.kind === kind)
    .map((action) => ({ Name: nameWords(action), Content: actionWords(action), Usage: '' }))

const titled = (name: string): string => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())
