// The parts of a state that follow from fog: only the server writes them, and no step of the journal holds them.
import { type CampaignState, type GameMap, mapShown, type MapTile, type Token } from '@tablecast/contracts'
import { type Fog, FOG_BLOCK, isRevealed, strokeOf, changed } from '@tablecast/maps/fog'
import { replacedItems, withId } from '@tablecast/rules/frozen-lists'
import type { Repositories } from '@tablecast/store'
import type { Fogs } from './fogs.ts'
import type { MapMemory } from './map-memory.ts'
import { isOwn, seenByParty, writeInSight } from './sight.ts'

export type SettleDeps = { tables: Repositories; roomId: string; memory: MapMemory }

/**
 * The state after a change, with what the shown map's fog leads to: the tiles that players see, the tokens that it hides, and with sight what the party
 * sees, which is revealed. `fogs`: those that the change has edited; the caller saves them. Null for `before` means that the campaign is
 * new. Costs next to nothing where the change concerns no map.
 */
export async function settleMaps(
  { tables, roomId, memory }: SettleDeps,
  before: CampaignState | null,
  after: CampaignState,
  fogs: Fogs,
): Promise<CampaignState> {
  if (before && !concernsMaps(before, after) && !fogs.isTouched) return after
  const shown = mapShown(after)
  if (!shown) return { ...after, ...(await mapsOf(before, after, fogs, null, null)), tiles: [] }
  const walls = shown.sight.isOn ? await memory.wallsOf(tables, roomId, shown.pictureId) : null
  const seen = walls && seenByParty(after, shown, walls, memory)
  if (seen) await reveal(shown, seen, fogs)
  const fog = await fogs.of(shown)
  const parts = await mapsOf(before, after, fogs, shown, seen)
  const tokens = sameOr(after.tokens ?? [], tokensIn(after, shown, seen ?? fog))
  const tiles = tilesInOrder(after.tiles ?? [], memory.tilesOf(await fogs.keyOf(shown), fog))
  return { ...after, ...parts, tokens, tiles }
}

function concernsMaps(before: CampaignState, after: CampaignState): boolean {
  if (before.maps !== after.maps || before.shownMap !== after.shownMap || before.tokens !== after.tokens) return true
  if (!after.shownMap || (after.tokens ?? []).length === 0) return false
  const replaced = replacedItems(before.characters, after.characters)
  return !replaced?.every(
    ([was, is]) => was.kind === is.kind && was.visible === is.visible && was.ownerId === is.ownerId,
  )
}

async function reveal(map: GameMap, seen: Fog, fogs: Fogs): Promise<void> {
  const fog = await fogs.of(map)
  const stroke = strokeOf(fog, seen, true)
  if (stroke) await fogs.edit(map, changed(fog, stroke))
}

/** `seen`: by the party, on the shown map with sight. */
async function mapsOf(
  before: CampaignState | null,
  after: CampaignState,
  fogs: Fogs,
  shown: GameMap | null,
  seen: Fog | null,
): Promise<Pick<CampaignState, 'maps'>> {
  const known = new Map(before?.maps?.map(({ id, fog }) => [id, fog]))
  const maps: GameMap[] = []
  for (const map of after.maps ?? []) {
    const fog = await fogs.inState(map, known.get(map.id) ?? null)
    const inSight = seen && map === shown ? writeInSight(seen) : null
    maps.push(fog === map.fog && inSight === map.inSight ? map : { ...map, fog, inSight })
  }
  return { maps: sameOr(after.maps ?? [], maps) }
}

/** `open`: the blocks that hide no token: with sight what the party sees, else what is revealed. */
const tokensIn = ({ tokens, characters }: CampaignState, shown: GameMap, open: Fog): Token[] =>
  (tokens ?? []).map((token) => {
    const character = token.characterId === null ? undefined : withId(characters, token.characterId)
    const [column, row] = [Math.floor(token.x / FOG_BLOCK), Math.floor(token.y / FOG_BLOCK)]
    const inFog = token.mapId !== shown.id || (!isOwn(character) && !isRevealed(open, column, row))
    return inFog === token.inFog ? token : { ...token, inFog }
  })

/** Known tiles keep their places and new ones come last, so that an update names those alone that changed. */
function tilesInOrder(before: MapTile[], tiles: ReadonlyMap<string, MapTile>): MapTile[] {
  const kept = before.flatMap((was) => {
    const is = tiles.get(was.id)
    return is ? [is.name === was.name ? was : is] : []
  })
  const known = new Set(before.map(({ id }) => id))
  const added = kept.length === tiles.size ? [] : [...tiles.values()].filter(({ id }) => !known.has(id))
  return sameOr(before, [...kept, ...added])
}

/** The same list where no item of it was replaced, so that a comparison of both is quick. */
const sameOr = <T>(list: T[], next: T[]): T[] =>
  next.length === list.length && next.every((item, at) => item === list[at]) ? list : next
