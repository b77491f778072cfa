import type { ShownPortrait } from '@tablecast/contracts'
import { portraitPlace } from './crop.ts'
import { LoadedImage } from './LoadedImage.tsx'
import { faceAddress } from './picture-address.ts'
import { useCampaignId } from './use-campaign-id.ts'

/** Lies over the initials of its circle. A portrait that does not load leaves them in sight. */
export function PortraitPicture({ portrait }: { portrait: ShownPortrait }) {
  const campaignId = useCampaignId()
  const { file, place } = portraitPlace(portrait)
  return (
    <LoadedImage
      key={`${portrait.name} ${file}`}
      sources={{ src: faceAddress(campaignId, portrait, file) }}
      picture={portrait}
      alt=""
      className="absolute max-w-none"
      style={place}
    />
  )
}
