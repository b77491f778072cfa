import { ImageOff } from 'lucide-react'
import { LoadedImage } from './LoadedImage.tsx'
import { pictureAddress } from './picture-address.ts'
import type { ShownHandout } from '@tablecast/contracts'
import { useCampaignId } from './use-campaign-id.ts'

type Props = { handout: Pick<ShownHandout, 'title' | 'alt' | 'picture'>; fit: 'cover' | 'contain' }

/** The picture of a handout in a box, in its middle size. */
export function HandoutPicture({ handout: { title, alt, picture }, fit }: Props) {
  const campaignId = useCampaignId()
  if (!picture) return null
  return (
    <LoadedImage
      key={picture.name}
      sources={{ src: pictureAddress(campaignId, picture, 640) }}
      picture={picture}
      alt={alt || title}
      className={`absolute inset-0 h-full w-full ${fit === 'cover' ? 'object-cover' : 'object-contain'}`}
      // The button's name says what it is, and the viewer says why it is not there.
      instead={<ImageOff size={20} aria-hidden="true" className="text-soft absolute inset-0 m-auto" />}
    />
  )
}
