// The figures of a character of D&D Beyond that follow from its scores, levels and modifiers.
import { abilityModifier } from '../abilities.ts'
import { type Ability, ABILITIES } from './figures-in-text.ts'
import { type Fields, isFields, listOf, textOf, valueAt, wholeOf } from './loose-values.ts'

export const LONG: Readonly<Record<Ability, string>> = {
  str: 'strength',
  dex: 'dexterity',
  con: 'constitution',
  int: 'intelligence',
  wis: 'wisdom',
  cha: 'charisma',
}

type Modifier = { type: string; subType: string; value: number | undefined; statId: number | undefined }

export class Sheet {
  readonly level: number
  readonly scores: Readonly<Record<Ability, number>>
  readonly #character: Fields
  readonly #modifiers: readonly Modifier[]

  constructor(character: Fields) {
    this.#character = character
    this.#modifiers = modifiersOf(character)
    this.level = listOf(character.classes).reduce<number>((sum, one) => sum + (wholeOf(valueAt(one, 'level')) ?? 0), 0)
    const score = (ability: Ability, index: number): number => this.#score(ability, index)
    const [str = 10, dex = 10, con = 10, int = 10, wis = 10, cha = 10] = ABILITIES.map(score)
    this.scores = { str, dex, con, int, wis, cha }
  }

  get proficiency(): number {
    return 2 + Math.floor((Math.min(20, Math.max(1, this.level)) - 1) / 4)
  }

  modifier(ability: Ability): number {
    return abilityModifier(this.scores[ability])
  }

  has(type: string, subType: string): boolean {
    return this.#modifiers.some((one) => one.type === type && one.subType === subType)
  }

  /** The sum of the bonuses of a kind. One without a number is the proficiency bonus, or the modifier of an ability. */
  bonus(subType: string): number {
    return this.#modifiers
      .filter((one) => one.type === 'bonus' && one.subType === subType)
      .reduce((sum, one) => sum + (one.value ?? this.#byStat(one.statId) ?? 0), 0)
  }

  subTypes(type: string): { subType: string; value: number | undefined }[] {
    return this.#modifiers.filter((one) => one.type === type)
  }

  unarmouredSets(): { value: number | undefined; ability: Ability | undefined }[] {
    return this.#modifiers
      .filter((one) => one.type === 'set' && one.subType === 'unarmored-armor-class')
      .map(({ value, statId }) => ({ value, ability: statId === undefined ? undefined : ABILITIES[statId - 1] }))
  }

  get hitPoints(): number {
    const override = wholeOf(this.#character.overrideHitPoints)
    if (override !== undefined && override > 0) return override
    const base = (wholeOf(this.#character.baseHitPoints) ?? 0) + (wholeOf(this.#character.bonusHitPoints) ?? 0)
    const perLevel = this.modifier('con') + this.bonus('hit-points-per-level')
    return Math.max(1, base + perLevel * this.level + this.bonus('hit-points'))
  }

  #byStat(statId: number | undefined): number | undefined {
    const ability = statId === undefined ? undefined : ABILITIES[statId - 1]
    return ability && this.modifier(ability)
  }

  #score(ability: Ability, index: number): number {
    const find = (list: unknown) =>
      wholeOf(
        valueAt(
          listOf(list).find((one) => wholeOf(valueAt(one, 'id')) === index + 1),
          'value',
        ),
      )
    const override = find(this.#character.overrideStats)
    if (override !== undefined && override > 0) return override
    const name = `${LONG[ability]}-score`
    const bonuses = this.#modifiers.filter((one) => one.type === 'bonus' && one.subType === name)
    const raised = bonuses.reduce((sum, one) => sum + (one.value ?? 0), 0)
    const given = (find(this.#character.stats) ?? 10) + (find(this.#character.bonusStats) ?? 0) + raised
    const sets = this.#modifiers.flatMap((one) => (one.type === 'set' && one.subType === name ? [one.value ?? 0] : []))
    return Math.max(given, ...sets)
  }
}

/** Modifiers of an item count while it is worn, and attuned where it must be. */
function modifiersOf(character: Fields): Modifier[] {
  const idle = new Set(
    listOf(character.inventory).flatMap((item) => {
      const definition = valueAt(item, 'definition')
      const isOn =
        valueAt(item, 'equipped') === true &&
        (valueAt(definition, 'canAttune') !== true || valueAt(item, 'isAttuned') === true)
      return isOn ? [] : [textOf(valueAt(definition, 'id'))]
    }),
  )
  return Object.entries(isFields(character.modifiers) ? character.modifiers : {}).flatMap(([source, list]) =>
    listOf(list).flatMap((one): Modifier[] => {
      if (source === 'item' && idle.has(textOf(valueAt(one, 'componentId')))) return []
      return [
        {
          type: textOf(valueAt(one, 'type')),
          subType: textOf(valueAt(one, 'subType')),
          value: wholeOf(valueAt(one, 'value') ?? valueAt(one, 'fixedValue')),
          statId: wholeOf(valueAt(one, 'statId')),
        },
      ]
    }),
  )
}
