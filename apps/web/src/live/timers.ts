/** Named timers: setting one again replaces it. */
export class Timers {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  has(name: string): boolean {
    return this.#timers.has(name)
  }

  set(name: string, ms: number, work: () => void): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.set(
      name,
      setTimeout(() => {
        this.#timers.delete(name)
        work()
      }, ms),
    )
  }

  clear(...names: string[]): void {
    for (const name of names.length > 0 ? names : this.#timers.keys()) {
      clearTimeout(this.#timers.get(name))
      this.#timers.delete(name)
    }
  }
}
