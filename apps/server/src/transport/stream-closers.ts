import type { TablecastError } from '@tablecast/contracts'

type End = (reason: TablecastError | null) => void

/** Functions that end the open streams, by tag (`topic:<name>`, `key:<id>`). */
export class StreamClosers {
  readonly #open = new Map<string, Set<End>>()

  /** Returns a function that removes `end`. */
  add(tag: string, end: End): () => void {
    const ends = this.#open.get(tag) ?? new Set()
    this.#open.set(tag, ends.add(end))
    return () => {
      ends.delete(end)
      if (ends.size === 0 && this.#open.get(tag) === ends) this.#open.delete(tag)
    }
  }

  /** Ends every stream with this tag. The client receives `reason`; after null it may subscribe again at once. */
  end(tag: string, reason: TablecastError | null): void {
    for (const end of this.#open.get(tag) ?? []) end(reason)
  }
}
