/** Stands in every change that is for DMs alone. */
export const SECRET = 'no-player-may-read-this'

/** Looks for it in a stream of text, also where it is split between two pieces. */
export class SecretWatch {
  readonly #found: () => void
  #rest = ''

  constructor(found: () => void) {
    this.#found = found
  }

  see(piece: string): void {
    const text = this.#rest + piece
    if (text.includes(SECRET)) this.#found()
    this.#rest = text.slice(1 - SECRET.length)
  }
}
