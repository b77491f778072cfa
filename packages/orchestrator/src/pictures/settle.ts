// Which pictures a state names after a change, and under which names.
import { randomBytes } from 'node:crypto'
import {
  type CampaignState,
  type Character,
  findPicture,
  type Handout,
  isEqual,
  isPortraitShown,
  NO_NAME,
  type Picture,
  type PictureName,
  type Presented,
  type ScenePicture,
} from '@tablecast/contracts'
import { replacedItems, withId } from '@tablecast/rules/frozen-lists'

/** 128 random bits. */
const randomName = (): PictureName => randomBytes(16).toString('base64url')

/**
 * The state after a change, with the right names. A place keeps its name only if the state before had that name in the same place, for the
 * same picture, and everybody who saw it there still sees it. Every other place gets a new name, whatever the change brought along: so
 * nobody chooses a name, and an undo never brings one back. The list of pictures holds exactly those that are named, as far as they are known.
 * Null for `before` means that all names are new.
 */
export function settlePictures(
  before: CampaignState | null,
  after: CampaignState,
  newName: () => PictureName = randomName,
): CampaignState {
  if (before && sharesPictures(before, after)) return after
  const handouts = sameOr(after.handouts ?? [], settledHandouts(before, after, newName))
  const characters = sameOr(after.characters, settledCharacters(before, after, newName))
  const scenePicture = settledScene(before?.scenePicture ?? null, after.scenePicture ?? null, newName)
  const settled = { ...after, handouts, characters, scenePicture, presented: settledPresented(after, handouts) }
  return { ...settled, pictures: sameOr(after.pictures ?? [], settledList(before, settled, newName)) }
}

/** True when both states have the same pictures, shown to the same people: the usual case, which must cost next to nothing. */
function sharesPictures(before: CampaignState, after: CampaignState): boolean {
  if (
    before.pictures !== after.pictures ||
    before.handouts !== after.handouts ||
    before.scenePicture !== after.scenePicture ||
    !haveSamePictures(before.maps, after.maps) ||
    before.presented !== after.presented
  )
    return false
  return replacedItems(before.characters, after.characters)?.every(([was, is]) => isPortrayedAlike(was, is)) ?? false
}

/** Fog and doors change a map often. */
const haveSamePictures = (before: CampaignState['maps'], after: CampaignState['maps']): boolean =>
  before === after ||
  isEqual(
    before?.map(({ pictureId }) => pictureId),
    after?.map(({ pictureId }) => pictureId),
  )

const isPortrayedAlike = (was: Character, is: Character): boolean =>
  isEqual(was.portrait ?? null, is.portrait ?? null) && (!is.portrait || isPortraitShown(was) === isPortraitShown(is))

/** The same list where no item of it was replaced, so that a comparison of both is quick. */
const sameOr = <T>(list: T[], next: T[]): T[] =>
  next.length === list.length && next.every((item, at) => item === list[at]) ? list : next

const isKnown = (name: PictureName | null | undefined): name is PictureName => Boolean(name) && name !== NO_NAME

type NewName = () => PictureName

function settledHandouts(before: CampaignState | null, { handouts }: CampaignState, newName: NewName): Handout[] {
  const known = new Map(before?.handouts?.map((one) => [one.id, one]))
  return (handouts ?? []).map((given) => {
    const handout = withMembers(given)
    const name = nameOfHandout(known.get(handout.id), handout, newName)
    return name === handout.name ? handout : { ...handout, name }
  })
}

/** Shown to no member is shown to nobody. Only a handout for members names them. */
function withMembers(handout: Handout): Handout {
  const { shownTo, members } = handout
  if (shownTo !== 'members') return members.length === 0 ? handout : { ...handout, members: [] }
  if (members.length === 0) return { ...handout, shownTo: 'nobody' }
  const unique = [...new Set(members)]
  return unique.length === members.length ? handout : { ...handout, members: unique }
}

function nameOfHandout(was: Handout | undefined, is: Handout, newName: NewName): PictureName | null {
  if (is.pictureId === null || is.shownTo === 'nobody') return null
  const isKept = was?.pictureId === is.pictureId && isKnown(was.name) && isSeenByAllOf(was, is)
  return isKept ? was.name : newName()
}

/** Everybody who saw the handout before still sees it. */
function isSeenByAllOf(was: Handout, is: Handout): boolean {
  if (is.shownTo === 'everyone') return true
  return was.shownTo === 'members' && was.members.every((id) => is.members.includes(id))
}

function settledScene(was: ScenePicture | null, is: ScenePicture | null, newName: NewName): ScenePicture | null {
  if (!is) return null
  const name = was?.pictureId === is.pictureId && isKnown(was.name) ? was.name : newName()
  return name === is.name ? is : { ...is, name }
}

/** A hidden portrait has a name too, which nobody knows. */
function settledCharacters(before: CampaignState | null, { characters }: CampaignState, newName: NewName): Character[] {
  return characters.map((character) => {
    const { portrait } = character
    if (!portrait) return character
    const was = before ? withId(before.characters, character.id) : undefined
    const isHiddenNow = was !== undefined && isPortraitShown(was) && !isPortraitShown(character)
    const isKept = was?.portrait?.pictureId === portrait.pictureId && isKnown(was.portrait.name) && !isHiddenNow
    const name = isKept ? (was.portrait?.name ?? newName()) : newName()
    return name === portrait.name ? character : { ...character, portrait: { ...portrait, name } }
  })
}

/** Only a handout that somebody sees is held up. */
function settledPresented({ presented }: CampaignState, handouts: readonly Handout[]): Presented | null {
  const held = presented && handouts.find(({ id }) => id === presented.handoutId)
  return held && held.shownTo !== 'nobody' ? presented : null
}

/** In the order of the list; those that only the state before knows come last. */
function settledList(before: CampaignState | null, after: CampaignState, newName: NewName): Picture[] {
  const used = picturesNamed(after)
  const found = (after.pictures ?? []).filter(({ id }) => used.delete(id))
  for (const id of used) {
    const picture = findPicture(before?.pictures, id)
    if (picture) found.push(picture)
  }
  return found.map((picture) => {
    const was = findPicture(before?.pictures, picture.id)
    const name = was && isKnown(was.name) ? was.name : newName()
    return name === picture.name ? picture : { ...picture, name }
  })
}

/** The ids of the pictures that a state names. */
export function picturesNamed({ handouts, scenePicture, characters, maps }: CampaignState): Set<string> {
  const ids = new Set<string>()
  if (scenePicture) ids.add(scenePicture.pictureId)
  for (const { pictureId } of handouts ?? []) if (pictureId !== null) ids.add(pictureId)
  for (const { portrait } of characters) if (portrait) ids.add(portrait.pictureId)
  for (const { pictureId } of maps ?? []) if (pictureId !== null) ids.add(pictureId)
  return ids
}
