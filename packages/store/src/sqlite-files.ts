// Whether the files of an open SQLite database are still the ones in its folder. A process that has them open goes on writing to
// files that were deleted, and SQLite says nothing: everything would be acknowledged, and gone with the process.
import { type BigIntStats, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

/** The database, its write-ahead log, and the index of that, which all processes share their locks in. */
const SUFFIXES = ['', '-wal', '-shm'] as const
/** One page. A file with less is no database to SQLite: its next start deletes the log, whatever that holds. */
const SMALLEST_BYTES = 512n

// Only names are looked at, never the files themselves: closing one would give back SQLite's own locks on it (POSIX).
export class SqliteFiles {
  readonly #file: string
  readonly #database: DatabaseSync
  readonly #known = new Map<string, string>()
  #bytes = 0n
  #isEmptied = false

  constructor(file: string, database: DatabaseSync) {
    this.#file = file
    this.#database = database
    this.areLost()
  }

  /** Somebody cut its content off. That does not pass: what SQLite remembers of the file is wrong. */
  get isEmptied(): boolean {
    return this.#isEmptied
  }

  /** True while nothing that is written would last. It passes when a file that was moved away is moved back. */
  areLost(): boolean {
    return this.#isEmptied || SUFFIXES.some((suffix) => this.#isAnother(suffix)) || this.#isCut()
  }

  #isAnother(suffix: string): boolean {
    const found = lookAt(this.#file + suffix)
    const known = this.#known.get(suffix)
    if (known !== undefined) return known !== (found && idOf(found))
    if (found) this.#known.set(suffix, idOf(found))
    return false
  }

  #isCut(): boolean {
    const bytes = lookAt(this.#file)?.size ?? 0n
    const isSmaller = bytes < this.#bytes
    this.#bytes = bytes
    if (isSmaller && (bytes < SMALLEST_BYTES || !this.#isWhole())) this.#isEmptied = true
    return this.#isEmptied
  }

  /** A file becomes smaller by VACUUM too. The pages that this connection has cached must not hide that the rest is gone. */
  #isWhole(): boolean {
    try {
      this.#database.exec('pragma shrink_memory')
      return this.#database.prepare('pragma quick_check(1)').get()?.['quick_check'] === 'ok'
    } catch {
      return false
    }
  }
}

const lookAt = (path: string): BigIntStats | undefined => statSync(path, { bigint: true, throwIfNoEntry: false })

const idOf = ({ dev, ino }: BigIntStats): string => `${dev} ${ino}`
