import type { TablecastError } from '@tablecast/contracts'

type End = (reason: TablecastError | null) => void

/** The streams that are open, by tag (`topic:<name>`, `key:<id>`), so that all of one can be ended. */
export class StreamClosers {
  readonly #open = new Map<string, Set<End>>()

  /** Returns what takes it out again. */
  add(tag: string, end: End): () => void {
    const ends = this.#open.get(tag) ?? new Set()
    this.#open.set(tag, ends.add(end))
    return () => {
      ends.delete(end)
      if (ends.size === 0 && this.#open.get(tag) === ends) this.#open.delete(tag)
    }
  }

  /** `reason`: what the client is told; null lets it subscribe again at once. */
  end(tag: string, reason: TablecastError | null): void {
    for (const end of this.#open.get(tag) ?? []) end(reason)
  }
}
