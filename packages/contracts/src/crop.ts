// The part of a picture that stands in the circle of a portrait.
import type { Crop } from './pictures.ts'

type Sized = { width: number; height: number }
/** In pixels of the picture. */
export type Square = { x: number; y: number; side: number }

/** The square lies inside the picture: a centre near an edge moves inwards. */
export function squareOf({ width, height }: Sized, { x, y, zoom }: Crop): Square {
  const side = Math.min(width, height) / zoom
  const inside = (centre: number, length: number) => Math.min(Math.max(centre * length - side / 2, 0), length - side)
  return { x: inside(x, width), y: inside(y, height), side }
}

const STEPS = 10_000

/**
 * The file of a face in the address of its portrait: the square of the crop in at most 96 pixels, which is cut out when somebody asks for it
 * first. It names the crop, because a browser keeps what it found at an address.
 */
export function faceFile({ x, y, zoom }: Crop): string {
  const [across, down, larger] = [x, y, zoom].map((value) => Math.round(value * STEPS))
  return `face-${across}-${down}-${larger}.webp`
}
