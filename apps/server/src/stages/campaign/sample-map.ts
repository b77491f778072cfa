// The map of the sample campaign: prepared, half revealed, and not shown. `scripts/sample-pictures.ts` drew and cut it.
import { readFile } from 'node:fs/promises'
import {
  type CampaignState,
  type Character,
  type ExportedFog,
  type GameMap,
  NO_NAME,
  type Picture,
  type Token,
} from '@tablecast/contracts'
import { blocksOf, differenceOf, hiddenFog, writeChange } from '@tablecast/maps/fog'
import { readWalls } from '@tablecast/maps/import'
import { filesOf, isVariant } from '@tablecast/media'
import { z } from 'zod'
import { keepSamplePicture, type SampleDeps, type SampleRoom } from './sample-pictures.ts'

const folder = new URL('sample-pictures/chapel-map/', import.meta.url)
const MapFile = z.object({ width: z.int(), height: z.int(), thumbhash: z.base64(), tileLevels: z.int() })

const MAP = 'sample-chapel'
const PICTURE = 'sample-chapel-map'

/** Stores the map for a room, and resolves with the state and the fog of it. May be called again after an interruption. */
export async function withSampleMap(
  deps: SampleDeps,
  { state, ...room }: SampleRoom,
): Promise<{ state: CampaignState; fogs: ExportedFog[] }> {
  const { tileLevels, ...size } = MapFile.parse(JSON.parse(await read('map.json')))
  const wallsText = (await read('walls.txt')).trim()
  const files = await Promise.all(
    filesOf({ ...size, tileLevels }).map(async (variant) => ({
      variant,
      content: await readFile(new URL(`${variant}.${isVariant(variant) ? 'webp' : 'tiles'}`, folder)),
    })),
  )
  await keepSamplePicture(deps, room, { id: PICTURE, ...size, tileLevels, files, wallsText })
  const picture: Picture = { id: PICTURE, name: NO_NAME, ...size }
  const { grid } = readWalls(wallsText)
  return {
    state: {
      ...state,
      pictures: [...(state.pictures ?? []), picture],
      maps: [mapOf(picture, grid)],
      tokens: tokensOn(grid, state.characters),
    },
    fogs: [{ mapId: MAP, revealed: revealedOf(size, grid) }],
  }
}

const read = (name: string): Promise<string> => readFile(new URL(name, folder), 'utf8')

const mapOf = ({ id, width, height }: Picture, grid: GameMap['grid']): GameMap => ({
  id: MAP,
  title: 'The chapel of Saint Orla',
  pictureId: id,
  name: NO_NAME,
  width,
  height,
  grid,
  sight: { isOn: false, isDaylight: false, farthest: 120 },
  isLocked: false,
  fog: { version: 0, change: null },
  openDoors: [],
  inSight: null,
})

type Standing = {
  characterId: string | null
  name?: string
  column: number
  row: number
  size?: number
  isHidden?: boolean
  darkvision?: number
}

/** The doors slammed shut behind the heroes. */
const standing: readonly Standing[] = [
  { characterId: 'sable', column: 6, row: 9, darkvision: 60 },
  { characterId: 'mira', column: 5, row: 9 },
  { characterId: 'corvin', column: 6, row: 10 },
  { characterId: 'tobin', column: 5, row: 10 },
  // Under the altar slab.
  { characterId: 'hag', column: 19, row: 9, isHidden: true, darkvision: 60 },
  // Small, so that the light of the drawn one is seen around it.
  { characterId: null, name: 'The font', column: 9, row: 8, size: 0.5 },
]

const tokensOn = ({ size: cell }: GameMap['grid'], characters: readonly Character[]): Token[] =>
  standing.map(({ characterId, name = '', column, row, size = 1, isHidden = false, darkvision = 0 }) => ({
    id: `sample-${characterId ?? 'font'}`,
    mapId: MAP,
    characterId,
    name: characters.find(({ id }) => id === characterId)?.name ?? name,
    x: (column + 0.5) * cell,
    y: (row + 0.5) * cell,
    size,
    visible: !isHidden,
    isLocked: false,
    darkvision,
    inFog: true,
  }))

/** The causeway, and of the nave what torches and font light: about half. In cells. */
const revealed: readonly (readonly [x: number, y: number])[] = [
  [0, 7.4],
  [4.4, 7.4],
  [4.4, 5.4],
  [11.4, 5.4],
  [12.4, 7.4],
  [12.8, 9.8],
  [12.4, 12.2],
  [11.4, 14.6],
  [4.4, 14.6],
  [4.4, 13.6],
  [0, 13.6],
]

function revealedOf(map: { width: number; height: number }, { size }: GameMap['grid']): string {
  const points = revealed.map(([x, y]) => ({ x: x * size, y: y * size }))
  const change = differenceOf(hiddenFog(map), blocksOf({ kind: 'polygon', points }, map))
  return change ? writeChange(change) : ''
}
