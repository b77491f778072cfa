// The things that a model may name and change: all of them in a DM's draft; in `auto` mode those that players see.
import { type CampaignState, playerView } from '@tablecast/contracts'

export type Reach = Pick<CampaignState, 'characters' | 'environment' | 'threats' | 'beats'> & {
  /** Ids of the characters whose hit points may change. */
  hasHitPoints: ReadonlySet<string>
  /** The reachable characters in the turn order. */
  acting: CampaignState['characters']
}

/** Derived from `playerView`, so that this follows when the view hides more. */
export function reachOf(state: CampaignState, audience: 'dm' | 'player'): Reach {
  const view = playerView(state)
  const isDm = audience === 'dm'
  const within = <T extends { id: string }>(items: readonly T[], seen: readonly { id: string }[]): T[] => {
    const ids = new Set(seen.map(({ id }) => id))
    return items.filter(({ id }) => isDm || ids.has(id))
  }
  const names = new Map(view.characters.map(({ id, name }) => [id, name]))
  // Under the names that players know: the real name behind an alias stays with the DM.
  const characters = within(state.characters, view.characters).map((one) =>
    isDm ? one : { ...one, name: names.get(one.id) ?? one.name },
  )
  const known = isDm ? state.characters : view.characters.filter(({ hp }) => hp !== null)
  const order = isDm ? state.turn.order : view.turn.order
  return {
    characters,
    environment: within(state.environment, view.environment),
    threats: within(state.threats, view.threats),
    beats: within(state.beats, view.beats),
    hasHitPoints: new Set(known.map(({ id }) => id)),
    acting: characters.filter(({ id }) => order.includes(id)),
  }
}
