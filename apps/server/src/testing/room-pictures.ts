// Pictures in a room's table, as if somebody had uploaded them. Operations read these rows only, and no content.
import type { Store } from '@tablecast/store'

/** `width` in pixels. `tileLevels`: of a picture for maps. */
export async function putPicture(
  store: Store,
  roomId: string,
  id: string,
  uploadedBy: string,
  width = 640,
  tileLevels: number | null = null,
): Promise<void> {
  await store.write(({ pictures }) =>
    pictures.insert(roomId, {
      id,
      hash: id.padEnd(64, '0'),
      width,
      height: 480,
      thumbhash: 'AAAA',
      bytes: 9,
      uploadedBy,
      createdAt: new Date().toISOString(),
      unusedSince: null,
      tileLevels,
    }),
  )
}
