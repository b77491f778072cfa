import type { MapSize, Point } from '@tablecast/maps/grid'

/** Where an element lies over the picture, whatever its size on the screen. */
export const placeStyle = ({ width, height }: MapSize, { x, y }: Point): { left: string; top: string } => ({
  left: `${(x / width) * 100}%`,
  top: `${(y / height) * 100}%`,
})
