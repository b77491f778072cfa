// Each id stands once in a list.
import type { CampaignState } from './state.ts'

export const isUnique = (ids: readonly unknown[]): boolean => new Set(ids).size === ids.length

/** The first item of each id, in the order of the list; the same list when no id stands twice. */
export function uniqueById<T extends { readonly id: string }>(list: T[]): T[] {
  const first = new Map<string, T>()
  for (const item of list) if (!first.has(item.id)) first.set(item.id, item)
  return first.size === list.length ? list : [...first.values()]
}

/**
 * Versions up to 0.1.0 took an order that named an id twice, and stored the item as often. A state that comes from a database or a
 * document of such a version goes through here before anything else sees it.
 */
export function withUniqueIds(state: CampaignState): CampaignState {
  const { characters, environment, threats, beats, turn } = state
  const lists = {
    characters: uniqueById(characters),
    environment: uniqueById(environment),
    threats: uniqueById(threats),
    beats: uniqueById(beats),
  }
  const isHealthy =
    lists.characters === characters &&
    lists.environment === environment &&
    lists.threats === threats &&
    lists.beats === beats &&
    isUnique(turn.order)
  return isHealthy ? state : { ...state, ...lists, turn: { ...turn, order: [...new Set(turn.order)] } }
}
