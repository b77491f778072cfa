import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { savesData } from './data-saver.ts'
import { LoadedImage } from './LoadedImage.tsx'
import { pictureSources } from './picture-address.ts'
import { placeholderOf } from './placeholder.ts'
import type { ShownScenePicture } from '@tablecast/contracts'
import { useCampaignId } from './use-campaign-id.ts'

const fills = 'absolute inset-0 h-full w-full object-cover'

/** The picture of the scene, dimmed. A person who saves data sees its blur, and loads it by a button. */
export function ScenePicture({ scene }: { scene: ShownScenePicture }) {
  const campaignId = useCampaignId()
  const [isWanted, setIsWanted] = useState(() => !savesData())
  const { focus, dimming, alt } = scene
  const blur = placeholderOf(scene.thumbhash)
  return (
    <>
      {isWanted ? (
        <LoadedImage
          key={scene.name}
          sources={pictureSources(campaignId, scene, savesData())}
          picture={scene}
          alt={alt || 'The scene'}
          sizes="(min-width: 64rem) calc(100vw - 36rem), (min-width: 48rem) calc(100vw - 18rem), 100vw"
          className={fills}
          style={{ objectPosition: `${focus.x * 100}% ${focus.y * 100}%` }}
        />
      ) : (
        blur && <img src={blur} alt="" className={fills} />
      )}
      <span aria-hidden="true" className="absolute inset-0 bg-black" style={{ opacity: dimming }} />
      {!isWanted && (
        <Button
          className="scene-ask absolute right-2 bottom-2 z-1 text-sm md:!min-h-9"
          onClick={() => setIsWanted(true)}
        >
          Load the picture
        </Button>
      )}
    </>
  )
}
