// The parts of a state that an operation on maps names. Each throws NOT_FOUND with a sentence.
import { type CampaignState, type GameMap, type MapArea, TablecastError, type Token } from '@tablecast/contracts'

export function mapIn({ maps }: CampaignState, id: string): GameMap {
  const map = maps?.find((one) => one.id === id)
  if (!map) throw new TablecastError('NOT_FOUND', 'This map was removed meanwhile. Choose another.')
  return map
}

export function tokenIn({ tokens }: CampaignState, id: string): Token {
  const token = tokens?.find((one) => one.id === id)
  if (!token) throw new TablecastError('NOT_FOUND', 'This token was removed meanwhile. Choose another.')
  return token
}

export function areaIn({ areas }: CampaignState, id: string): MapArea {
  const area = areas?.find((one) => one.id === id)
  if (!area) throw new TablecastError('NOT_FOUND', 'This area was removed meanwhile. Nothing is left to do.')
  return area
}

export const withMap = (state: CampaignState, map: GameMap, fields: Partial<GameMap>): CampaignState => ({
  ...state,
  maps: (state.maps ?? []).map((one) => (one === map ? { ...one, ...fields } : one)),
})

export const withToken = (state: CampaignState, token: Token, fields: Partial<Token>): CampaignState => ({
  ...state,
  tokens: (state.tokens ?? []).map((one) => (one === token ? { ...one, ...fields } : one)),
})
