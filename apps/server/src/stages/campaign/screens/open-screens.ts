import type { ScreenKind } from '@tablecast/contracts'

/** Counts the screens that are open on this node, by kind. */
export class OpenScreens {
  readonly counts = new Map<ScreenKind, number>([
    ['tv', 0],
    ['overlay', 0],
  ])

  /** Counts one more, until the returned value is disposed of. */
  add(kind: ScreenKind): Disposable {
    this.#count(kind, 1)
    return { [Symbol.dispose]: () => this.#count(kind, -1) }
  }

  #count(kind: ScreenKind, by: number): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + by)
  }
}
