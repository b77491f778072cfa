// Pictures and handouts as players see them, built field by field: a view holds no id of a picture.
import { frozen, onceForFrozen } from './frozen.ts'
import type { Handout, Picture, PictureName, Presented, ScenePicture } from './pictures.ts'

/** `name`: for the address. Sizes and thumbhash are there before the picture is. */
export type ShownPicture = { name: PictureName; width: number; height: number; thumbhash: string }

export type ShownScenePicture = ShownPicture & Pick<ScenePicture, 'alt' | 'focus' | 'dimming'>

/** `picture` is null for a text, and for a picture that is gone. */
export type ShownHandout = { id: string; title: string; text: string; alt: string; picture: ShownPicture | null }

type OfState<T> = T | null | undefined

const NONE: never[] = frozen([])
const byId = onceForFrozen((pictures: readonly Picture[]) => new Map(pictures.map((one) => [one.id, one])))

/** Null for a picture that the list lacks. */
export const findPicture = (pictures: OfState<readonly Picture[]>, id: string): Picture | null =>
  byId(pictures ?? NONE).get(id) ?? null

export const shownPicture = ({ width, height, thumbhash }: Picture, name: PictureName): ShownPicture => ({
  name,
  width,
  height,
  thumbhash,
})

/** The newest view of each frozen scene picture. */
const scenes = new WeakMap<ScenePicture, { picture: Picture; view: ShownScenePicture }>()

export function shownScenePicture(
  scene: OfState<ScenePicture>,
  pictures: OfState<readonly Picture[]>,
): ShownScenePicture | null {
  const picture = scene ? findPicture(pictures, scene.pictureId) : null
  if (!scene || !picture) return null
  const last = scenes.get(scene)
  if (last?.picture === picture) return last.view
  const { name, alt, focus, dimming } = scene
  const view = { ...shownPicture(picture, name), alt, focus, dimming }
  if (Object.isFrozen(scene)) scenes.set(scene, { picture, view: frozen(view) })
  return view
}

type Handouts = readonly Handout[]

/** The newest view of each frozen list of handouts. */
const forEveryone = new WeakMap<Handouts, { pictures: OfState<readonly Picture[]>; views: ShownHandout[] }>()

/** The handouts that are shown to everyone, in the order of the tray. */
export function handoutsForEveryone(
  handouts: OfState<Handouts>,
  pictures: OfState<readonly Picture[]>,
): ShownHandout[] {
  if (!handouts || handouts.length === 0) return NONE
  const last = forEveryone.get(handouts)
  if (last && last.pictures === pictures) return last.views
  const views = shownHandouts(handouts, pictures, ({ shownTo }) => shownTo === 'everyone')
  if (Object.isFrozen(handouts)) forEveryone.set(handouts, { pictures, views: frozen(views) })
  return views
}

export const isForMember = ({ shownTo, members }: Handout, userId: string): boolean =>
  shownTo === 'members' && members.includes(userId)

export const handoutsForMember = (
  handouts: OfState<Handouts>,
  pictures: OfState<readonly Picture[]>,
  userId: string,
): ShownHandout[] => shownHandouts(handouts ?? NONE, pictures, (one) => isForMember(one, userId))

function shownHandouts(
  handouts: Handouts,
  pictures: OfState<readonly Picture[]>,
  isShown: (handout: Handout) => boolean,
): ShownHandout[] {
  const views: ShownHandout[] = []
  for (const handout of handouts) if (isShown(handout)) views.push(shownHandout(handout, pictures))
  return views
}

function shownHandout(
  { id, title, text, alt, pictureId, name }: Handout,
  pictures: OfState<readonly Picture[]>,
): ShownHandout {
  const picture = pictureId === null ? null : findPicture(pictures, pictureId)
  return { id, title, text, alt, picture: picture && name !== null ? shownPicture(picture, name) : null }
}

/** Null unless the handout is among those that the reader sees. */
export const shownPresented = (presented: OfState<Presented>, seen: readonly ShownHandout[]): Presented | null => {
  if (!presented) return null
  const { handoutId } = presented
  return seen.some(({ id }) => id === handoutId) ? { handoutId } : null
}
