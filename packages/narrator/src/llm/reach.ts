// What a model may name and change: for a DM's draft all there is, for the table what players see and nothing else.
import { type CampaignState, playerView } from '@tablecast/contracts'

export type Reach = Pick<CampaignState, 'characters' | 'environment' | 'threats' | 'beats'> & {
  /** Ids of those whose hit points are known. */
  hasHitPoints: ReadonlySet<string>
  /** The known ones among those who act, in their order. */
  acting: CampaignState['characters']
}

/** Made from the players' view itself, so that what that comes to hide is out of reach as well. */
export function reachOf(state: CampaignState, audience: 'dm' | 'player'): Reach {
  const view = playerView(state)
  const isDm = audience === 'dm'
  const within = <T extends { id: string }>(items: readonly T[], seen: readonly { id: string }[]): T[] => {
    const ids = new Set(seen.map(({ id }) => id))
    return items.filter(({ id }) => isDm || ids.has(id))
  }
  const characters = within(state.characters, view.characters)
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
