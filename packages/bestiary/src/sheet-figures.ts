// The bonuses of the rolls that a sheet offers.
import { type Ability, abilityModifier } from './abilities.ts'
import type { Sheet } from './sheet.ts'
import { skillAbilities, type SkillName } from './skills.ts'

type Figures = Pick<Sheet, 'abilities' | 'saves' | 'skills'>

export const abilityBonus = ({ abilities }: Figures, ability: Ability): number => abilityModifier(abilities[ability])

export const sheetSaveBonus = (sheet: Figures, ability: Ability): number =>
  sheet.saves[ability] ?? abilityBonus(sheet, ability)

export const skillBonus = (sheet: Figures, skill: SkillName): number =>
  sheet.skills[skill] ?? abilityBonus(sheet, skillAbilities[skill])

/** `+5`, `+0`, `-1`. */
export const signed = (bonus: number): string => (bonus < 0 ? String(bonus) : `+${bonus}`)
