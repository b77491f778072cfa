// A character of D&D Beyond, as its page receives it. Most figures are not in the file: they follow from scores, levels and modifiers.
import { LONG, Sheet } from './dnd-beyond-sheet.ts'
import { weaponsOf } from './dnd-beyond-weapons.ts'
import type { Draft } from './draft.ts'
import { type Ability, ABILITIES, SENSES, type Tell } from './figures-in-text.ts'
import type { ImportResult } from './imported.ts'
import { type Fields, isFields, listOf, textOf, valueAt, wholeOf } from './loose-values.ts'

/** The character, bare or in the answer that it comes in. */
export function dndBeyondCharacter(value: unknown): Fields | null {
  for (const found of [value, valueAt(value, 'data'), valueAt(value, 'character'), valueAt(value, 'data', 'character')])
    if (isFields(found) && Array.isArray(found.stats) && ('baseHitPoints' in found || Array.isArray(found.classes)))
      return found
  return null
}

export function readDndBeyond(character: Fields, label: string, result: ImportResult): void {
  const sheet = new Sheet(character)
  result.addCharacter(label, {
    level: sheet.level || null,
    currentHp: sheet.hitPoints - (wholeOf(character.removedHitPoints) ?? 0),
    draft: (tell) => draftOf(character, sheet, tell),
  })
}

const SKILLS: readonly (readonly [string, Ability])[] = [
  ['acrobatics', 'dex'],
  ['animal-handling', 'wis'],
  ['arcana', 'int'],
  ['athletics', 'str'],
  ['deception', 'cha'],
  ['history', 'int'],
  ['insight', 'wis'],
  ['intimidation', 'cha'],
  ['investigation', 'int'],
  ['medicine', 'wis'],
  ['nature', 'int'],
  ['perception', 'wis'],
  ['performance', 'cha'],
  ['persuasion', 'cha'],
  ['religion', 'int'],
  ['sleight-of-hand', 'dex'],
  ['stealth', 'dex'],
  ['survival', 'wis'],
]

function draftOf(character: Fields, sheet: Sheet, tell: Tell): Draft {
  const classes = listOf(character.classes)
    .map((one) => textOf(valueAt(one, 'definition', 'name')))
    .filter(Boolean)
  const race = textOf(valueAt(character, 'race', 'fullName') ?? valueAt(character, 'race', 'baseName'))
  const skills = skillsOf(sheet)
  const perception = skills.find(({ name }) => name === 'perception')?.bonus ?? sheet.modifier('wis')
  tell('Spells, features and equipment are not imported.')
  return {
    name: textOf(character.name),
    source: 'D&D Beyond',
    type: [race, ...classes].filter(Boolean).join(' '),
    ac: armourOf(character, sheet),
    hp: sheet.hitPoints,
    initiative: sheet.modifier('dex') + sheet.bonus('initiative'),
    proficiency: sheet.proficiency,
    speed: speedOf(character, sheet),
    abilities: sheet.scores,
    saves: savesOf(sheet),
    skills: skills.filter(({ isProficient }) => isProficient).map(({ name, bonus }) => [name, bonus]),
    senses: {
      ...sensesOf(sheet),
      passivePerception: Math.max(0, Math.min(99, 10 + perception + sheet.bonus('passive-perception'))),
    },
    languages: namesOfModifiers(sheet, 'language'),
    resistances: namesOfModifiers(sheet, 'resistance'),
    immunities: namesOfModifiers(sheet, 'immunity'),
    vulnerabilities: namesOfModifiers(sheet, 'vulnerability'),
    actions: weaponsOf(listOf(character.inventory), sheet),
  }
}

/** `isProficient`: it is better than its ability alone. */
const skillsOf = (sheet: Sheet): { name: string; bonus: number; isProficient: boolean }[] =>
  SKILLS.map(([slug, ability]) => {
    const isExpert = sheet.has('expertise', slug)
    const isProficient = isExpert || sheet.has('proficiency', slug)
    const isHalf = sheet.has('half-proficiency', slug) || sheet.has('half-proficiency', 'ability-checks')
    const share = isExpert ? 2 : isProficient ? 1 : isHalf ? 0.5 : 0
    const bonus = sheet.modifier(ability) + Math.floor(sheet.proficiency * share) + sheet.bonus(slug)
    return { name: slug.replaceAll('-', ' '), bonus, isProficient }
  })

function savesOf(sheet: Sheet): Draft['saves'] {
  const saves: NonNullable<Draft['saves']> = {}
  for (const ability of ABILITIES) {
    const own = `${LONG[ability]}-saving-throws`
    const isProficient = sheet.has('proficiency', own)
    const extra = sheet.bonus('saving-throws') + sheet.bonus(own)
    if (isProficient || extra !== 0)
      saves[ability] = sheet.modifier(ability) + (isProficient ? sheet.proficiency : 0) + extra
  }
  return saves
}

/** Light, medium, heavy armour, and a shield. */
const [LIGHT, MEDIUM, HEAVY, SHIELD] = [1, 2, 3, 4] as const

function armourOf(character: Fields, sheet: Sheet): number {
  const overridden = characterValue(character, 1)
  if (overridden !== undefined) return overridden
  const dex = sheet.modifier('dex')
  const equipped = listOf(character.inventory).filter((item) => valueAt(item, 'equipped') === true)
  const armour = equipped.flatMap((item) => {
    const kind = wholeOf(valueAt(item, 'definition', 'armorTypeId'))
    const value = wholeOf(valueAt(item, 'definition', 'armorClass'))
    return kind === undefined || value === undefined ? [] : [{ kind, value }]
  })
  const worn = armour.filter(({ kind }) => kind !== SHIELD)
  const shield = Math.max(0, ...armour.filter(({ kind }) => kind === SHIELD).map(({ value }) => value))
  const ofArmour = worn.map(({ kind, value }) =>
    kind === LIGHT ? value + dex : kind === MEDIUM ? value + Math.min(dex, 2) : kind === HEAVY ? value : value + dex,
  )
  const base =
    ofArmour.length > 0
      ? Math.max(...ofArmour) + sheet.bonus('armored-armor-class')
      : 10 + dex + Math.max(0, ...unarmoured(sheet)) + sheet.bonus('unarmored-armor-class')
  return (
    base +
    shield +
    sheet.bonus('armor-class') +
    (characterValue(character, 2) ?? 0) +
    (characterValue(character, 3) ?? 0)
  )
}

/** “Unarmored Defense” sets the armour class to 10, Dexterity and another ability, or a number more. */
const unarmoured = (sheet: Sheet): number[] =>
  sheet.unarmouredSets().map(({ value, ability }) => (ability ? sheet.modifier(ability) : (value ?? 0)))

/** A figure that a player set by hand: 1 is the armour class itself, 2 and 3 are added to it. */
function characterValue(character: Fields, typeId: number): number | undefined {
  const found = listOf(character.characterValues).find((one) => wholeOf(valueAt(one, 'typeId')) === typeId)
  return wholeOf(valueAt(found, 'value'))
}

function speedOf(character: Fields, sheet: Sheet): Draft['speed'] {
  const normal = valueAt(character, 'race', 'weightSpeeds', 'normal')
  const speed: NonNullable<Draft['speed']> = {}
  for (const kind of ['walk', 'swim', 'fly', 'climb', 'burrow'] as const) {
    const feet = wholeOf(valueAt(normal, kind)) ?? (kind === 'walk' ? 30 : 0)
    const more = kind === 'walk' ? sheet.bonus('speed') : 0
    if (feet + more > 0) Object.assign(speed, { [kind]: feet + more })
  }
  return speed
}

function sensesOf(sheet: Sheet): NonNullable<Exclude<Draft['senses'], readonly string[]>> {
  const found = {}
  for (const { subType, value } of [...sheet.subTypes('set-base'), ...sheet.subTypes('sense')])
    if (SENSES.some((known) => known === subType) && value !== undefined && value > 0)
      Object.assign(found, { [subType]: value })
  return found
}

const namesOfModifiers = (sheet: Sheet, type: string): string[] => [
  ...new Set(sheet.subTypes(type).map(({ subType }) => subType.replaceAll('-', ' '))),
]
