import { Refusal } from '../refusal.ts'
import { findAtStart, type Named } from './find.ts'

/** A fighter of a list, and the words that stood behind its name: `Goblin 2 half`. */
export type Listed = { id: string; note: string }

/**
 * Reads `Goblin 1, Goblin 2 half, Mira`. The words behind a name or a range are the note of all that it names. Throws `Refusal`
 * when somebody stands twice.
 */
export function readList(named: readonly Named[], text: string): Listed[] {
  const items = splitItems(text)
  const listed = items.flatMap((item) => {
    const { ids, rest } = findAtStart(named, item)
    return ids.map((id) => ({ id, note: rest.trim() }))
  })
  const seen = new Set<string>()
  for (const { id } of listed) {
    if (seen.has(id)) {
      const name = named.find((one) => one.id === id)?.name ?? ''
      throw new Refusal('name', `${name} stands twice in the list.`)
    }
    seen.add(id)
  }
  return listed
}

/** At commas outside of quotes. */
export function splitItems(text: string): string[] {
  const items = [...text.matchAll(/(?:["“„«][^"“”„«»]*["”“»]|[^,])+/gu)].map(([item]) => item.trim())
  const found = items.filter((item) => item !== '')
  if (found.length === 0) throw new Refusal('name', 'Name somebody.')
  return found
}
