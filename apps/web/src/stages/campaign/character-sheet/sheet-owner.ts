import type { Use } from '@tablecast/rules'
import type { CampaignState, MemberView, PlayerCharacter } from '@tablecast/contracts'
import { useLive } from '../../../live/live-store.ts'

/** The character of a sheet, as its player or a DM knows it. `maxHp`: null where a player does not see the hit points. */
export type SheetOwner = {
  id: string
  name: string
  maxHp: number | null
  hp: number | null
  armourClass: number | null
  hash: string | null
  uses: readonly Use[]
  isDm: boolean
}

const noUses: readonly Use[] = []

/** For the player of the character. */
export function useOwnSheet(character: PlayerCharacter): SheetOwner {
  const known = useLive(({ own }) => own?.view.sheets?.find((one) => one.id === character.id))
  return sheetOwnerForPlayer(character, known)
}

/** `known`: of the player's own view; undefined for a character without a sheet. */
export const sheetOwnerForPlayer = (
  { id, name, hp, armourClass }: PlayerCharacter,
  known: MemberView['sheets'][number] | undefined,
): SheetOwner => ({
  id,
  name,
  maxHp: hp?.max ?? null,
  hp: hp?.current ?? null,
  armourClass,
  hash: known?.hash ?? null,
  uses: known?.uses ?? noUses,
  isDm: false,
})

export const sheetOwnerForDm = ({
  id,
  name,
  hp,
  armourClass,
  sheet,
  uses,
}: CampaignState['characters'][number]): SheetOwner => ({
  id,
  name,
  maxHp: hp.max,
  hp: hp.current,
  armourClass,
  hash: sheet?.hash ?? null,
  uses: (uses ?? noUses).filter(({ back }) => back.kind === 'rest'),
  isDm: true,
})
