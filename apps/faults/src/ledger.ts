// The acknowledged changes, on disk before a test relies on them.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Acknowledged } from './oracle.ts'

export class Ledger implements Disposable {
  readonly #path: string
  readonly #file: number
  #count = 0

  constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, 'a')
  }

  get count(): number {
    return this.#count
  }

  write(acknowledged: Acknowledged): void {
    writeSync(this.#file, `${JSON.stringify(acknowledged)}\n`)
    this.#count += 1
  }

  /** As it stands on the disk. */
  read(): Acknowledged[] {
    const lines = readFileSync(this.#path, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line) as Acknowledged)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}
