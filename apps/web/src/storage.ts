// What this browser keeps between visits: the one place that touches its storage. A browser may refuse it (blocked site data, a private
// window), and it may be full; then the page works on, with what it keeps in memory.

export class BrowserStorage {
  readonly #open: () => Storage
  /** What the storage did not take; null stands for what it did not remove. */
  readonly #memory = new Map<string, string | null>()

  /** `open` may throw: browsers refuse the very look at `localStorage`. */
  constructor(open: () => Storage) {
    this.#open = open
  }

  read(key: string): string | null {
    const held = this.#memory.get(key)
    if (held !== undefined) return held
    try {
      return this.#open().getItem(key)
    } catch {
      return null
    }
  }

  /** Reads what was written as JSON; null for anything that `isValid` does not know. */
  readJson<T>(key: string, isValid: (value: unknown) => value is T): T | null {
    try {
      const value: unknown = JSON.parse(this.read(key) ?? 'null')
      return isValid(value) ? value : null
    } catch {
      return null
    }
  }

  /** Null removes it. Never throws: what does not go into the storage lasts as long as the page. */
  write(key: string, value: string | null): void {
    try {
      const storage = this.#open()
      if (value === null) storage.removeItem(key)
      else storage.setItem(key, value)
      this.#memory.delete(key)
    } catch {
      this.#memory.set(key, value)
      this.#forget(key)
    }
  }

  /** Whether what is written outlives the page. */
  get isLasting(): boolean {
    try {
      const storage = this.#open()
      storage.setItem(PROBE, PROBE)
      storage.removeItem(PROBE)
      return true
    } catch {
      return false
    }
  }

  /** An old value must not come back with a reload where there was no room for the new one. */
  #forget(key: string): void {
    try {
      this.#open().removeItem(key)
    } catch {
      // Refused altogether: nothing comes back.
    }
  }
}

const PROBE = 'tablecast.probe'

// oxlint-disable-next-line no-restricted-globals -- the place that guards it
export const storage: BrowserStorage = new BrowserStorage(() => localStorage)
