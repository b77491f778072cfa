import type { Readable } from 'node:stream'
import { Id, pictureNamed, PictureName } from '@tablecast/contracts'
import { isVariant, type MediaStore, type Variant } from '@tablecast/media'
import type { Store } from '@tablecast/store'

export type PictureAddress = { campaignId: string; name: string; file: string }

/** Finds pictures by the names in the states of campaigns. The name is the right to load the picture. */
export class PictureAddresses {
  readonly #store: Pick<Store, 'read'>
  readonly #media: Pick<MediaStore, 'read'>

  constructor(store: Pick<Store, 'read'>, media: Pick<MediaStore, 'read'>) {
    this.#store = store
    this.#media = media
  }

  /** Null for a name that never was, and just so for one that is no longer: both take the same way through the same state. */
  async open({ campaignId, name, file }: PictureAddress): Promise<{ bytes: number; body: Readable } | null> {
    const variant = variantOf(file)
    const isWellFormed = PictureName.safeParse(name).success && Id.safeParse(campaignId).success
    if (variant === null || !isWellFormed) return null
    const hash = await this.#hashOf(campaignId, name)
    return hash === null ? null : this.#media.read(hash, variant)
  }

  #hashOf(campaignId: string, name: string): Promise<string | null> {
    return this.#store.read(async ({ campaigns, rooms, pictures }) => {
      const campaign = await campaigns.get(campaignId)
      if (!campaign) return null
      const room = await rooms.get(campaign.roomId)
      const found = pictureNamed(campaign.state, name)
      // Players see nothing of a campaign that is not open.
      if (!found || (found.audience !== 'dm' && room?.activeCampaignId !== campaignId)) return null
      const [picture] = await pictures.find(campaign.roomId, [found.pictureId])
      return picture?.hash ?? null
    })
  }
}

/** `640.webp` */
function variantOf(file: string): Variant | null {
  const [, name = ''] = /^(\d+)\.webp$/.exec(file) ?? []
  return isVariant(name) ? name : null
}
