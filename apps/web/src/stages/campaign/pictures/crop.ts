// Where a portrait lies in its circle.
import { type Crop, faceFile, type Square, squareOf } from '@tablecast/contracts'

type Sized = { width: number; height: number }

export const wholeCrop: Crop = { x: 0.5, y: 0.5, zoom: 1 }

/** The same circle, with a centre that needs no move. */
export function settledCrop(size: Sized, crop: Crop): Crop {
  const { x, y, side } = squareOf(size, crop)
  return { x: (x + side / 2) / size.width, y: (y + side / 2) / size.height, zoom: crop.zoom }
}

/** The size of a picture and its place, in percent of the circle around it. */
type Place = { left: string; top: string; width: string; height: string }

/** Beyond this zoom the smallest size would look blurred. */
const MAX_SMALL_ZOOM = 2

/**
 * The file and the place of a face. The smallest size holds the middle square of the picture alone, so it serves crops that lie inside that
 * square. The server cuts out the others.
 */
export function portraitPlace({ width, height, crop }: Sized & { crop: Crop }): { file: string; place: Place } {
  const square = squareOf({ width, height }, crop)
  const middle = squareOf({ width, height }, wholeCrop)
  const isInMiddle =
    square.x >= middle.x - 0.5 &&
    square.y >= middle.y - 0.5 &&
    square.x + square.side <= middle.x + middle.side + 0.5 &&
    square.y + square.side <= middle.y + middle.side + 0.5
  if (!isInMiddle || crop.zoom > MAX_SMALL_ZOOM) return { file: faceFile(crop), place: wholeCircle }
  return { file: '96.webp', place: placeIn(square, { ...middle, width: middle.side, height: middle.side }) }
}

const wholeCircle: Place = { left: '0%', top: '0%', width: '100%', height: '100%' }

/** Of the whole picture. */
export const wholePlace = (size: Sized, crop: Crop): Place => placeIn(squareOf(size, crop), { ...size, x: 0, y: 0 })

function placeIn({ x, y, side }: Square, shown: Sized & { x: number; y: number }): Place {
  const percent = (pixels: number) => `${(pixels / side) * 100}%`
  return {
    left: percent(shown.x - x),
    top: percent(shown.y - y),
    width: percent(shown.width),
    height: percent(shown.height),
  }
}
