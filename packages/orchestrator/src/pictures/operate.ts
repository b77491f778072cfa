// An operation on pictures as one step of the journal.
import {
  type CampaignState,
  type Character,
  type Handout,
  NO_NAME,
  type OperatePicturesAnswer,
  type Picture,
  type PictureOperation,
  TablecastError,
} from '@tablecast/contracts'
import type { DraftEntry } from '@tablecast/narrator'
import { withId } from '@tablecast/rules/frozen-lists'
import type { CampaignRow } from '@tablecast/store'
import type { Work } from '../campaign-changes.ts'
import { changeTo } from '../change.ts'
import { storeChange } from '../journal-step.ts'
import { usedPicture } from './known-pictures.ts'
import { mustFit } from './limits.ts'
import { assertMayOperate } from './right.ts'
import { picturesNamed } from './settle.ts'
import { assertSeen } from './texts.ts'

/** The state to come, and what the story says of it. `handoutId`: of a new handout. */
type Next = { state: CampaignState; entries?: DraftEntry[]; handoutId?: string }

/**
 * Call it in the transaction of the change. Throws NOT_THE_DM, FORBIDDEN, NOT_FOUND for a handout, picture, member or character that is
 * not there, CONFLICT for texts that have changed since the editor saw them, and VALIDATION_FAILED where the campaign would hold too many.
 */
export async function operate(
  work: Work,
  campaign: CampaignRow,
  operation: PictureOperation,
): Promise<OperatePicturesAnswer> {
  assertMayOperate(campaign.state, work.actor, operation)
  const { state, entries = [], handoutId = null } = await next(work, campaign.state, operation)
  mustFit(state, picturesNamed(state).size)
  const ack = await storeChange(work, campaign, { change: changeTo(campaign.state, state), entries })
  return { ...ack, handoutId }
}

async function next(work: Work, state: CampaignState, operation: PictureOperation): Promise<Next> {
  switch (operation.type) {
    case 'addHandout': {
      const { title, text, alt, pictureId } = operation
      const picture = pictureId === null ? null : await usedPicture(work, pictureId)
      const handout: Handout = {
        id: work.newId(),
        title,
        text,
        pictureId,
        alt,
        shownTo: 'nobody',
        members: [],
        name: null,
      }
      const handouts = [...(state.handouts ?? []), handout]
      return { state: withPicture({ ...state, handouts }, picture), handoutId: handout.id }
    }
    case 'editHandout': {
      const { id, was, title, text, alt } = operation
      const known = handoutOf(state, id)
      assertSeen(known, { title, text, alt }, was)
      return {
        state: withHandout(state, known, {
          title: title ?? known.title,
          text: text ?? known.text,
          alt: alt ?? known.alt,
        }),
      }
    }
    case 'moveHandout': {
      const handout = handoutOf(state, operation.id)
      if (operation.before === handout.id) return { state }
      const others = (state.handouts ?? []).filter(({ id }) => id !== handout.id)
      if (operation.before === null) return { state: { ...state, handouts: [...others, handout] } }
      const at = others.indexOf(handoutOf(state, operation.before))
      return { state: { ...state, handouts: [...others.slice(0, at), handout, ...others.slice(at)] } }
    }
    case 'removeHandout': {
      const { id } = handoutOf(state, operation.id)
      return { state: { ...state, handouts: (state.handouts ?? []).filter((one) => one.id !== id) } }
    }
    case 'show':
      return show(work, state, handoutOf(state, operation.id), operation.to)
    case 'present': {
      if (operation.id === null) return { state: { ...state, presented: null } }
      const handout = handoutOf(state, operation.id)
      const shown = handout.shownTo === 'nobody' ? await show(work, state, handout, 'everyone') : { state }
      return { ...shown, state: { ...shown.state, presented: { handoutId: handout.id } } }
    }
    case 'setScenePicture': {
      if (operation.picture === null) return { state: { ...state, scenePicture: null } }
      const picture = await usedPicture(work, operation.picture.pictureId)
      return { state: withPicture({ ...state, scenePicture: { ...operation.picture, name: NO_NAME } }, picture) }
    }
    case 'editScenePicture': {
      const { scenePicture } = state
      if (!scenePicture) throw new TablecastError('NOT_FOUND', 'The scene has no picture any more. Choose one for it.')
      const { alt = scenePicture.alt, focus = scenePicture.focus, dimming = scenePicture.dimming } = operation
      assertSeen(scenePicture, { alt: operation.alt }, operation.was)
      return { state: { ...state, scenePicture: { ...scenePicture, alt, focus, dimming } } }
    }
    case 'setPortrait': {
      const { pictureId, crop } = operation
      const character = characterOf(state, operation.characterId)
      if (pictureId === null) return { state: withPortrait(state, character, null) }
      const picture = await usedPicture(work, pictureId)
      return { state: withPicture(withPortrait(state, character, { pictureId, crop, name: NO_NAME }), picture) }
    }
    case 'cropPortrait': {
      const character = characterOf(state, operation.characterId)
      const { portrait } = character
      if (!portrait)
        throw new TablecastError('NOT_FOUND', 'This character has no portrait any more. Choose a picture for it.')
      return { state: withPortrait(state, character, { ...portrait, crop: operation.crop }) }
    }
    default:
      return operation satisfies never
  }
}

/** The story says that a handout is shown to everyone, and nothing of one for some. */
async function show(
  { tables, room }: Work,
  state: CampaignState,
  handout: Handout,
  to: 'everyone' | 'nobody' | { members: string[] },
): Promise<Next> {
  if (typeof to === 'string') {
    const isNews = to === 'everyone' && handout.shownTo !== 'everyone'
    return {
      state: withHandout(state, handout, { shownTo: to, members: [] }),
      entries: isNews ? [entryOf(handout)] : [],
    }
  }
  for (const id of to.members) {
    const member = await tables.rooms.member(room.id, id)
    if (member?.role !== 'player')
      throw new TablecastError('NOT_FOUND', 'One of these people is no player of this table any more. Choose others.')
  }
  return { state: withHandout(state, handout, { shownTo: 'members', members: to.members }) }
}

/** It holds no address: a page looks the handout up in its view, and finds it there while it is shown. */
const entryOf = ({ id, title }: Handout): DraftEntry => ({
  kind: 'system',
  text: `The DM shows: ${title}`,
  rolls: [],
  audience: 'all',
  picture: { handoutId: id },
})

function handoutOf({ handouts }: CampaignState, id: string): Handout {
  const handout = handouts?.find((one) => one.id === id)
  if (!handout) throw new TablecastError('NOT_FOUND', 'This handout was removed meanwhile. Choose another.')
  return handout
}

function characterOf({ characters }: CampaignState, id: string): Character {
  const character = withId(characters, id)
  if (!character) throw new TablecastError('NOT_FOUND', 'This character was removed meanwhile. Choose another.')
  return character
}

const withHandout = (state: CampaignState, known: Handout, fields: Partial<Handout>): CampaignState => ({
  ...state,
  handouts: (state.handouts ?? []).map((one) => (one === known ? { ...one, ...fields } : one)),
})

const withPortrait = (state: CampaignState, known: Character, portrait: Character['portrait']): CampaignState => ({
  ...state,
  characters: state.characters.map((one) => (one === known ? { ...one, portrait } : one)),
})

/** With the picture in the list, where it gets its name. */
const withPicture = (state: CampaignState, picture: Omit<Picture, 'name'> | null): CampaignState =>
  !picture || state.pictures?.some(({ id }) => id === picture.id)
    ? state
    : { ...state, pictures: [...(state.pictures ?? []), { ...picture, name: NO_NAME }] }
