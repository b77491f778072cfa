// The sight of the party's tokens on a map.
import type { CampaignState, Character, GameMap, Token } from '@tablecast/contracts'
import { changed, differenceOf, type Fog, hiddenFog, readChange, writeChange } from '@tablecast/maps/fog'
import type { Segment } from '@tablecast/maps/grid'
import { barriersOf, type Door, seenBy, type Surroundings, type Viewer } from '@tablecast/maps/sight'
import { withId } from '@tablecast/rules/frozen-lists'
import type { MapMemory } from './map-memory.ts'
import type { Walls } from './walls.ts'

type Tokens = Pick<CampaignState, 'tokens' | 'characters'>

/** The tokens of a map whose sight counts: those of player characters that players see. */
const partyOn = ({ tokens, characters }: Tokens, map: GameMap): Token[] =>
  (tokens ?? []).filter(
    ({ mapId, visible, characterId }) =>
      mapId === map.id && visible && characterId !== null && isOfParty(withId(characters, characterId)),
  )

const isOfParty = (character: Character | undefined): boolean => character?.kind === 'pc' && character.visible

/** Whether a character's token is shown to players in any fog: they always see where their own characters are. */
export const isOwn = (character: Character | undefined): boolean =>
  character?.kind === 'pc' || Boolean(character?.ownerId)

/** The blocks that the party sees now. */
export function seenByParty(state: Tokens, map: GameMap, walls: Walls, memory: MapMemory): Fog {
  const viewers = partyOn(state, map).map((token): Viewer => ({
    at: { x: token.x, y: token.y },
    darkvision: inPixels(map, token.darkvision),
  }))
  const { id, pictureId, width, height, grid, sight, openDoors } = map
  const inputs = JSON.stringify([id, pictureId, width, height, grid.size, grid.scale, sight, openDoors])
  const seenFrom = (viewer: Viewer) =>
    memory.seen(`${inputs} ${JSON.stringify(viewer)}`, () => seenBy([viewer], surroundingsOf(map, walls)))
  // After a move the others see the same as before, and a viewer's sight is most of the work.
  return memory.seen(`${inputs} ${JSON.stringify(viewers)}`, () => together(map, viewers.map(seenFrom)))
}

/** The blocks that at least one of these fogs reveals. */
function together({ width, height }: Pick<GameMap, 'width' | 'height'>, fogs: readonly Fog[]): Fog {
  const all = hiddenFog({ width, height })
  for (const { bits } of fogs)
    bits.forEach((byte, at) => {
      all.bits[at] = (all.bits[at] ?? 0) | byte
    })
  return all
}

function surroundingsOf(map: GameMap, { walls, lights, ...rest }: Walls): Surroundings {
  const { width, height, sight } = map
  return {
    size: { width, height },
    walls,
    doors: doorsOf(map, rest.doors),
    lights,
    isDaylight: sight.isDaylight,
    farthest: inPixels(map, sight.farthest),
  }
}

/** Walls and closed doors. */
export const barriersOn = (map: GameMap, walls: Walls): Segment[] => barriersOf(surroundingsOf(map, walls))

function doorsOf({ openDoors }: GameMap, doors: Walls['doors']): Door[] {
  const open = new Set(openDoors)
  return doors.map(({ id, a, b }) => ({ a, b, isOpen: open.has(id) }))
}

const inPixels = ({ grid }: GameMap, length: number): number => (length / grid.scale) * grid.size

/** The blocks that a map's `inSight` names. */
export function readInSight({ width, height, inSight }: GameMap): Fog {
  const none = hiddenFog({ width, height })
  return inSight === null ? none : changed(none, readChange(inSight, none))
}

/** Null where nothing is in sight. */
export function writeInSight(seen: Fog): string | null {
  const change = differenceOf(hiddenFog(seen.size), seen)
  return change && writeChange(change)
}
