import type { TilePlace } from '@tablecast/maps/tiles'
import { isWholeWebp } from './is-whole-webp.ts'
import type { MediaStore } from './media-store.ts'
import { headOfTile, rangeOfTile, tileRowOf } from './tile-row.ts'

/** A tile of a map's picture, whole, as WebP. Null where it is gone. The place lies in the picture. */
export async function readTile(
  media: Pick<MediaStore, 'readRange'>,
  hash: string,
  place: TilePlace,
): Promise<Buffer | null> {
  const row = tileRowOf(place)
  const head = await media.readRange(hash, row, headOfTile(place))
  const range = head && rangeOfTile(head)
  const tile = range ? await media.readRange(hash, row, range) : null
  return tile && isWholeWebp(tile) ? tile : null
}
