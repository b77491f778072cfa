import { startOf } from '@tablecast/text'
import { fold } from './fold.ts'

const MAX_NAME = 60

/**
 * Names for `count` new creatures beside those that exist: “Goblin” for the only one, “Goblin 1”, “Goblin 2” for several, and the
 * next free numbers where some exist.
 */
export function numberedNames(
  existing: readonly string[],
  name: string,
  count: number,
): { name: string; number: number | null }[] {
  const base = startOf(name, MAX_NAME - 4).trim()
  const folded = fold(base)
  let highest = 0
  let isTaken = false
  for (const known of existing.map(fold)) {
    if (known === folded) {
      isTaken = true
      highest = Math.max(highest, 1)
    }
    const number = known.startsWith(`${folded} `) ? /^\d{1,3}$/.exec(known.slice(folded.length + 1))?.[0] : undefined
    if (number !== undefined) {
      isTaken = true
      highest = Math.max(highest, Number(number))
    }
  }
  if (count === 1 && !isTaken) return [{ name, number: null }]
  return Array.from({ length: count }, (_one, index) => {
    const number = highest + index + 1
    return { name: `${base} ${number}`, number }
  })
}
