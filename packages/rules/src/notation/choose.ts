// Which of several dice, or of several rolls in braces, count.
import type { Compare, Modifier } from './expression.ts'

/** `marks`: signs behind the value that say what happened to it. */
export type Chosen = { value: number; isDropped: boolean; marks: string }

/** Marks the dropped ones. Of equal values the first ones are kept. */
export function chosen(all: Chosen[], modifiers: readonly Modifier[]): void {
  for (const modifier of modifiers) {
    if (modifier.kind !== 'keep' && modifier.kind !== 'drop') continue
    const left = all.filter(({ isDropped }) => !isDropped).toSorted((a, b) => a.value - b.value)
    if (modifier.end === 'highest') left.reverse()
    const dropped = modifier.kind === 'keep' ? left.slice(modifier.count) : left.slice(0, modifier.count)
    for (const one of dropped) {
      one.isDropped = true
      one.marks += 'd'
    }
  }
}

/** Successes less failures among those that count; null when the roll counts none. */
export function successes(all: Chosen[], modifiers: readonly Modifier[]): number | null {
  const success = modifiers.find((modifier) => modifier.kind === 'success')
  if (!success) return null
  const failure = modifiers.find((modifier) => modifier.kind === 'failure')
  let count = 0
  for (const one of all) {
    if (one.isDropped) continue
    if (isMatch(success.compare, one.value)) {
      count++
      one.marks += '*'
    } else if (failure && isMatch(failure.compare, one.value)) {
      count--
      one.marks += '_'
    }
  }
  return count
}

export function isMatch({ comparison, value }: Compare, rolled: number): boolean {
  switch (comparison) {
    case '=':
      return rolled === value
    case '<>':
      return rolled !== value
    case '<':
      return rolled < value
    case '<=':
      return rolled <= value
    case '>':
      return rolled > value
    case '>=':
      return rolled >= value
  }
}
