// Finds out whose file a JSON is, and reads its parts one by one, so that a broken one loses no other.
import { dndBeyondCharacter, readDndBeyond } from './dnd-beyond.ts'
import { draftOfStatblock, isStatblock } from './fantasy-statblocks.ts'
import { draftOfFiveE, isFiveEDatabase } from './five-e-database.ts'
import { isFoundryActor, isFoundryOther, readFoundryActor } from './foundry.ts'
import type { ImportResult } from './imported.ts'
import { isImprovedInitiative, readImprovedInitiative } from './improved-initiative.ts'
import { isFields, listOf, numberOf, textOf, valueAt } from './loose-values.ts'
import { creaturesOfRecords, draftOfV1, draftOfV2, isOpen5ePart, isOpen5eV1, isOpen5eV2 } from './open5e.ts'

/** False for a file of no program that is known. `name`: of the file, for parts without a name. */
export function readValue(content: unknown, name: string, result: ImportResult): boolean {
  if (isImprovedInitiative(content)) {
    readImprovedInitiative(content, result)
    return true
  }
  const records = listOf(content)
  if (records.some(isOpen5ePart)) {
    readRecords(records, result)
    return true
  }
  const parts = partsOf(content)
  if (!parts.some(isKnown)) return false
  parts.forEach((part, index) => {
    const label = textOf(valueAt(part, 'name')) || (parts.length === 1 ? name : `Entry ${index + 1}`)
    if (!readPart(part, label, result)) result.addLost(label, 'It is no creature that can be imported.')
  })
  const count = numberOf(valueAt(content, 'count'))
  if (count !== undefined && Array.isArray(valueAt(content, 'results')) && count > parts.length)
    result.addProblem(name, `It is one page of ${count.toLocaleString('en')} entries. The others are not in this file.`)
  return true
}

const WRAPPERS = ['results', 'monsters', 'creatures', 'bestiary', 'actors', 'monster', 'data'] as const
const MAX_WRAPPERS = 3

/** The entries of a list, also of one in an object around it. */
function partsOf(content: unknown, depth = 0): readonly unknown[] {
  // The bestiary of Fantasy Statblocks is a list of pairs: the name and the creature.
  if (Array.isArray(content)) return content.map((one: unknown) => (isPair(one) ? one[1] : one))
  if (isKnown(content) || !isFields(content) || depth === MAX_WRAPPERS) return [content]
  for (const key of WRAPPERS)
    if (key in content && typeof content[key] === 'object') return partsOf(content[key], depth + 1)
  const values = Object.values(content)
  return values.some(isKnown) ? values : [content]
}

const isPair = (value: unknown): value is [string, unknown] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && isFields(value[1])

const isKnown = (value: unknown): boolean =>
  isFoundryActor(value) ||
  isFiveEDatabase(value) ||
  isOpen5eV2(value) ||
  isOpen5eV1(value) ||
  dndBeyondCharacter(value) !== null ||
  isStatblock(value) ||
  isFoundryOther(value)

function readPart(part: unknown, label: string, result: ImportResult): boolean {
  const character = dndBeyondCharacter(part)
  if (isFoundryActor(part)) readFoundryActor(part, label, result)
  else if (isFiveEDatabase(part)) result.addCreature(label, (tell) => draftOfFiveE(part, tell))
  else if (isOpen5eV2(part)) result.addCreature(label, (tell) => draftOfV2(part, tell))
  else if (isOpen5eV1(part)) result.addCreature(label, (tell) => draftOfV1(part, tell))
  else if (character) readDndBeyond(character, textOf(character.name) || label, result)
  else if (isStatblock(part)) result.addCreature(label, (tell) => draftOfStatblock(part, tell))
  else if (isFoundryOther(part))
    result.addProblem(label, 'It is no actor of Foundry VTT. Folders and items are not imported.')
  else return false
  return true
}

function readRecords(records: readonly unknown[], result: ImportResult): void {
  const creatures = creaturesOfRecords(records)
  creatures.forEach((fields, index) => {
    const label = textOf(fields.name) || `Entry ${index + 1}`
    result.addCreature(label, (tell) => ('strength' in fields ? draftOfV1(fields, tell) : draftOfV2(fields, tell)))
  })
  if (creatures.length === 0)
    result.addLost('This file', 'It has parts of creatures of Open5e, but no creature. Import it together with them.')
  const others = records.filter((record) => !isOpen5ePart(record)).length
  if (others > 0)
    result.addProblem('This file', `${others.toLocaleString('en')} of its entries are no records of Open5e.`)
}
