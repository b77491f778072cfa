// A campaign and its pictures as one ZIP file: `campaign.json`, `pictures/<id>.webp`, and for the picture of a map `maps/<id>.tiles` and
// `maps/<id>.json` with its walls.
import type { Readable } from 'node:stream'
import { type MediaStore, tileFileOf } from '@tablecast/media'
import type { PictureRow } from '@tablecast/store'
import { ZipFile } from 'yazl'

export const CAMPAIGN_FILE = 'campaign.json'
export const PICTURES_FOLDER = 'pictures/'
export const MAPS_FOLDER = 'maps/'

/** `walls`: of the picture of a map, as text; null for others. */
export type ArchivedPicture = Pick<PictureRow, 'id' | 'hash' | 'width' | 'height' | 'tileLevels'> & {
  walls: string | null
}

/** Pictures are read one after the other while the client takes the file. `pictures` without content are left out. */
export async function writeArchive(
  text: string,
  pictures: readonly ArchivedPicture[],
  media: Pick<MediaStore, 'read'>,
): Promise<NodeJS.ReadableStream> {
  const zip = new ZipFile()
  let open: Readable | null = null
  zip.addBuffer(Buffer.from(text), CAMPAIGN_FILE)
  const contentOf = async (hash: string): Promise<Readable> => {
    const file = await media.read(hash, '2560')
    if (!file) throw new Error('the content of a picture is gone')
    open = file.body
    return file.body
  }
  for (const { id, hash, width, height, tileLevels, walls } of pictures) {
    if (tileLevels !== null) {
      const tiles = await tileFileOf(media, hash, { width, height })
      if (!tiles) continue
      zip.addReadStreamLazy(`${MAPS_FOLDER}${id}.tiles`, { compress: false, size: tiles.bytes }, (give) => {
        open = tiles.body()
        give(null, open)
      })
      if (walls !== null) zip.addBuffer(Buffer.from(walls), `${MAPS_FOLDER}${id}.json`)
      continue
    }
    const found = await media.read(hash, '2560')
    found?.body.destroy()
    if (!found) continue
    // WebP files do not shrink any more.
    zip.addReadStreamLazy(`${PICTURES_FOLDER}${id}.webp`, { compress: false, size: found.bytes }, (give) => {
      void contentOf(hash).then(
        (body) => give(null, body),
        (error: unknown) => give(error, zip.outputStream),
      )
    })
  }
  const output = zip.outputStream
  // A client that goes away leaves the picture that is being read.
  output.once('close', () => open?.destroy())
  zip.once('error', (error: Error) => {
    open?.destroy()
    output.emit('error', error)
  })
  zip.end()
  return output
}
