// The changes that a player may make to their own character.
import {
  isEqual,
  type OwnCharacterFields,
  setHitPoints,
  type StatePatch,
  type CampaignState,
  TablecastError,
} from '@tablecast/contracts'

/**
 * The patch for what a player asks. Hit points are theirs only while players see them. Throws FORBIDDEN when the character is
 * not theirs, or not to be seen; CONFLICT with the fields as they are when they are not what the player saw.
 */
export function changeOwn(
  { characters }: CampaignState,
  userId: string,
  { characterId, was, is }: { characterId: string; was: OwnCharacterFields; is: OwnCharacterFields },
): StatePatch {
  const character = characters.find(({ id }) => id === characterId)
  // A hidden one is answered as one that is somebody else's, or nobody's.
  if (!character?.visible || character.ownerId !== userId)
    throw new TablecastError('FORBIDDEN', 'This character is not yours. Ask the DM to give it to you.')
  if (is.hp && !character.hpVisible)
    throw new TablecastError('FORBIDDEN', 'The DM keeps the hit points of this character. Ask the DM to change them.')
  const { hp, conditions, initiative } = character
  const now = { hp: { current: hp.current, temp: hp.temp }, conditions, initiative }
  const touched = (['hp', 'conditions', 'initiative'] as const).filter((field) => is[field] !== undefined)
  if (touched.some((field) => !isEqual(was[field], now[field])))
    throw new TablecastError(
      'CONFLICT',
      'The character has changed meanwhile: look again.',
      Object.fromEntries(touched.map((field) => [field, now[field]])),
    )
  const next = {
    ...(is.hp ? { hp: setHitPoints(hp, is.hp) } : {}),
    ...(is.conditions ? { conditions: is.conditions } : {}),
    ...(is.initiative === undefined ? {} : { initiative: is.initiative }),
  }
  return { characters: { upsert: [{ id: character.id, ...next }] } }
}
