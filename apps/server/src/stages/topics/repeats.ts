/** The newest numbers of a publisher that are checked one by one. An older number counts as a repeat. */
const WINDOW = 1_000
/** A node is a new publisher after each restart, so the silent ones are forgotten. */
const MAX_PUBLISHERS = 100

type Seen = { newest: number; numbers: Set<number> }

/** Recognises messages that the bus delivers again. Each node marks its messages with its id and a number that counts up. */
export class Repeats {
  readonly #publishers = new Map<string, Seen>()

  /** `mark`: `<node>.<number>`. A message without one, from a node of an older version, is always new. */
  isNew(mark: string | null): boolean {
    const [, node, digits] = /^(.+)\.(\d{1,15})$/.exec(mark ?? '') ?? []
    if (node === undefined) return true
    const number = Number(digits)
    const seen = this.#of(node)
    if (number <= seen.newest - WINDOW || seen.numbers.has(number)) return false
    seen.numbers.add(number)
    seen.newest = Math.max(seen.newest, number)
    // Runs once in a thousand messages.
    if (seen.numbers.size > WINDOW * 2)
      for (const known of seen.numbers) if (known <= seen.newest - WINDOW) seen.numbers.delete(known)
    return true
  }

  #of(node: string): Seen {
    const seen = this.#publishers.get(node) ?? { newest: 0, numbers: new Set() }
    // Moves the publisher to the end: the first one in the map has been silent longest.
    this.#publishers.delete(node)
    this.#publishers.set(node, seen)
    if (this.#publishers.size > MAX_PUBLISHERS)
      for (const silent of this.#publishers.keys().take(1)) this.#publishers.delete(silent)
    return seen
  }
}
