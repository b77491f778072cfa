import { finished, Readable, type Writable } from 'node:stream'
import { giveBack } from './give-back.ts'
import type { MediaStore } from './media-store.ts'
import type { Variant } from './variants.ts'

type Held = { content: Buffer; readers: number }

/** The pieces in which content goes to a reader. */
const PIECE_BYTES = 256 * 1_024

/**
 * Holds the content of pictures that were stored or asked for last. A picture that is shown is loaded by everyone at the table at once, and
 * each reading of the store would leave its size in buffers for the garbage collector.
 *
 * It holds at most `maxBytes`, and forgets nothing that is being sent. Content that finds no room comes from the store in small pieces, so
 * that slow readers of many pictures take no more memory than before. The memory of what it forgets is free at once: left to V8, it would
 * make it collect all garbage with every third photo, which takes the cores from the tables for many milliseconds.
 */
export class RecentContent {
  readonly #media: Pick<MediaStore, 'read'>
  readonly #maxBytes: number
  /** Those that were asked for longest ago stand first. */
  readonly #held = new Map<string, Held>()
  readonly #loading = new Map<string, Promise<void>>()
  #bytes = 0

  constructor(media: Pick<MediaStore, 'read'>, maxBytes: number) {
    this.#media = media
    this.#maxBytes = maxBytes
  }

  /** Holds content that was just stored, because it will be asked for. From now on the content is no longer the caller's. */
  hold(hash: string, variant: Variant, content: Buffer): void {
    const key = keyOf(hash, variant)
    if (!this.#held.has(key) && this.#takeRoom(content.byteLength)) this.#held.set(key, { content, readers: 0 })
    else giveBack(content)
  }

  /** As `MediaStore.read`. `to`: the response into which the body is written. The content stays until that has ended or was closed. */
  async read(hash: string, variant: Variant, to: Writable): ReturnType<MediaStore['read']> {
    const key = keyOf(hash, variant)
    if (!this.#held.has(key)) await this.#loaded(key, () => this.#load(hash, variant))
    // Looked up after the wait: others may have taken its room since.
    const held = this.#held.get(key)
    return held ? this.#sent(key, held, to) : this.#media.read(hash, variant)
  }

  #sent(key: string, held: Held, to: Writable): { bytes: number; body: Readable } {
    // The newest stands last.
    this.#held.delete(key)
    this.#held.set(key, held)
    held.readers++
    // Not when the body was read to its end: its last pieces may wait for the network then.
    finished(to, () => held.readers--)
    return { bytes: held.content.byteLength, body: Readable.from(piecesOf(held.content), { objectMode: false }) }
  }

  /** One reading for all who ask meanwhile. */
  #loaded(key: string, load: () => Promise<void>): Promise<void> {
    const known = this.#loading.get(key)
    if (known) return known
    const loading = load().finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    return loading
  }

  /** Holds nothing of an unknown file, and of one that finds no room. */
  async #load(hash: string, variant: Variant): Promise<void> {
    const found = await this.#media.read(hash, variant)
    if (!found) return
    const { bytes, body } = found
    if (!this.#takeRoom(bytes)) {
      body.destroy()
      return
    }
    try {
      const content = Buffer.allocUnsafeSlow(bytes)
      let end = 0
      for await (const piece of body) {
        if (!(piece instanceof Uint8Array) || end + piece.length > bytes) throw changedMeanwhile()
        content.set(piece, end)
        end += piece.length
      }
      if (end < bytes) throw changedMeanwhile()
      this.#held.set(keyOf(hash, variant), { content, readers: 0 })
    } catch (error) {
      this.#bytes -= bytes
      throw error
    }
  }

  /** Counts the bytes as held. False when they find no room beside what is being sent. */
  #takeRoom(bytes: number): boolean {
    if (bytes > this.#maxBytes) return false
    for (const [key, { content, readers }] of this.#held) {
      if (this.#bytes + bytes <= this.#maxBytes) break
      if (readers > 0) continue
      this.#held.delete(key)
      this.#bytes -= content.byteLength
      giveBack(content)
    }
    const hasRoom = this.#bytes + bytes <= this.#maxBytes
    if (hasRoom) this.#bytes += bytes
    return hasRoom
  }
}

const changedMeanwhile = () => new Error('the picture was changed while it was read')

const keyOf = (hash: string, variant: Variant): string => `${hash} ${variant}`

function* piecesOf(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.byteLength; at += PIECE_BYTES) yield content.subarray(at, at + PIECE_BYTES)
}
