import type { Ability } from './abilities.ts'

/** The skills of the System Reference Document 5.1 with their abilities. */
export const skillAbilities = {
  acrobatics: 'dex',
  'animal handling': 'wis',
  arcana: 'int',
  athletics: 'str',
  deception: 'cha',
  history: 'int',
  insight: 'wis',
  intimidation: 'cha',
  investigation: 'int',
  medicine: 'wis',
  nature: 'int',
  perception: 'wis',
  performance: 'cha',
  persuasion: 'cha',
  religion: 'int',
  'sleight of hand': 'dex',
  stealth: 'dex',
  survival: 'wis',
} as const satisfies Record<string, Ability>

export type SkillName = keyof typeof skillAbilities

const isSkill = (name: string): name is SkillName => Object.hasOwn(skillAbilities, name)
export const skillNames: readonly SkillName[] = Object.keys(skillAbilities).filter(isSkill)

/** Null for a name that is no skill. */
export function skillOf(name: string): SkillName | null {
  const known = name.trim().toLowerCase()
  return isSkill(known) ? known : null
}
