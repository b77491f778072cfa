// The result of reading a file: everything that was understood, and by name everything that was not.
import { startOf } from '@tablecast/text'
import { z } from 'zod'
import { MAX_BLOCKS, MAX_ENCOUNTERS, StatBlock } from '../stat-block.ts'
import { blockOf, type Draft } from './draft.ts'
import type { Tell } from './figures-in-text.ts'

/** Characters in a file, and bytes in its JSON. */
export const MAX_IMPORT_BYTES = 20_000_000
/** Brackets within brackets. */
export const MAX_IMPORT_DEPTH = 60
/** Values of a file: every comma and every opening bracket begins one. */
export const MAX_IMPORT_VALUES = 900_000
const MAX_PROBLEMS = 1_000
const MAX_LOST = 5_000
const MAX_CHARACTERS = 100
/** Fighters of an encounter. */
export const MAX_FIGHTERS = 100

/** A player's character: its sheet as a stat block, the level, and the hit points it has left. */
export const ImportedCharacter = z.object({
  name: z.string(),
  level: z.int().min(1).max(20).nullable(),
  currentHp: z.int().min(0).max(9_999),
  sheet: StatBlock,
})
export type ImportedCharacter = z.infer<typeof ImportedCharacter>

/**
 * `creature` is the id of a creature of the same import. It is null for a player's character, and for a creature that is only named;
 * that one has `figures`, with the figures that the file gives for it.
 */
export type ImportedFighter = {
  creature: string | null
  name: string
  count: number
  alias: string | null
  isHidden: boolean
  figures?: { hp?: number; ac?: number; initiative?: number; xp?: number }
}
export type ImportedEncounter = { name: string; fighters: ImportedFighter[] }

export type Problem = { name: string; reason: string }

/** `lost`: creatures, characters and encounters of the file that are not in the lists. Each has a problem that says why. */
export type Imported = {
  creatures: StatBlock[]
  encounters: ImportedEncounter[]
  characters: ImportedCharacter[]
  problems: Problem[]
  lost: number
}

type DraftWith = (tell: Tell) => Draft

/** Gathers what is read. Of equal creatures the first one is kept. */
export class ImportResult implements Imported {
  readonly creatures: StatBlock[] = []
  readonly encounters: ImportedEncounter[] = []
  readonly characters: ImportedCharacter[] = []
  readonly problems: Problem[] = []
  #lost = 0
  #notes = 0
  /** Characters of the creatures as JSON. */
  #length = 0
  readonly #idOf = new Map<string, string>()
  readonly #countOfSlug = new Map<string, number>()
  readonly #idOfName = new Map<string, string>()

  get lost(): number {
    return this.#lost
  }

  /**
   * Returns the id that the creature has in this import, or null for one that can't be read. `isRepeatable`: it comes with an encounter, so
   * that a second one is no mistake of the file.
   */
  addCreature(label: string, draft: DraftWith, { isRepeatable = false } = {}): string | null {
    if (this.creatures.length >= MAX_BLOCKS) {
      this.addLost(label, `There are more than ${MAX_BLOCKS.toLocaleString('en')} creatures.`)
      return null
    }
    const block = this.#blockOf(label, draft)
    if (!block) return null
    const content = JSON.stringify(block)
    const known = this.#idOf.get(content)
    if (known !== undefined) {
      if (!isRepeatable) this.addProblem(label, 'It is in the file more than once. One is kept.')
      return known
    }
    this.#length += content.length
    if (this.#length > MAX_IMPORT_BYTES) {
      this.addLost(label, `The creatures before it fill the ${MAX_IMPORT_BYTES / 1_000_000} MB of one import.`)
      return null
    }
    const id = this.#newId(block.name)
    this.#idOf.set(content, id)
    const key = nameKey(block.name)
    if (!this.#idOfName.has(key)) this.#idOfName.set(key, id)
    this.creatures.push({ ...block, id })
    return id
  }

  addCharacter(label: string, { level, currentHp, draft }: NewCharacter): void {
    if (this.characters.length >= MAX_CHARACTERS)
      return this.addLost(label, `There are more than ${MAX_CHARACTERS} characters.`)
    const block = this.#blockOf(label, draft)
    if (!block) return
    this.characters.push({
      name: block.name,
      level: level !== null && level >= 1 && level <= 20 ? level : null,
      currentHp: Math.min(block.hp, Math.max(0, Math.trunc(currentHp ?? block.hp))),
      sheet: { ...block, id: this.#newId(`character ${block.name}`) },
    })
  }

  addEncounter(name: string, fighters: ImportedFighter[]): void {
    if (this.encounters.length >= MAX_ENCOUNTERS)
      return this.addLost(name, `There are more than ${MAX_ENCOUNTERS.toLocaleString('en')} encounters.`)
    this.encounters.push({ name: startOf(name.trim(), 120) || 'Encounter', fighters })
  }

  /** The id of the first creature with this name, whatever its letters' case. */
  find(name: string): string | undefined {
    return this.#idOfName.get(nameKey(name))
  }

  addLost(name: string, reason: string): void {
    this.#lost++
    if (this.#lost <= MAX_LOST) this.problems.push({ name: startOf(name, 120), reason })
    else if (this.#lost === MAX_LOST + 1) this.problems.push(tooMany(MAX_LOST, 'parts that can’t be read'))
  }

  addProblem(name: string, reason: string): void {
    this.#notes++
    if (this.#notes <= MAX_PROBLEMS) this.problems.push({ name: startOf(name, 120), reason })
    else if (this.#notes === MAX_PROBLEMS + 1) this.problems.push(tooMany(MAX_PROBLEMS, 'problems'))
  }

  #blockOf(label: string, draft: DraftWith): Omit<StatBlock, 'id'> | null {
    const reasons: string[] = []
    const tell: Tell = (reason) => void reasons.push(reason)
    const block = blockOf(draft(tell), tell)
    if (block) for (const reason of reasons) this.addProblem(label, reason)
    else this.addLost(label, reasons.at(-1) ?? 'It can’t be read.')
    return block
  }

  /** The order of other names does not matter, so a file that grew replaces its earlier creatures. */
  #newId(name: string): string {
    const letters = name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 40)
    const slug = letters.replaceAll(/^-|-$/g, '') || 'creature'
    const count = (this.#countOfSlug.get(slug) ?? 0) + 1
    this.#countOfSlug.set(slug, count)
    return `${slug}-${count}`
  }
}

export type NewCharacter = { level: number | null; currentHp: number | undefined; draft: DraftWith }

const nameKey = (name: string): string => name.trim().toLowerCase()

const tooMany = (most: number, what: string): Problem => ({
  name: 'This file',
  reason: `It has more than ${most.toLocaleString('en')} ${what}.`,
})
