// The figures of an actor of Foundry VTT from which its attacks, saves and skills follow.
import { abilityModifier } from '../abilities.ts'
import { type Ability, ABILITIES, abilityOf } from './figures-in-text.ts'
import { type Fields, listOf, numberOf, textOf, valueAt, wholeOf } from './loose-values.ts'

/** `modifier`: of an ability score. `spellAbility`: undefined for an actor that casts no spells. */
export type ActorFigures = {
  scores: Partial<Record<Ability, number>>
  modifier: (ability: Ability) => number
  proficiency: number
  spellAbility: Ability | undefined
}

export function figuresOf(actor: Fields): ActorFigures {
  const system = actor.system ?? actor.data
  const scores: Partial<Record<Ability, number>> = {}
  for (const ability of ABILITIES) {
    const score = wholeOf(valueAt(system, 'abilities', ability, 'value'))
    if (score !== undefined) scores[ability] = score
  }
  const level = actor.type === 'character' ? levelOf(actor) : (numberOf(valueAt(system, 'details', 'cr')) ?? 0)
  const spelling = textOf(valueAt(system, 'attributes', 'spellcasting'))
  return {
    scores,
    modifier: (ability) => abilityModifier(scores[ability] ?? 10),
    proficiency: 2 + Math.floor((Math.max(1, Math.min(level, 30)) - 1) / 4),
    spellAbility: spelling === '' ? undefined : abilityOf(spelling),
  }
}

/** The levels of its classes. 0 where it has none. */
export function levelOf(actor: Fields): number {
  const levels = listOf(actor.items).flatMap((item) =>
    valueAt(item, 'type') === 'class'
      ? [wholeOf(valueAt(item, 'system', 'levels') ?? valueAt(item, 'data', 'levels')) ?? 0]
      : [],
  )
  const sum = levels.reduce((all, one) => all + one, 0)
  const system = actor.system ?? actor.data
  return (
    sum || (wholeOf(valueAt(system, 'details', 'level')) ?? wholeOf(valueAt(system, 'details', 'level', 'value')) ?? 0)
  )
}
