// A marker file says that a database was made in a folder. A server that finds the marker without a database refuses to start, and
// does not make an empty one.
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

  /** Call it before SQLite opens the file: opening makes a missing file and deletes a write-ahead log without a database. */
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
      // A full disk must not stop a server that can still serve its data. The next start tries again.
    }
  }
}
