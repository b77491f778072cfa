// The audience of a thing of the campaign, in words for the DM.
import type { Character, Handout, MapArea, Member, NarrativeEntry, Token } from '@tablecast/contracts'

/** The names are those of the players who see it beside the DMs. */
export type SeenBy = 'everyone' | 'dms' | { names: readonly string[] }

export function seenByWords(seenBy: SeenBy): string {
  if (seenBy === 'everyone') return 'Everyone at the table, and every screen.'
  if (seenBy === 'dms' || seenBy.names.length === 0) return 'Only DMs.'
  return `${new Intl.ListFormat('en').format([...seenBy.names, 'the DMs'])}.`
}

export const whoSees = ({ visible }: { visible: boolean }): SeenBy => (visible ? 'everyone' : 'dms')

export function whoSeesHandout(
  { shownTo, members: ids }: Pick<Handout, 'shownTo' | 'members'>,
  members: readonly Member[],
): SeenBy {
  if (shownTo === 'everyone') return 'everyone'
  if (shownTo === 'nobody') return 'dms'
  return { names: ids.flatMap((id) => members.find(({ userId }) => userId === id)?.name ?? []) }
}

export function whoSeesEntry({ audience, member }: Pick<NarrativeEntry, 'audience' | 'member'>): SeenBy {
  if (audience === 'all') return 'everyone'
  return audience === 'member' && member ? { names: [member.name] } : 'dms'
}

/** Names the fields of a visible character that stay with the DMs. Null for a hidden one. */
export function keptOfCharacter({ visible, hpVisible, alias }: Character): string | null {
  if (!visible) return null
  const kept = [...(hpVisible ? [] : ['hit points', 'armour class']), ...(alias ? ['real name'] : []), 'DM notes']
  return `Only DMs see its ${new Intl.ListFormat('en').format(kept)}.`
}

/** A token is seen where its map is shown, its character is visible and no fog lies over it. */
export function whoSeesToken(
  { visible, inFog }: Pick<Token, 'visible' | 'inFog'>,
  { isMapShown, isCharacterSeen }: { isMapShown: boolean; isCharacterSeen: boolean },
): { seenBy: SeenBy; because: string | null } {
  const because = !isMapShown
    ? 'Its map is not shown to players.'
    : !isCharacterSeen
      ? 'Its character is hidden from players.'
      : visible && inFog
        ? 'It stands in fog.'
        : null
  return { seenBy: because === null && visible ? 'everyone' : 'dms', because }
}

/** Fog hides no area. */
export const whoSeesArea = (
  { visible }: Pick<MapArea, 'visible'>,
  isMapShown: boolean,
): { seenBy: SeenBy; because: string | null } => ({
  seenBy: visible && isMapShown ? 'everyone' : 'dms',
  because: isMapShown ? null : 'Its map is not shown to players.',
})
