import type { CampaignState, Handout, Member } from '@tablecast/contracts'
import type { Where } from '../operate-pictures.ts'

export type HandoutRowProps = {
  handout: Handout
  index: number
  last: number
  where: Where
  state: CampaignState
  members: readonly Member[]
  isOpen: boolean
  /** Unfolded, it begins with its title. */
  takesFocus: boolean
  onMove: (from: number, to: number) => void
}
