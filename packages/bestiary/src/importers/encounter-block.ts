// The `encounter` blocks of Initiative Tracker, a plugin of Obsidian: `- 3: Goblin`, `- Goblin, 7, 15, 2`.
import { startOf } from '@tablecast/text'
import { averageOf, diceOf, type Tell } from './figures-in-text.ts'
import { type ImportedFighter, type ImportResult, MAX_FIGHTERS } from './imported.ts'
import { defined, type Fields, isFields, listOf, namesOf, textOf, wholeOf } from './loose-values.ts'

export const isEncounter = (value: unknown): value is Fields => isFields(value) && Array.isArray(value.creatures)

/** A table with one creature is the plugin's button for that creature, and no encounter of its own. */
export function isButton(value: Fields): boolean {
  const creatures = listOf(value.creatures)
  const [only] = creatures.map((one) => parsed(one))
  return (
    creatures.length === 1 && only?.amount === '1' && (value.name === undefined || textOf(value.name) === only.name)
  )
}

/** Its creatures are found by name among those of the import, so the import has read them before. */
export function readEncounter(value: Fields, label: string, result: ImportResult): void {
  const name = textOf(value.name) || label
  const hidden = namesOf(value.hide).map((one) => one.toLowerCase())
  const tell: Tell = (reason) => result.addProblem(name, reason)
  const all = listOf(value.creatures)
  if (all.length > MAX_FIGHTERS) tell(`It has more than ${MAX_FIGHTERS} fighters: the others are left out.`)
  const fighters = all.slice(0, MAX_FIGHTERS).flatMap((one): ImportedFighter[] => {
    const entry = parsed(one)
    if (!entry) {
      tell('One of its creatures has no name.')
      return []
    }
    const creature = result.find(entry.name) ?? null
    return [
      {
        creature,
        name: startOf(entry.alias ?? entry.name, 60),
        count: countOf(entry, tell),
        alias: null,
        isHidden: entry.isHidden || hidden.includes('creatures'),
        ...(creature === null ? { figures: entry.figures } : {}),
      },
    ]
  })
  result.addEncounter(name, fighters)
}

type Entry = {
  amount: string
  name: string
  alias: string | null
  isHidden: boolean
  figures: NonNullable<ImportedFighter['figures']>
}

function parsed(value: unknown): Entry | null {
  const [amount, creature] = amountOf(value)
  const [first = '', ...rest] = Array.isArray(creature)
    ? creature.flatMap((one: unknown) => textOf(one).split(','))
    : textOf(isFields(creature) ? (creature.name ?? creature.creature) : creature).split(',')
  const name = first.trim().replaceAll(/^\[\[|\]\]$/g, '')
  if (name === '') return null
  const words = rest.map((one) => one.trim()).filter(Boolean)
  const numbers = words.filter((one) => /^[+-]?\d{1,5}$/.test(one)).map(Number)
  const [hp, ac, initiative, xp] = numbers
  const alias = words.find((one) => !/^[+-]?\d/.test(one) && !/^(?:hidden|hide|friend|friendly|ally)$/i.test(one))
  return {
    amount,
    name,
    alias: alias ?? null,
    isHidden: words.some((one) => /^hid/i.test(one)) || (isFields(creature) && creature.hidden === true),
    figures: defined({ hp, ac, initiative, xp }) as Entry['figures'],
  }
}

/** `3: Goblin` as a text or an object, or no number at all. */
function amountOf(value: unknown): [amount: string, creature: unknown] {
  if (isFields(value)) {
    const [first] = Object.entries(value)
    if (first && /^\d|d\d/.test(first[0])) return first
    return ['1', value]
  }
  if (typeof value !== 'string') return ['1', value]
  const [, amount, name] = /^\s*(\d{1,4}(?:d\d{1,3})?)\s*:\s*(.+)$/.exec(value) ?? []
  return amount === undefined ? ['1', value] : [amount, name]
}

const MAX_COUNT = 50

function countOf({ amount, name }: Entry, tell: Tell): number {
  const dice = diceOf(amount)
  const count = dice === undefined ? wholeOf(amount) : averageOf(dice)
  if (dice !== undefined)
    tell(`“${amount} ${startOf(name, 60)}” became ${Math.max(1, count ?? 1)}: the number is not rolled.`)
  if (count !== undefined && count > MAX_COUNT) tell(`“${startOf(name, 60)}” comes ${MAX_COUNT} times at most.`)
  return Math.max(1, Math.min(MAX_COUNT, count ?? 1))
}
