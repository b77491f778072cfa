// The rules for tiles: each one shows the fog of the moment at which its name was given, and no other. Pure.
import type { CampaignEvent, MapTile } from '@tablecast/contracts'
import type { Fog } from '@tablecast/maps/fog'
import { boundsOfTile, maskPixels, TileMasks, type TilePlace } from '@tablecast/maps/tiles'
import type { LogStream } from '../oracle.ts'
import type { DrawnStroke } from './map-dm.ts'

/** How long the server serves a tile that grew since. */
const GRACE_MS = 10_000

function placeOf(id: string): TilePlace {
  const [level = -1, column = -1, row = -1] = id.split('-').map(Number)
  return { level, column, row }
}

/**
 * The number of strokes that a player knows of by an event: each stroke is one event of the players' stream that changes tiles. `after`: the
 * event with which the map was shown.
 */
export function strokesBy({ events }: LogStream, after: number): (seq: number) => number {
  const seqs = events.flatMap(({ seq, text }) => {
    const event = JSON.parse(text) as CampaignEvent
    return seq > after && event.type === 'campaign_updated' && event.patch?.tiles ? [seq] : []
  })
  return (seq) => seqs.filter((one) => one <= seq).length
}

/** The pixels of a tile as players see them under this fog. `whole`: three bytes a pixel. */
export function expectedPixels(whole: Uint8Array, id: string, fog: Fog): Uint8Array {
  const place = placeOf(id)
  const [size, mask] = [boundsOfTile(fog.size, place), new TileMasks(fog).maskOf(place)]
  if (!size || !mask) throw new Error(`the map has no tile ${id}`)
  const pixels = Uint8Array.from(whole)
  maskPixels(pixels, size, mask)
  return pixels
}

/** Whether a tile that was named after `step` strokes may be gone by then: a pixel of it was hidden since, or it was replaced long ago. */
export function mayBeGone(strokes: readonly DrawnStroke[], step: number, { id }: Pick<MapTile, 'id'>, at: number) {
  const bitsOf = ({ fog }: DrawnStroke) => new TileMasks(fog).maskOf(placeOf(id))?.bits ?? new Uint8Array()
  const named = strokes[step]
  if (!named) return false
  const then = bitsOf(named)
  const later = strokes.slice(step + 1).filter(({ sentAt }) => sentAt <= at)
  return later.some((stroke) => {
    const bits = bitsOf(stroke)
    const isHidden = then.some((byte, index) => (byte & ~(bits[index] ?? 0)) !== 0)
    const isOther = then.some((byte, index) => byte !== bits[index])
    return isHidden || (isOther && at - stroke.sentAt >= GRACE_MS)
  })
}
