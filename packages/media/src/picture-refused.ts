import { pictureWords } from '@tablecast/contracts'

/** Why a file became no picture. The words are for the person who sent it. */
const words = {
  ...pictureWords,
  damaged: 'This picture is damaged, or a part of it is missing. Open it in another program and save it again.',
  too_many_pixels: 'This picture has too many pixels. Make it smaller, and send it again.',
  too_slow: 'This picture takes too long to read. Make it smaller, or save it as JPEG.',
  too_heavy: 'This picture takes too much memory to read. Make it smaller, or save it as JPEG.',
  too_small: 'This picture is too small for a map. Each side needs at least 64 pixels.',
  too_long: 'This picture is too large for a map. No side may have more than 20,000 pixels. Make it smaller.',
  map_file: 'This map file is damaged, or of another kind. Export it again as Universal VTT.',
  map_without_picture: 'The picture in this map file can’t be read. Export the map again, with its picture.',
  disk: 'The disk of the server is full, and the picture was not kept. Tell the operator of the server.',
  busy: 'Many pictures are being read right now. Send this one again in a minute.',
  ended: 'The server could not finish reading this picture. Send it again.',
} as const

export type RefusalReason = keyof typeof words

export class PictureRefused extends Error {
  readonly reason: RefusalReason

  /** `detail`: a sentence that says more than the reason does. */
  constructor(reason: RefusalReason, detail?: string) {
    super(detail ?? words[reason])
    this.name = 'PictureRefused'
    this.reason = reason
  }

  /** The refusal says nothing about the file, which may be taken later. */
  get shouldRetry(): boolean {
    return this.reason === 'busy' || this.reason === 'ended' || this.reason === 'disk'
  }
}
