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

/** Stands in the journal in the place of every name: a step that is taken back or made again gets a new one. It opens nothing. */
export const NO_NAME: PictureName = 'A'.repeat(22)

/** The most pictures and handouts of a campaign, and the most members whom one handout is shown to. */
export const MAX_PICTURES = 400
export const MAX_HANDOUTS = 200
export const MAX_SHOWN_TO = 50

export const AltText = Line(300)
const Share = z.number().min(0).max(1)
export const Focus = z.object({ x: Share, y: Share })
export const Dimming = z.number().min(0).max(0.8)
export const Crop = z.object({ x: Share, y: Share, zoom: z.number().min(1).max(8) })
export type Crop = z.infer<typeof Crop>
export const HandoutTitle = StoredLine(120)
export const HandoutText = Prose(4_000)

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
  focus: Focus,
  dimming: Dimming,
  name: PictureName,
})
export type ScenePicture = z.infer<typeof ScenePicture>

/** A picture or a text that a DM can show. `text` is empty for a picture. `name` is null while no player sees the picture. */
export const Handout = z.object({
  id: Id,
  title: HandoutTitle,
  text: HandoutText,
  pictureId: Id.nullable(),
  alt: AltText,
  shownTo: z.enum(['nobody', 'everyone', 'members']),
  members: z.array(Id).max(MAX_SHOWN_TO),
  name: PictureName.nullable(),
})
export type Handout = z.infer<typeof Handout>

/** `crop`: the centre of the circle as shares of the picture's sides, and how much larger than the whole picture it is shown. */
export const Portrait = z.object({
  pictureId: Id,
  crop: Crop,
  name: PictureName,
})
export type Portrait = z.infer<typeof Portrait>

/** The handout that the DM holds up before those whom it is shown to. */
export const Presented = z.object({ handoutId: Id })
export type Presented = z.infer<typeof Presented>

/** The parts of a state that name pictures. All are missing in older states. */
export type StateWithPictures = {
  readonly pictures?: readonly Picture[] | null | undefined
  readonly scenePicture?: ScenePicture | null | undefined
  readonly handouts?: readonly Handout[] | null | undefined
  readonly characters: readonly Portrayed[]
}
type Portrayed = {
  readonly visible: boolean
  readonly alias?: string | null | undefined
  readonly portrait?: Portrait | null | undefined
}

/** A portrait would tell what hides behind an alias. */
export const isPortraitShown = ({ visible, alias }: Pick<Portrayed, 'visible' | 'alias'>): boolean => visible && !alias

/** `audience`: the people whose views hold this name. Names of the audience `dm` are for DMs alone. */
export type NamedPicture = { pictureId: string; audience: 'dm' | 'player' | 'member' }

/** The picture with this name in the state, or null. A name that the state holds for something hidden is unknown here. */
export function pictureNamed(state: StateWithPictures, name: string): NamedPicture | null {
  if (name === NO_NAME) return null
  const ofDms = state.pictures?.find((picture) => picture.name === name)
  if (ofDms) return { pictureId: ofDms.id, audience: 'dm' }
  if (state.scenePicture?.name === name) return { pictureId: state.scenePicture.pictureId, audience: 'player' }
  const handout = state.handouts?.find((one) => one.name === name)
  if (handout) return namedByHandout(handout)
  const character = state.characters.find((one) => isPortraitShown(one) && one.portrait?.name === name)
  return character?.portrait ? { pictureId: character.portrait.pictureId, audience: 'player' } : null
}

function namedByHandout({ pictureId, shownTo }: Handout): NamedPicture | null {
  if (pictureId === null || shownTo === 'nobody') return null
  return { pictureId, audience: shownTo === 'everyone' ? 'player' : 'member' }
}

/** The crops of the portraits that show this picture under this name. A DM's name is that of the picture in all of its places. */
export const cropsNamed = (
  { characters }: StateWithPictures,
  name: string,
  { pictureId, audience }: NamedPicture,
): Portrait['crop'][] =>
  characters.flatMap(({ portrait }) =>
    portrait?.pictureId === pictureId && (audience === 'dm' || portrait.name === name) ? [portrait.crop] : [],
  )
