// Decides what a television shows. Pure.
import type { NarrativeEntry, PlayerCharacter, PlayerView, ScreenShow, ShownHandout } from '@tablecast/contracts'
import { DM_TURN } from '@tablecast/contracts'

export type ShownOnTv =
  | { kind: 'handout'; handout: ShownHandout }
  | { kind: 'map' }
  | { kind: 'scene' }
  | { kind: 'story' }

/** A map that is not there is replaced by the scene. */
export function shownOnTv(view: PlayerView, show: ScreenShow): ShownOnTv {
  const held = view.handouts.find(({ id }) => id === view.presented?.handoutId)
  if (show === 'auto' && held) return { kind: 'handout', handout: held }
  if (show === 'story') return { kind: 'story' }
  return view.map && show !== 'scene' ? { kind: 'map' } : { kind: 'scene' }
}

/** A place in the order of turns. `character`: null during the turn of one that players do not see. */
export type Turn = { id: string; character: PlayerCharacter | null; isNow: boolean }

/** The turns from the acting fighter on, once around. Fighters who are out of the fight are left out. */
export function turnsFromNow({ turn, characters }: PlayerView): Turn[] {
  const { order, current } = turn
  const start = current === null ? 0 : Math.max(0, order.indexOf(current))
  const known = new Map(characters.map((one) => [one.id, one]))
  const turns = [...order.slice(start), ...order.slice(0, start)].flatMap((id): Turn[] => {
    const character = known.get(id)
    const isNow = id === current
    return character && (isNow || !isOut(character)) ? [{ id, character, isNow }] : []
  })
  return current === DM_TURN ? [{ id: DM_TURN, character: null, isNow: true }, ...turns] : turns
}

const isOut = ({ downed }: PlayerCharacter): boolean => downed?.state === 'defeated' || downed?.state === 'dead'

/** The newest entries that tell the story, the newest last. */
export const storyOf = (entries: readonly NarrativeEntry[], most: number): NarrativeEntry[] =>
  entries
    .filter(({ kind, withdrawn, text, rolls }) => !withdrawn && kind !== 'system' && (text !== '' || rolls.length > 0))
    .slice(-most)

/** The newest roll that was not taken back, with its entry. */
export function lastRoll(entries: readonly NarrativeEntry[]) {
  const entry = entries.findLast(({ withdrawn, rolls }) => !withdrawn && rolls.length > 0)
  const roll = entry?.rolls.at(-1)
  return entry && roll ? { entry, roll } : null
}
