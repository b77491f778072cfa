// Stat blocks and encounters as notes of Obsidian, for Fantasy Statblocks and Initiative Tracker.
import { stringify } from 'yaml'
import type { Action, StatBlock } from '../stat-block.ts'
import { abilityNames } from '../abilities.ts'
import { actionWords, challengeWords, nameWords, senseWords, speedWords } from './words-of-block.ts'

export type VaultNote = { path: string; text: string }
export type VaultEncounter = {
  name: string
  notes: string
  creatures: readonly { name: string; count: number; isHidden: boolean }[]
}

/** One note for each. Two of the same name get a number. */
export function asVault(blocks: readonly StatBlock[], encounters: readonly VaultEncounter[] = []): VaultNote[] {
  const names = new Set<string>()
  const pathOf = (folder: string, name: string): string => {
    const bare = fileName(name)
    let path = `${folder}/${bare}.md`
    for (let number = 2; names.has(path.toLowerCase()); number++) path = `${folder}/${bare} ${number}.md`
    names.add(path.toLowerCase())
    return path
  }
  return [
    ...blocks.map((block) => ({ path: pathOf('Creatures', block.name), text: noteOf(block) })),
    ...encounters.map((one) => ({ path: pathOf('Encounters', one.name), text: encounterNote(one) })),
  ]
}

/** Systems forbid some of these letters in names of files, and Obsidian others. */
const fileName = (name: string): string =>
  name
    .replaceAll(/[\\/:*?"<>|#^[\]\p{Cc}]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 80)
    .replaceAll(/^[. ]+|[. ]+$/g, '') || 'Unnamed'

/** Longer than any fence in the texts within. */
function fenced(kind: string, yaml: string): string {
  const longest = Math.max(2, ...[...yaml.matchAll(/`{3,}/g)].map(([marks]) => marks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${kind}\n${yaml.trimEnd()}\n${fence}\n`
}

const yamlOf = (value: object): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })

function noteOf(block: StatBlock): string {
  const list = (words: readonly string[] | undefined) =>
    words && words.length > 0 ? words.join(words.some((one) => one.includes(',')) ? '; ' : ', ') : undefined
  const fields = {
    name: block.name,
    source: block.source,
    size: block.size && block.size[0]?.toUpperCase() + block.size.slice(1),
    type: block.type,
    subtype: block.subtype,
    alignment: block.alignment,
    ac: block.ac,
    ac_class: block.acNote,
    hp: block.hp,
    hit_dice: block.hitDice,
    modifier: block.initiative,
    speed: list(speedWords(block)),
    stats: Object.values(abilityNames).map((_name, index) => Object.values(inOrder(block.abilities))[index]),
    saves: pairs(savesOf(block)),
    skillsaves: pairs(block.skills),
    damage_vulnerabilities: list(block.vulnerabilities),
    damage_resistances: list(block.resistances),
    damage_immunities: list(block.immunities),
    condition_immunities: list(block.conditionImmunities),
    senses: list(senseWords(block)),
    languages: list(block.languages),
    cr: challengeWords(block) || undefined,
    traits: some(block.traits.map((trait) => ({ name: nameWords(trait), desc: trait.text ?? '' }))),
    ...Object.fromEntries(LISTS.map(([kind, name]) => [name, some(actionsOf(block, kind))])),
    description: block.text,
  }
  return `# ${block.name}\n\n${fenced('statblock', yamlOf(fields))}`
}

const LISTS = [
  ['action', 'actions'],
  ['bonus', 'bonus_actions'],
  ['reaction', 'reactions'],
  ['legendary', 'legendary_actions'],
  ['mythic', 'mythic_actions'],
  ['lair', 'lair_actions'],
] as const

const inOrder = ({ str, dex, con, int, wis, cha }: StatBlock['abilities']) => ({ str, dex, con, int, wis, cha })

const savesOf = ({ saves = {} }: StatBlock): Record<string, number> =>
  Object.fromEntries(
    Object.entries(saves).flatMap(([ability, modifier]) =>
      Object.entries(abilityNames).flatMap(([key, name]) => (key === ability ? [[name.toLowerCase(), modifier]] : [])),
    ),
  )

const pairs = (fields: Record<string, number> | undefined): Record<string, number>[] | undefined =>
  some(Object.entries(fields ?? {}).map(([name, modifier]) => ({ [name]: modifier })))

const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined)

const actionsOf = ({ actions }: StatBlock, kind: Action['kind']) =>
  actions.filter((one) => one.kind === kind).map((one) => ({ name: nameWords(one), desc: actionWords(one) }))

function encounterNote({ name, notes, creatures }: VaultEncounter): string {
  const lines = creatures.map((one) => ({
    [one.count]: `${one.name.replaceAll(',', ' ')}${one.isHidden ? ', hidden' : ''}`,
  }))
  return `# ${name}\n\n${notes === '' ? '' : `${notes}\n\n`}${fenced('encounter', yamlOf({ name, creatures: lines }))}`
}
