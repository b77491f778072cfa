import type { ScenePicture, ShownPicture } from '@tablecast/contracts'
import type { KeyboardEvent, MouseEvent } from 'react'
import { LoadedImage } from '../LoadedImage.tsx'
import { pictureAddress } from '../picture-address.ts'
import { useCampaignId } from '../use-campaign-id.ts'

type Focus = ScenePicture['focus']
type Props = { picture: ShownPicture; focus: Focus; dimming: number; onFocus: (focus: Focus) => void }

const STEP = 0.05
const steps: Readonly<Record<string, Focus>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
}

/** The whole picture. A click or the arrows choose the point that stays in view where the picture is cut. */
export function FocusPoint({ picture, focus, dimming, onFocus }: Props) {
  const campaignId = useCampaignId()
  const clicked = ({ currentTarget, clientX, clientY, detail }: MouseEvent<HTMLButtonElement>) => {
    // A key has no place.
    if (detail === 0) return
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    onFocus({ x: within((clientX - left) / width), y: within((clientY - top) / height) })
  }
  const pressed = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    onFocus({ x: within(focus.x + step.x), y: within(focus.y + step.y) })
  }
  const percent = (share: number) => `${Math.round(share * 100)}%`
  return (
    <div>
      <p className="text-soft mb-1 text-sm">Click the point that stays in view, or move it by the arrow keys.</p>
      <button
        type="button"
        aria-label={`Point in view: ${percent(focus.x)} from the left, ${percent(focus.y)} from the top`}
        className="border-line bg-raised relative block w-full cursor-crosshair overflow-hidden rounded-lg border"
        style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
        onClick={clicked}
        onKeyDown={pressed}
      >
        <LoadedImage
          key={picture.name}
          sources={{ src: pictureAddress(campaignId, picture, 640) }}
          picture={picture}
          alt=""
          className="absolute inset-0 h-full w-full"
        />
        <span aria-hidden="true" className="absolute inset-0 bg-black" style={{ opacity: dimming }} />
        <span
          aria-hidden="true"
          className="absolute size-7 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-white bg-black/30 shadow-[0_0_0_2px_black]"
          style={{ left: percent(focus.x), top: percent(focus.y) }}
        />
      </button>
    </div>
  )
}

const within = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 1_000) / 1_000
