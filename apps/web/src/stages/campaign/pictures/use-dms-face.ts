import type { Character } from '@tablecast/contracts'
import { useLive } from '../../../live/live-store.ts'
import { type Face, faceOfDms } from './shown.ts'

/** The pictures that DMs may load; undefined on a player's page. */
export const useDmsPictures = () =>
  useLive(({ room }) => (room?.audience === 'dm' ? room.campaign?.view.pictures : undefined))

/** On a page of a DM. */
export function useDmsFace(character: Pick<Character, 'name' | 'portrait'>): Face {
  const pictures = useDmsPictures()
  return faceOfDms({ pictures }, character)
}
