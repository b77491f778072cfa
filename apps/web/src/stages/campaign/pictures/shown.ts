// The pictures of the DMs' state in the shape in which players have theirs, so that one component draws both.
import {
  type CampaignState,
  type Character,
  findPicture,
  type Handout,
  initialsOf,
  type Picture,
  type PlayerCharacter,
  type ShownHandout,
  type ShownPicture,
  type ShownPortrait,
  type ShownScenePicture,
} from '@tablecast/contracts'

/** A circle beside a name. A server of an older version sends no portraits. */
export type Face = { initials: string; portrait: ShownPortrait | null | undefined }

/** Begins with the initials, because a person may say to a computer what they see. */
export const portraitLabel = ({ initials }: Face, name: string): string =>
  initials ? `${initials}: change the portrait of ${name}` : `Change the portrait of ${name}`

export const faceOfPlayers = ({ initials, portrait }: PlayerCharacter): Face => ({ initials, portrait })

type Pictures = Pick<CampaignState, 'pictures'>

/** Under the name that DMs alone have. */
const ofDms = ({ name, width, height, thumbhash }: Picture): ShownPicture => ({ name, width, height, thumbhash })

function pictureOfDms({ pictures }: Pictures, id: string): ShownPicture | null {
  const picture = findPicture(pictures, id)
  return picture && ofDms(picture)
}

export function portraitOfDms(state: Pictures, { portrait }: Pick<Character, 'portrait'>): ShownPortrait | null {
  const picture = portrait ? pictureOfDms(state, portrait.pictureId) : null
  return portrait && picture ? { ...picture, crop: portrait.crop } : null
}

export const faceOfDms = (state: Pictures, character: Pick<Character, 'name' | 'portrait'>): Face => ({
  initials: initialsOf(character.name),
  portrait: portraitOfDms(state, character),
})

export const handoutOfDms = (state: Pictures, { id, title, text, alt, pictureId }: Handout): ShownHandout => ({
  id,
  title,
  text,
  alt,
  picture: pictureId === null ? null : pictureOfDms(state, pictureId),
})

export function sceneOfDms(state: Pick<CampaignState, 'pictures' | 'scenePicture'>): ShownScenePicture | null {
  const { scenePicture } = state
  const picture = scenePicture ? pictureOfDms(state, scenePicture.pictureId) : null
  if (!scenePicture || !picture) return null
  const { alt, focus, dimming } = scenePicture
  return { ...picture, alt, focus, dimming }
}
