/** The bounds of a map's picture, in pixels. */
export const MIN_MAP_SIDE = 64
export const MAX_MAP_SIDE = 20_000
