// The browser's storage between visits. Nothing else touches it. A browser may refuse it (blocked site data, a private
// window) or be out of room; then the page goes on with the values in memory.

export class BrowserStorage {
  readonly #open: () => Storage
  /** Values that the storage did not take; null for a value that it did not remove. */
  readonly #memory = new Map<string, string | null>()

  /** `open` may throw: some browsers refuse to read the property `localStorage`. */
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

  /** Reads a value that was written as JSON; null for a value that `isValid` rejects. */
  readJson<T>(key: string, isValid: (value: unknown) => value is T): T | null {
    try {
      const value: unknown = JSON.parse(this.read(key) ?? 'null')
      return isValid(value) ? value : null
    } catch {
      return null
    }
  }

  /** Null removes the value. Never throws: a value that the storage refuses lasts as long as the page. */
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

  /** Removes every value of this origin, also those of later pages and parts that have not loaded. */
  clear(): void {
    this.#memory.clear()
    try {
      this.#open().clear()
    } catch {
      // The storage refuses everything, so it has kept nothing.
    }
  }

  /** Whether written values outlive the page. */
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

  /** Removes the old value when the new one does not fit: the old one must not come back with a reload. */
  #forget(key: string): void {
    try {
      this.#open().removeItem(key)
    } catch {
      // The storage refuses everything, so no old value can come back either.
    }
  }
}

const PROBE = 'tablecast.probe'

// oxlint-disable-next-line no-restricted-globals -- this file guards it
export const storage: BrowserStorage = new BrowserStorage(() => localStorage)
