// A folder remembers that a database was made in it: a server that finds none there later does not begin with an empty one, as if
// nothing had ever been played.
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NAME = 'has-database'
const TEXT = `A database of Tablecast was made in this folder: tablecast.sqlite. When that is gone, the server does not start until a
backup is restored (pnpm admin restore), or this file is deleted to begin with an empty database.
`

export class DatabaseMarker {
  readonly #path: string
  readonly #file: string

  /** `file`: the database's. */
  constructor(dataDir: string, file: string) {
    this.#path = join(dataDir, NAME)
    this.#file = file
  }

  /** To be asked before SQLite opens the file, which makes one, and deletes a write-ahead log that belongs to none. */
  mustNotBeLost(): void {
    if ((statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) === 0) this.mustBeNew()
  }

  /** Throws for a database without any table in a folder that had one. */
  mustBeNew(): void {
    if (existsSync(this.#path))
      throw new Error(
        `the database ${this.#file} is gone or empty, and there was one: restore a backup (pnpm admin restore), or delete ${this.#path} to begin with an empty one`,
      )
  }

  put(): void {
    if (existsSync(this.#path)) return
    try {
      writeFileSync(this.#path, TEXT)
    } catch {
      // A disk that is full must not keep a server from serving what it has; the next start tries again.
    }
  }
}
