import type { MapWalls } from '@tablecast/maps/import'

/** Of a map without a picture, and of a picture whose file brought none. */
export const noWalls: Omit<MapWalls, 'grid'> & { grid: MapWalls['grid'] | null } = {
  grid: null,
  isDaylight: true,
  walls: [],
  doors: [],
  lights: [],
}

export type Walls = typeof noWalls
