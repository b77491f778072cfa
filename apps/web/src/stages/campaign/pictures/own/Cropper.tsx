import { type Crop, type ShownPicture, squareOf } from '@tablecast/contracts'
import { type PointerEvent, useId, useRef } from 'react'
import { settledCrop, wholePlace } from '../crop.ts'
import { LoadedImage } from '../LoadedImage.tsx'
import { pictureAddress } from '../picture-address.ts'
import { useCampaignId } from '../use-campaign-id.ts'

type Props = { picture: ShownPicture; crop: Crop; onCrop: (crop: Crop) => void }

const sliders = [
  ['zoom', 'Zoom', 1, 8],
  ['x', 'Left and right', 0, 1],
  ['y', 'Up and down', 0, 1],
] as const

/** A picture in a circle. A person drags it there, or moves it by the sliders. */
export function Cropper({ picture, crop, onCrop }: Props) {
  const campaignId = useCampaignId()
  const id = useId()
  const start = useRef<{ at: { x: number; y: number }; crop: Crop }>(null)
  const change = (next: Partial<Crop>) => onCrop(settledCrop(picture, { ...crop, ...next }))
  const pressed = ({ currentTarget, pointerId, clientX, clientY }: PointerEvent<HTMLDivElement>) => {
    currentTarget.setPointerCapture(pointerId)
    start.current = { at: { x: clientX, y: clientY }, crop }
  }
  const moved = ({ currentTarget, pointerId, clientX, clientY }: PointerEvent<HTMLDivElement>) => {
    if (!start.current || !currentTarget.hasPointerCapture(pointerId)) return
    const { at, crop: before } = start.current
    const perPixel = squareOf(picture, before).side / currentTarget.clientWidth
    change({
      x: before.x - ((clientX - at.x) * perPixel) / picture.width,
      y: before.y - ((clientY - at.y) * perPixel) / picture.height,
    })
  }
  return (
    <div className="flex flex-col items-center gap-3 sm:flex-row">
      <div
        data-testid="crop"
        className="border-accent bg-raised relative size-48 shrink-0 cursor-grab touch-none overflow-hidden rounded-full border-2"
        onPointerDown={pressed}
        onPointerMove={moved}
      >
        <LoadedImage
          key={picture.name}
          sources={{ src: pictureAddress(campaignId, picture, 640) }}
          picture={picture}
          alt="The portrait in its circle"
          className="pointer-events-none absolute max-w-none"
          style={wholePlace(picture, crop)}
          instead={
            <span className="text-soft absolute inset-0 grid place-items-center p-6 text-center text-sm">
              Not loaded yet.
            </span>
          }
        />
      </div>
      <div className="w-full">
        {sliders.map(([field, label, min, max]) => (
          <p key={field} className="mb-2">
            <label htmlFor={`${id}-${field}`} className="text-soft block text-sm">
              {label}
            </label>
            <input
              id={`${id}-${field}`}
              type="range"
              min={min}
              max={max}
              step={(max - min) / 100}
              value={crop[field]}
              className="accent-accent h-11 w-full"
              onInput={(event) => change({ [field]: Number(event.currentTarget.value) })}
            />
          </p>
        ))}
      </div>
    </div>
  )
}
