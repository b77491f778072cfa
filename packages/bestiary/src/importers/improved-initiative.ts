// Improved Initiative: a list of stat blocks, one stat block, one encounter, or an export of its lists (`Creatures.<id>` …).
import { startOf } from '@tablecast/text'
import { z } from 'zod'
import { draftOf, TheirBlock } from './improved-initiative-block.ts'
import { type ImportedFighter, type ImportResult, MAX_FIGHTERS } from './imported.ts'
import { wholeOf } from './loose-values.ts'

const Combatant = z.object({
  StatBlock: TheirBlock,
  Alias: z.string().catch(''),
  Hidden: z.boolean().catch(false),
  PersistentCharacterId: z.string().nullish().catch(null),
})
const TheirEncounter = z.object({ Name: z.string(), Combatants: z.array(z.unknown()) })
const PersistentCharacter = z.object({ StatBlock: TheirBlock, CurrentHP: z.unknown().optional().transform(wholeOf) })

type Kind = 'block' | 'character' | 'encounter' | 'ignored'
type Item = { kind: Kind; label: string; content: unknown }

export const isImprovedInitiative = (content: unknown): boolean => itemsOf(content).length > 0

/** Each item is read on its own, so one that is broken loses no other. */
export function readImprovedInitiative(content: unknown, result: ImportResult): void {
  for (const item of itemsOf(content)) {
    if (item.kind === 'ignored') result.addProblem(item.label, 'Spells and settings are not imported.')
    else if (item.kind === 'block') readBlock(item, result)
    else if (item.kind === 'character') readCharacter(item, result)
    else readEncounter(item, result)
  }
}

function itemsOf(content: unknown): Item[] {
  if (Array.isArray(content)) {
    const isOurs = content.some(isBlock)
    return isOurs
      ? content.map((one: unknown, index) => ({ ...itemOf(one), label: nameOf(one, `Entry ${index + 1}`) }))
      : []
  }
  if (typeof content !== 'object' || content === null) return []
  if (isBlock(content) || 'Combatants' in content || 'StatBlock' in content)
    return [{ ...itemOf(content), label: nameOf(content, 'This file') }]
  return Object.entries(content).flatMap(([key, value]) => listItem(key, value))
}

const LISTS: Readonly<Record<string, Kind>> = {
  Creatures: 'block',
  StatBlocks: 'block',
  PlayerCharacters: 'character',
  PersistentCharacters: 'character',
  SavedEncounters: 'encounter',
  AutoSavedEncounters: 'encounter',
  Spells: 'ignored',
}

/** `Creatures.<id>`, in older versions `ImprovedInitiative.Creatures.<id>` with the content as JSON in a string. */
function listItem(key: string, value: unknown): Item[] {
  const [, list = ''] = /^(?:ImprovedInitiative\.)?([A-Za-z]+)\../.exec(key) ?? []
  if (!Object.hasOwn(LISTS, list)) return []
  const kind = LISTS[list] ?? 'ignored'
  const content = typeof value === 'string' ? parsed(value) : value
  return [{ kind, label: nameOf(content, key), content }]
}

/** The caller checked the outer file. This text was a string in it, so its depth is checked here. */
function parsed(text: string): unknown {
  if ((text.match(/[[{]/g)?.length ?? 0) > 5_000) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isBlock = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'Name' in value && ('HP' in value || 'AC' in value)

function itemOf(content: unknown): Omit<Item, 'label'> {
  if (typeof content === 'object' && content !== null && 'Combatants' in content) return { kind: 'encounter', content }
  const isCharacter =
    typeof content === 'object' &&
    content !== null &&
    ('StatBlock' in content || ('Player' in content && content.Player !== ''))
  return { kind: isCharacter ? 'character' : 'block', content }
}

function nameOf(content: unknown, otherwise: string): string {
  const name: unknown = typeof content === 'object' && content !== null && 'Name' in content ? content.Name : null
  return typeof name === 'string' && name.trim() !== '' ? name : otherwise
}

function readBlock({ label, content }: Item, result: ImportResult): void {
  const theirs = TheirBlock.safeParse(content)
  if (!theirs.success) return result.addLost(label, 'It has no name, hit points or armour class.')
  if (theirs.data.Player !== '') return readCharacter({ kind: 'character', label, content }, result)
  result.addCreature(label, (tell) => draftOf(theirs.data, tell))
}

function readCharacter({ label, content }: Item, result: ImportResult): void {
  const persistent = PersistentCharacter.safeParse(content)
  const theirs = persistent.success ? persistent.data.StatBlock : TheirBlock.safeParse(content).data
  if (!theirs) return result.addLost(label, 'It has no name, hit points or armour class.')
  const { Challenge: level, ...rest } = theirs
  result.addCharacter(label, {
    level: /^(?:1?\d|20)$/.test(level) && Number(level) > 0 ? Number(level) : null,
    currentHp: persistent.success ? persistent.data.CurrentHP : undefined,
    draft: (tell) => draftOf({ ...rest, Challenge: '' }, tell),
  })
}

function readEncounter({ label, content }: Item, result: ImportResult): void {
  const theirs = TheirEncounter.safeParse(content)
  if (!theirs.success) return result.addLost(label, 'It is no encounter.')
  const fighters = new Map<string, ImportedFighter>()
  for (const one of theirs.data.Combatants.slice(0, MAX_FIGHTERS)) {
    const combatant = Combatant.safeParse(one)
    if (!combatant.success) {
      result.addProblem(label, 'One of its fighters has no name, hit points or armour class.')
      continue
    }
    const { StatBlock: block, Alias, Hidden: isHidden, PersistentCharacterId } = combatant.data
    const isCharacter = block.Player !== '' || typeof PersistentCharacterId === 'string'
    const creature = isCharacter
      ? null
      : result.addCreature(`${label}: ${block.Name}`, (tell) => draftOf(block, tell), { isRepeatable: true })
    if (!isCharacter && creature === null) continue
    const alias = Alias.trim() === '' ? null : startOf(Alias.trim(), 60)
    const key = JSON.stringify([creature, block.Name, alias, isHidden])
    const known = fighters.get(key)
    if (known) known.count++
    else fighters.set(key, { creature, name: startOf(block.Name, 60), count: 1, alias, isHidden })
  }
  if (theirs.data.Combatants.length > MAX_FIGHTERS)
    result.addProblem(label, `It has more than ${MAX_FIGHTERS} fighters: the others are left out.`)
  result.addEncounter(theirs.data.Name, [...fighters.values()])
}
