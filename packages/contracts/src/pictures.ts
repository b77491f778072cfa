// Pictures of a campaign: where its state names them, and who may load one by its address.
import { z } from 'zod'
import { Id } from './ids.ts'
import { Line, Prose, StoredLine } from './text.ts'

/**
 * A name in the address of a picture: 128 random bits, made by the server. Everyone who knows it may load the picture, so each audience
 * has a name of its own, and a picture that is hidden loses the name that players know.
 */
export const PictureName = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'must be the name of a picture')
export type PictureName = z.infer<typeof PictureName>

const AltText = Line(300)
const Share = z.number().min(0).max(1)

/** A picture that the campaign names, as DMs see it. `name` is in the DMs' address. */
export const Picture = z.object({
  id: Id,
  name: PictureName,
  width: z.int().min(1).max(20_000),
  height: z.int().min(1).max(20_000),
  thumbhash: z.base64().max(60),
})
export type Picture = z.infer<typeof Picture>

/** `focus`: the point that stays in view, as shares of width and height. `dimming`: 0 is as bright as the picture. */
export const ScenePicture = z.object({
  pictureId: Id,
  alt: AltText,
  focus: z.object({ x: Share, y: Share }),
  dimming: z.number().min(0).max(0.8),
  name: PictureName,
})
export type ScenePicture = z.infer<typeof ScenePicture>

/** A picture or a text that a DM can show. `text` is empty for a picture. `name` is null while no player sees the picture. */
export const Handout = z.object({
  id: Id,
  title: StoredLine(120),
  text: Prose(4_000),
  pictureId: Id.nullable(),
  alt: AltText,
  shownTo: z.enum(['nobody', 'everyone', 'members']),
  members: z.array(Id).max(50),
  name: PictureName.nullable(),
})
export type Handout = z.infer<typeof Handout>

/** `crop`: the centre of the circle as shares of the picture's sides, and how much larger than the whole picture it is shown. */
export const Portrait = z.object({
  pictureId: Id,
  crop: z.object({ x: Share, y: Share, zoom: z.number().min(1).max(8) }),
  name: PictureName,
})
export type Portrait = z.infer<typeof Portrait>

/** The parts of a state that name pictures. All are missing in older states. */
export type StateWithPictures = {
  readonly pictures?: readonly Picture[] | null
  readonly scenePicture?: ScenePicture | null
  readonly handouts?: readonly Handout[] | null
  readonly characters: readonly { readonly visible: boolean; readonly portrait?: Portrait | null }[]
}

/** `audience`: the people whose views hold this name. Names of the audience `dm` are for DMs alone. */
export type NamedPicture = { pictureId: string; audience: 'dm' | 'player' | 'member' }

/** The picture with this name in the state, or null. A name that the state holds for something hidden is unknown here. */
export function pictureNamed(state: StateWithPictures, name: string): NamedPicture | null {
  const ofDms = state.pictures?.find((picture) => picture.name === name)
  if (ofDms) return { pictureId: ofDms.id, audience: 'dm' }
  if (state.scenePicture?.name === name) return { pictureId: state.scenePicture.pictureId, audience: 'player' }
  const handout = state.handouts?.find((one) => one.name === name)
  if (handout) return namedByHandout(handout)
  const character = state.characters.find(({ visible, portrait }) => visible && portrait?.name === name)
  return character?.portrait ? { pictureId: character.portrait.pictureId, audience: 'player' } : null
}

function namedByHandout({ pictureId, shownTo }: Handout): NamedPicture | null {
  if (pictureId === null || shownTo === 'nobody') return null
  return { pictureId, audience: shownTo === 'everyone' ? 'player' : 'member' }
}
