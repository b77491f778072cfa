// The result of reading a file: everything that was understood, and by name everything that was not.
import { startOf } from '@tablecast/text'
import { z } from 'zod'
import { StatBlock } from '../stat-block.ts'

/** Characters in a file, and bytes in its JSON. */
export const MAX_IMPORT_BYTES = 20_000_000
/** Brackets within brackets. */
export const MAX_IMPORT_DEPTH = 60
/** Values of a file: every comma and every opening bracket begins one. */
export const MAX_IMPORT_VALUES = 900_000
const MAX_PROBLEMS = 1_000

/** A player's character: its sheet as a stat block, the level, and the hit points it has left. */
export const ImportedCharacter = z.object({
  name: z.string(),
  level: z.int().min(1).max(20).nullable(),
  currentHp: z.int().min(0).max(9_999),
  sheet: StatBlock,
})
export type ImportedCharacter = z.infer<typeof ImportedCharacter>

/** `creature` is the id of a creature of the same import, or null for a player's character, who is named. */
export type ImportedEncounter = {
  name: string
  fighters: { creature: string | null; name: string; count: number; alias: string | null; isHidden: boolean }[]
}

export type Problem = { name: string; reason: string }

export type Imported = {
  creatures: StatBlock[]
  encounters: ImportedEncounter[]
  characters: ImportedCharacter[]
  problems: Problem[]
}

/** Gathers what is read. Of equal creatures the first one is kept, also where encounters bring them again. */
export class ImportResult implements Imported {
  readonly creatures: StatBlock[] = []
  readonly encounters: ImportedEncounter[] = []
  readonly characters: ImportedCharacter[] = []
  readonly problems: Problem[] = []
  readonly #idOf = new Map<string, string>()

  /** Returns the id that the creature has in this import. `block` comes without one. */
  addCreature(block: Omit<StatBlock, 'id'>): string {
    const content = JSON.stringify(block)
    const known = this.#idOf.get(content)
    if (known !== undefined) return known
    const slug = block.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 40)
    const id = `${slug.replace(/^-|-$/g, '') || 'creature'}-${this.creatures.length + 1}`
    this.#idOf.set(content, id)
    this.creatures.push({ ...block, id })
    return id
  }

  addProblem(name: string, reason: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ name: startOf(name, 120), reason })
    else if (this.problems.length === MAX_PROBLEMS)
      this.problems.push({
        name: 'This file',
        reason: `It has more than ${MAX_PROBLEMS.toLocaleString('en')} problems.`,
      })
  }
}
