import { portraitPlace } from './crop.ts'
import { LoadedImage } from './LoadedImage.tsx'
import { pictureAddress } from './picture-address.ts'
import type { ShownPortrait } from '@tablecast/contracts'
import { useCampaignId } from './use-campaign-id.ts'

/** Lies over the initials of its circle. A portrait that does not load leaves them in sight. */
export function PortraitPicture({ portrait }: { portrait: ShownPortrait }) {
  const campaignId = useCampaignId()
  const { variant, place } = portraitPlace(portrait)
  return (
    <LoadedImage
      key={portrait.name}
      sources={{ src: pictureAddress(campaignId, portrait, variant) }}
      picture={portrait}
      alt=""
      className="absolute max-w-none"
      style={place}
    />
  )
}
