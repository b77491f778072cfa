// Notes of Obsidian: stat blocks first, then the encounters that name them.
import type { StatBlock } from '../stat-block.ts'
import { isButton, isEncounter, readEncounter } from './encounter-block.ts'
import { baseOf, draftOfStatblock, isStatblock, statblockOf, withBase } from './fantasy-statblocks.ts'
import type { ImportResult } from './imported.ts'
import { type Fields, isFields, textOf } from './loose-values.ts'
import type { Note } from './markdown-note.ts'
import { parseYaml } from './parse-yaml.ts'

type Named = { label: string; value: Fields }
/** The built-in creature with a name. */
export type FindBuiltIn = (name: string) => StatBlock | undefined

/** True for a note with something to read. */
export const hasBlocks = ({ blocks, frontMatter }: Note): boolean =>
  blocks.length > 0 || (frontMatter !== null && /^["']?statblock["']?\s*:\s*["']?true\b/m.test(frontMatter))

export function readNotes(notes: readonly Note[], result: ImportResult, findBuiltIn: FindBuiltIn): void {
  const statblocks: Named[] = []
  const encounters: Named[] = []
  for (const note of notes) collect(note, { statblocks, encounters, result })
  readStatblocks(statblocks, result, findBuiltIn)
  const buttons = encounters.filter(({ value }) => isButton(value))
  for (const { label, value } of encounters) if (!isButton(value)) readEncounter(value, label, result)
  if (buttons.length > 0)
    result.addProblem(
      'Encounters',
      `${buttons.length.toLocaleString('en')} of them have one creature alone. The creature is imported, and no encounter for it.`,
    )
}

function collect(
  note: Note,
  { statblocks, encounters, result }: { statblocks: Named[]; encounters: Named[]; result: ImportResult },
): void {
  if (note.frontMatter !== null && hasBlocks({ ...note, blocks: [] })) {
    const value = readYaml(note.frontMatter, note.name, result)
    if (isFields(value))
      statblocks.push({ label: textOf(value.name) || note.name, value: { name: note.name, ...value } })
  }
  for (const { kind, text } of note.blocks) {
    if (kind === 'statblock') {
      const value = readYaml(text, note.name, result)
      if (isStatblock(value)) statblocks.push({ label: textOf(value.name) || baseOf(value), value })
      else if (isFields(value))
        statblocks.push({ label: textOf(value.name) || note.name, value: { name: note.name, ...value } })
      else if (value !== undefined) result.addLost(note.name, 'Its stat block has no fields.')
      continue
    }
    // One block may hold several encounters.
    for (const part of text.split(/^---+\s*$/m)) {
      if (part.trim() === '') continue
      const value = readYaml(part, note.name, result)
      if (isEncounter(value)) encounters.push({ label: textOf(value.name) || note.name, value })
      else if (value !== undefined) result.addLost(note.name, 'Its encounter has no list of creatures.')
    }
  }
}

function readYaml(text: string, label: string, result: ImportResult): unknown {
  const { value, problem } = parseYaml(text)
  if (problem !== null && value === undefined) result.addLost(label, problem)
  else if (problem !== null) result.addProblem(label, problem)
  // A block that is empty loses nothing.
  return value ?? undefined
}

function readStatblocks(statblocks: readonly Named[], result: ImportResult, findBuiltIn: FindBuiltIn): void {
  const byName = new Map(
    statblocks.filter(({ value }) => baseOf(value) === '').map(({ label, value }) => [keyOf(label), value]),
  )
  for (const { label, value } of statblocks) {
    const name = baseOf(value)
    if (name === '') {
      result.addCreature(label, (tell) => draftOfStatblock(value, tell))
      continue
    }
    const builtIn = findBuiltIn(name)
    const base = byName.get(keyOf(name)) ?? (builtIn && statblockOf(builtIn))
    const isAllItsOwn = value.hp !== undefined && value.ac !== undefined
    if (!base && !isAllItsOwn)
      result.addLost(label, `It takes its figures from “${name.slice(0, 60)}”, which is in none of the files.`)
    else if (
      Object.keys(value).every((key) => ['monster', 'creature', 'extends', 'name', 'layout'].includes(key)) &&
      keyOf(label) === keyOf(name)
    )
      result.addProblem(label, 'It only shows a creature that is there already.')
    else result.addCreature(label, (tell) => draftOfStatblock(base ? withBase(value, base) : value, tell))
  }
}

const keyOf = (name: string): string => name.trim().toLowerCase()
