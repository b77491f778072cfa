import type { CampaignState, GameMap } from '@tablecast/contracts'

export const findMap = ({ maps }: Pick<CampaignState, 'maps'>, id: string | null | undefined): GameMap | null =>
  maps?.find((map) => map.id === id) ?? null
