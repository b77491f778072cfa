// Which map a DM has before them, which need not be the one that players see.
import type { CampaignState } from '@tablecast/contracts'
import { create } from 'zustand'

type MapDesk = {
  /** The map that the DM opened; undefined follows the one that is shown; null shows the story alone. */
  openId: string | null | undefined
}

export const useMapDesk = create<MapDesk>(() => ({ openId: undefined }))

export const openMap = (id: string | null | undefined): void => useMapDesk.setState({ openId: id })

/** The id of the map in the middle of the console; null without one. */
export function openMapId({ maps, shownMap }: CampaignState, openId: string | null | undefined): string | null {
  if (openId === null) return null
  const id = openId ?? shownMap?.mapId
  return maps?.some((map) => map.id === id) ? (id ?? null) : null
}
