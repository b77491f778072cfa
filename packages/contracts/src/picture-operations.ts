// Operations on pictures and handouts: what a DM shows, to whom, and the portraits. docs/access.md says who may do what.
import { z } from 'zod'
import type { Ack } from './ack.ts'
import { Id, IdempotencyKey } from './ids.ts'
import { AltText, Crop, Dimming, Focus, HandoutText, HandoutTitle, MAX_SHOWN_TO } from './pictures.ts'
import { isUnique } from './unique-ids.ts'

/** The whole picture in the circle. */
const wholePicture = { x: 0.5, y: 0.5, zoom: 1 }

const HandoutTexts = z.object({ title: HandoutTitle.optional(), text: HandoutText.optional(), alt: AltText.optional() })

const Members = z.array(Id).min(1).max(MAX_SHOWN_TO).refine(isUnique, 'each id may stand once')

/**
 * `show`: a handout to everyone, to these players alone, or to nobody. `present`: holds a shown handout up, and shows a hidden one to everyone
 * first; null lowers it. `moveHandout`: before that handout, or to the end. `setPortrait`: null takes the portrait away; without a crop it is the
 * whole picture. `was`: the texts that the editor saw. If one that is edited has changed since, the answer is CONFLICT with the current ones.
 */
export const PictureOperation = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('addHandout'),
    title: HandoutTitle,
    text: HandoutText.default(''),
    pictureId: Id.nullable().default(null),
    alt: AltText.default(''),
  }),
  z.object({
    type: z.literal('editHandout'),
    id: Id,
    ...HandoutTexts.shape,
    was: HandoutTexts.optional(),
  }),
  z.object({ type: z.literal('moveHandout'), id: Id, before: Id.nullable() }),
  z.object({ type: z.literal('removeHandout'), id: Id }),
  z.object({
    type: z.literal('show'),
    id: Id,
    to: z.union([z.enum(['everyone', 'nobody']), z.object({ members: Members })]),
  }),
  z.object({ type: z.literal('present'), id: Id.nullable() }),
  z.object({
    type: z.literal('setScenePicture'),
    picture: z
      .object({
        pictureId: Id,
        alt: AltText.default(''),
        focus: Focus.default({ x: 0.5, y: 0.5 }),
        dimming: Dimming.default(0),
      })
      .nullable(),
  }),
  z.object({
    type: z.literal('editScenePicture'),
    alt: AltText.optional(),
    was: z.object({ alt: AltText.optional() }).optional(),
    focus: Focus.optional(),
    dimming: Dimming.optional(),
  }),
  z.object({
    type: z.literal('setPortrait'),
    characterId: Id,
    pictureId: Id.nullable(),
    crop: Crop.default(wholePicture),
  }),
  z.object({ type: z.literal('cropPortrait'), characterId: Id, crop: Crop }),
])
export type PictureOperation = z.infer<typeof PictureOperation>
export type PictureOperationType = PictureOperation['type']

/** `own`: a player may, for a character of their own, with a picture that they uploaded. `dm`: DMs alone. Spectators may nothing. */
export const pictureRights: Readonly<Record<PictureOperationType, 'own' | 'dm'>> = {
  addHandout: 'dm',
  editHandout: 'dm',
  moveHandout: 'dm',
  removeHandout: 'dm',
  show: 'dm',
  present: 'dm',
  setScenePicture: 'dm',
  editScenePicture: 'dm',
  setPortrait: 'own',
  cropPortrait: 'own',
}

export const OperatePicturesInput = z.object({
  roomId: Id,
  campaignId: Id,
  key: IdempotencyKey,
  operation: PictureOperation,
})

/** `handoutId`: the handout that `addHandout` made; null for other operations. */
export type OperatePicturesAnswer = Ack & { handoutId: string | null }
