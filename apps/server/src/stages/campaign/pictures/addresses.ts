import { Readable, type Writable } from 'node:stream'
import { type Crop, cropsNamed, faceFile, Id, pictureNamed, PictureName } from '@tablecast/contracts'
import { isVariant, type RecentContent, type Variant } from '@tablecast/media'
import type { PictureRow, Store } from '@tablecast/store'
import type { Faces } from './faces.ts'

export type PictureAddress = { campaignId: string; name: string; file: string }
export type PictureAddressesDeps = {
  store: Pick<Store, 'read'>
  media: Pick<RecentContent, 'read'>
  faces: Pick<Faces, 'face'>
}

type Found = { bytes: number; body: Readable }

/** Finds pictures by the names in the states of campaigns. The name is the right to load the picture. */
export class PictureAddresses {
  readonly #deps: PictureAddressesDeps

  constructor(deps: PictureAddressesDeps) {
    this.#deps = deps
  }

  /**
   * Null for a name that never was, and just so for one that is no longer: both take the same way through the same state. `to`: the response
   * into which the body is written.
   */
  async open({ campaignId, name, file }: PictureAddress, to: Writable): Promise<Found | null> {
    const isWellFormed = PictureName.safeParse(name).success && Id.safeParse(campaignId).success
    const variant = variantOf(file)
    if (!isWellFormed || (variant === null && !isFaceFile(file))) return null
    const named = await this.#named(campaignId, name)
    if (!named) return null
    if (variant !== null) return this.#deps.media.read(named.picture.hash, variant, to)
    // Only the faces of the state are cut: nobody makes the server cut others.
    const crop = named.crops.find((one) => faceFile(one) === file)
    const face = crop ? await this.#deps.faces.face(named.picture, crop) : null
    return face && { bytes: face.length, body: Readable.from([face]) }
  }

  #named(campaignId: string, name: string): Promise<{ picture: PictureRow; crops: readonly Crop[] } | null> {
    return this.#deps.store.read(async ({ campaigns, rooms, pictures }) => {
      const campaign = await campaigns.get(campaignId)
      if (!campaign) return null
      const room = await rooms.get(campaign.roomId)
      const found = pictureNamed(campaign.state, name)
      // Players see nothing of a campaign that is not open.
      if (!found || (found.audience !== 'dm' && room?.activeCampaignId !== campaignId)) return null
      const [picture] = await pictures.find(campaign.roomId, [found.pictureId])
      return picture ? { picture, crops: cropsNamed(campaign.state, name, found) } : null
    })
  }
}

const isFaceFile = (file: string): boolean => /^face-\d{1,5}-\d{1,5}-\d{1,5}\.webp$/.test(file)

/** `640.webp` */
function variantOf(file: string): Variant | null {
  const [, name = ''] = /^(\d+)\.webp$/.exec(file) ?? []
  return isVariant(name) ? name : null
}
