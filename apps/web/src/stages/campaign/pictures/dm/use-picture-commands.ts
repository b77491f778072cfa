import type { CampaignState } from '@tablecast/contracts'
import { useCommands } from '../../../../keys/commands.ts'
import type { TabName } from '../../dm/console-tabs.ts'
import type { Where } from '../operate-pictures.ts'
import { pictureCommands } from './picture-commands.ts'
import { useActOnPictures } from './use-act-on-pictures.ts'

/** The commands are there before the code of the pictures has loaded. */
export function usePictureCommands(where: Where, state: CampaignState, show: (tab: TabName) => void): void {
  const { act } = useActOnPictures(where)
  useCommands(() => pictureCommands({ state, act, show }))
}
