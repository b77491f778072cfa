export const abilities = ['str', 'dex', 'con', 'int', 'wis', 'cha'] as const
export type Ability = (typeof abilities)[number]

export const abilityNames: Readonly<Record<Ability, string>> = {
  str: 'Strength',
  dex: 'Dexterity',
  con: 'Constitution',
  int: 'Intelligence',
  wis: 'Wisdom',
  cha: 'Charisma',
}

export const abilityModifier = (score: number): number => Math.floor((score - 10) / 2)
