// The parts of a state that name maps, after a change: nothing refers to what is gone, and nobody chooses a name.
import { randomBytes } from 'node:crypto'
import { type CampaignState, type GameMap, NO_NAME } from '@tablecast/contracts'
import { replacedItems } from '@tablecast/rules/frozen-lists'

/**
 * The tokens of a removed character or map go with it, and its areas; a removed map is not shown any more. A map keeps its name only if the state before
 * had it. Null for `before` means that all names are new. Costs next to nothing where no map, token or character came or went.
 */
export function settleMapParts(before: CampaignState | null, after: CampaignState): CampaignState {
  if (before && sharesMaps(before, after)) return after
  const maps = sameOr(after.maps, namedMaps(before, after.maps ?? []))
  const known = new Set((maps ?? []).map(({ id }) => id))
  const characters = new Set(after.characters.map(({ id }) => id))
  const tokens = kept(after.tokens, ({ mapId, characterId }) => {
    return known.has(mapId) && (characterId === null || characters.has(characterId))
  })
  const areas = kept(after.areas, ({ mapId }) => known.has(mapId))
  const shownMap = after.shownMap && known.has(after.shownMap.mapId) ? after.shownMap : null
  return { ...after, maps, tokens, areas, shownMap }
}

const sharesMaps = (before: CampaignState, after: CampaignState): boolean =>
  before.maps === after.maps &&
  before.tokens === after.tokens &&
  before.areas === after.areas &&
  before.shownMap === after.shownMap &&
  ((after.tokens ?? []).length === 0 || replacedItems(before.characters, after.characters) !== null)

/** The same list where nothing goes. */
function kept<T>(list: T[] | null | undefined, stays: (item: T) => boolean): T[] {
  if (!list) return []
  return list.every(stays) ? list : list.filter(stays)
}

const sameOr = (list: GameMap[] | null | undefined, next: GameMap[]): GameMap[] =>
  list?.length === next.length && next.every((item, at) => item === list[at]) ? list : next

function namedMaps(before: CampaignState | null, maps: readonly GameMap[]): GameMap[] {
  const known = new Map(before?.maps?.map(({ id, name }) => [id, name]))
  return maps.map((map) => {
    const was = known.get(map.id)
    const name = was === undefined || was === NO_NAME ? randomName() : was
    return name === map.name ? map : { ...map, name }
  })
}

/** 128 random bits. */
const randomName = (): string => randomBytes(16).toString('base64url')
