// The faces of portraits: small squares that are cut out of a picture when somebody asks for them first.
import { type Crop, faceFile, type Square, squareOf } from '@tablecast/contracts'
import type { MediaStore, PictureReader, Variant } from '@tablecast/media'
import type { PictureRow } from '@tablecast/store'

/** About 4 kB each. */
const MAX_FACES = 500
const FACE_PIXELS = 96

type Cut = Pick<PictureRow, 'hash' | 'width' | 'height'>

/**
 * Remembers the newest faces. Each is cut out once, however many people ask for it, and one at a time: uploads wait for no more than one.
 * A node cuts its own. Whether somebody may see a face is asked before, each time.
 */
export class Faces {
  readonly #media: Pick<MediaStore, 'read'>
  readonly #reader: Pick<PictureReader, 'cut'>
  readonly #known = new Map<string, Promise<Buffer | null>>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(media: Pick<MediaStore, 'read'>, reader: Pick<PictureReader, 'cut'>) {
    this.#media = media
    this.#reader = reader
  }

  /** Null for a picture whose content is gone. Throws `PictureRefused`. */
  face(picture: Cut, crop: Crop): Promise<Buffer | null> {
    const key = `${picture.hash} ${faceFile(crop)}`
    const known = this.#known.get(key)
    const face = known ?? this.#inTurn(() => this.#cut(picture, crop))
    // The newest stands last.
    this.#known.delete(key)
    this.#known.set(key, face)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_FACES) break
      this.#known.delete(oldest)
    }
    if (!known) this.#forgetFailure(key, face)
    return face
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => {})
    return mine
  }

  /** The next person who asks tries again. */
  #forgetFailure(key: string, face: Promise<Buffer | null>): void {
    const forget = () => {
      if (this.#known.get(key) === face) this.#known.delete(key)
    }
    face.then((content) => content ?? forget(), forget)
  }

  async #cut(picture: Cut, crop: Crop): Promise<Buffer | null> {
    const { variant, square } = sourceOf(picture, crop)
    const found = await this.#media.read(picture.hash, variant)
    return found && this.#reader.cut(found.body, square)
  }
}

/** The smallest variant in which the face has its pixels. */
function sourceOf({ width, height }: Cut, crop: Crop): { variant: Variant; square: Square } {
  const scale = Math.min(1, 640 / Math.max(width, height))
  const small = squareOf({ width: Math.round(width * scale), height: Math.round(height * scale) }, crop)
  if (scale === 1 || small.side >= FACE_PIXELS) return { variant: '640', square: small }
  return { variant: '2560', square: squareOf({ width, height }, crop) }
}
