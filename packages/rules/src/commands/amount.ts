import { shortened } from '@tablecast/text'
import { findAtStart, tryAtStart, type Named } from '../names/find.ts'
import { looksLikeDice, readDice } from '../notation/index.ts'
import { Refusal } from '../refusal.ts'

/** A number, or dice as an operation takes them, and the text after it. */
export type AmountRead = { amount: number | string; rest: string }

/** Reads the amount that a text begins with, such as `2d6 + 3` or `7`. */
export function readAmount(text: string): AmountRead {
  const { expression, text: asked, rest } = readDice(text)
  if (expression.kind === 'number') return { amount: wholeNumber(expression.value), rest }
  if (expression.kind === 'negate')
    throw new Refusal('command', `“${asked}” is below zero. Write the number without a minus.`)
  return { amount: asked, rest }
}

/** An amount that is all of the text. */
export function readWholeAmount(text: string): number | string {
  const { amount, rest } = readAmount(text)
  if (rest !== '') throw leftOver(rest)
  return amount
}

function wholeNumber(value: number): number {
  if (Number.isInteger(value) && value <= 9_999) return value
  throw new Refusal('command', `${value} is no number of hit points. Use whole numbers up to 9,999.`)
}

export const leftOver = (rest: string): Refusal => new Refusal('command', `“${shortened(rest, 40)}” is not understood.`)

/** Whether the text begins with a name. A fighter called “4 Eyes” needs quotes. */
export const beginsWithName = (named: readonly Named[], text: string): boolean =>
  !looksLikeDice(text) && tryAtStart(named, text) !== null

/** Several names, then something that is no name: `Mira, Old Tom -2d6`. */
export function readNamesAtStart(named: readonly Named[], text: string): { ids: string[]; rest: string } {
  const ids: string[] = []
  let left = text
  for (;;) {
    const comma = indexOfComma(left)
    const found = findAtStart(named, comma < 0 ? left : left.slice(0, comma))
    ids.push(...found.ids)
    if (comma < 0 || found.rest !== '') {
      const rest = comma < 0 ? found.rest : `${found.rest}${left.slice(comma)}`
      return { ids: unique(named, ids), rest: rest.trim() }
    }
    left = left.slice(comma + 1)
  }
}

/** Outside of quotes. */
function indexOfComma(text: string): number {
  const before = /^(?:["“„«][^"“”„«»]*["”“»]|[^,"“„«])*/u.exec(text)?.[0] ?? ''
  return text[before.length] === ',' ? before.length : text.indexOf(',', before.length)
}

function unique(named: readonly Named[], ids: string[]): string[] {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice === undefined) return ids
  const name = named.find(({ id }) => id === twice)?.name ?? ''
  throw new Refusal('name', `${name} stands twice in the list.`)
}
