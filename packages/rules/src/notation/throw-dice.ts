import { Refusal } from '../refusal.ts'
import { chosen, isMatch, successes, type Chosen } from './choose.ts'
import type { Compare, Modifier } from './expression.ts'
import { MAX_SIDES } from './expression.ts'

export type Thrown = Chosen

/** Throws dice of one kind, and applies their modifiers in the order in which they act. */
export function throwDice(
  count: number,
  sides: number | 'F' | 'F1',
  modifiers: readonly Modifier[],
  table: Table,
): { value: number; text: string } {
  const die = dieOf(sides)
  if (!Number.isInteger(count) || count < 0)
    throw new Refusal('dice', `The number of dice is ${count}, and must be a whole number.`)
  table.assertRoomFor(count)
  const state: Throwing = { die, table, modifiers }
  let dice = Array.from({ length: count }, () => throwOne(state))
  dice = explode(dice, state)
  throwAgain(dice, state)
  throwUnique(dice, state)
  chosen(dice, modifiers)
  const counted = successes(dice, modifiers)
  markCriticals(dice, state)
  const kept = dice.filter(({ isDropped }) => !isDropped)
  if (sides === 20) table.rememberD20(kept)
  const sort = find(modifiers, 'sort')
  if (sort) dice.sort((a, b) => (sort.descending ? b.value - a.value : a.value - b.value))
  return {
    value: counted ?? kept.reduce((sum, { value }) => sum + value, 0),
    text: `[${dice.map(({ value, marks }) => `${value}${marks}`).join(', ')}]`,
  }
}

interface Table {
  draw(sides: number): number
  assertRoomFor(dice: number): void
  rememberD20(kept: readonly Thrown[]): void
}

/** `of` is the value on the drawn side. */
type Die = { sides: number; lowest: number; highest: number; of: (side: number) => number }
type Throwing = { die: Die; table: Table; modifiers: readonly Modifier[] }

function dieOf(sides: number | 'F' | 'F1'): Die {
  if (sides === 'F') return { sides: 3, lowest: -1, highest: 1, of: (side) => side - 2 }
  if (sides === 'F1') return { sides: 6, lowest: -1, highest: 1, of: (side) => (side === 1 ? -1 : side === 6 ? 1 : 0) }
  if (!Number.isInteger(sides) || sides < 1 || sides > MAX_SIDES)
    throw new Refusal('dice', `A die has 1 to ${MAX_SIDES.toLocaleString('en')} whole sides, not ${sides}.`)
  return { sides, lowest: 1, highest: sides, of: (side) => side }
}

function find<K extends Modifier['kind']>(
  modifiers: readonly Modifier[],
  kind: K,
): (Modifier & { kind: K }) | undefined {
  return modifiers.find((modifier): modifier is Modifier & { kind: K } => modifier.kind === kind)
}

function throwOne({ die, table, modifiers }: Throwing): Thrown {
  const value = die.of(table.draw(die.sides))
  const [low, high] = [find(modifiers, 'min')?.value ?? value, find(modifiers, 'max')?.value ?? value]
  if (value < low) return { value: low, isDropped: false, marks: '^' }
  if (value > high) return { value: high, isDropped: false, marks: 'v' }
  return { value, isDropped: false, marks: '' }
}

const same = (value: number): Compare => ({ comparison: '=', value })

function explode(dice: Thrown[], state: Throwing): Thrown[] {
  const modifier = find(state.modifiers, 'explode')
  if (!modifier) return dice
  const compare = modifier.compare ?? same(state.die.highest)
  return dice.flatMap((first) => {
    const more: Thrown[] = []
    // The value before anything was taken off decides whether the next die is thrown.
    for (let last = first.value; isMatch(compare, last);) {
      const next = throwOne(state)
      last = next.value
      more.push(modifier.penetrates ? { ...next, value: next.value - 1 } : next)
    }
    const mark = modifier.penetrates ? 'p' : ''
    if (more.length === 0) return [first]
    if (modifier.compounds) {
      const value = more.reduce((sum, one) => sum + one.value, first.value)
      return [{ value, isDropped: false, marks: `${first.marks}!!${mark}` }]
    }
    return [first, ...more].map((one, index) => (index < more.length ? { ...one, marks: `${one.marks}!${mark}` } : one))
  })
}

function throwAgain(dice: Thrown[], state: Throwing): void {
  const modifier = find(state.modifiers, 'reroll')
  if (!modifier) return
  const compare = modifier.compare ?? same(state.die.lowest)
  for (const [index, first] of dice.entries()) {
    let one = first
    while (isMatch(compare, one.value)) {
      one = { ...throwOne(state), marks: modifier.once ? 'ro' : 'r' }
      if (modifier.once) break
    }
    dice[index] = one
  }
}

function throwUnique(dice: Thrown[], state: Throwing): void {
  const modifier = find(state.modifiers, 'unique')
  if (!modifier) return
  const seen = new Set<number>()
  const isRepeat = (value: number) => seen.has(value) && (!modifier.compare || isMatch(modifier.compare, value))
  for (const [index, first] of dice.entries()) {
    let one = first
    while (isRepeat(one.value)) {
      one = { ...throwOne(state), marks: modifier.once ? 'uo' : 'u' }
      if (modifier.once) break
    }
    seen.add(one.value)
    dice[index] = one
  }
}

function markCriticals(dice: Thrown[], { die, modifiers }: Throwing): void {
  const [success, failure] = [find(modifiers, 'criticalSuccess'), find(modifiers, 'criticalFailure')]
  for (const one of dice) {
    if (success && isMatch(success.compare ?? same(die.highest), one.value)) one.marks += '**'
    if (failure && isMatch(failure.compare ?? same(die.lowest), one.value)) one.marks += '__'
  }
}
