// Where the content of pictures is kept: by its hash, in a few variants, each a WebP file of at most a few megabytes, and for a map the rows
// of its tiles.
import type { Readable } from 'node:stream'
import type { ByteRange } from './tile-row.ts'
import type { StoredVariant } from './variants.ts'

/** `putAt`: the newest time at which somebody stored it. */
export type StoredFile = { hash: string; variant: StoredVariant; bytes: number; putAt: Date }

export interface MediaStore {
  /**
   * Stores a file. Nobody reads a part of it, and a process that is killed leaves all of it or nothing. For a known file only its time
   * changes, because the hash stands for the content.
   */
  put(hash: string, variant: StoredVariant, content: Uint8Array): Promise<void>
  /** Marks a known file as stored now. False for an unknown one. */
  touch(hash: string, variant: StoredVariant): Promise<boolean>
  /** The content as a stream; null for an unknown file. */
  read(hash: string, variant: StoredVariant): Promise<{ bytes: number; body: Readable } | null>
  /** Some bytes of a file, at most a megabyte or two; null for an unknown file, and where it ends earlier. */
  readRange(hash: string, variant: StoredVariant, range: ByteRange): Promise<Buffer | null>
  /**
   * Removes all variants; with `storedBefore` only those that nobody has stored since. A picture's files are stored before its row in the
   * database. So remove only files without a row, and with an hour between.
   */
  remove(hash: string, storedBefore?: Date): Promise<void>
  /** Removes what processes that were killed had begun to store before that time. No other method sees it. */
  removeUnfinished(begunBefore: Date): Promise<void>
  /** The bytes of all files. Others may have changed them in the last minute. */
  usedBytes(): Promise<number>
  /** All files, in no order. A file that comes or goes meanwhile may be missing. */
  list(): AsyncIterable<StoredFile>
}

/** 64 hexadecimal digits. A store is used with nothing else, because the hash becomes a path. */
export function mustBeHash(hash: string): void {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('not the hash of a picture')
}
