import Panzoom, { type PanzoomObject } from '@panzoom/panzoom'
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { Toolbar } from '../../../../ui/Toolbar.tsx'
import { savesData } from '../data-saver.ts'
import { LoadedImage } from '../LoadedImage.tsx'
import { pictureAddress } from '../picture-address.ts'
import type { ShownPicture } from '@tablecast/contracts'
import { useCampaignId } from '../use-campaign-id.ts'

const MAX_ZOOM = 8
const DOUBLE_TAP_ZOOM = 2.5
/** Of the screen, at each press of an arrow. */
const STEP_PX = 80

type Props = { picture: ShownPicture; alt: string }

/** A picture that is moved and made larger by fingers, wheel, mouse, buttons and keys. */
export function ZoomedPicture({ picture, alt }: Props) {
  const campaignId = useCampaignId()
  const { zoom, panned, percent } = useZoom()
  const hasMore = Math.max(picture.width, picture.height) > 640
  const [isSharp, setIsSharp] = useState(() => hasMore && !savesData())
  const fills = 'absolute inset-0 h-full w-full'
  return (
    <div className="relative min-h-0 grow">
      <div className="absolute inset-0" data-testid="zoom" data-percent={percent}>
        <div ref={panned} className="flex h-full w-full items-center justify-center [container-type:size]">
          <div
            className="relative"
            style={{
              aspectRatio: `${picture.width} / ${picture.height}`,
              width: `min(100cqw, ${(100 * picture.width) / picture.height}cqh)`,
            }}
          >
            <LoadedImage
              sources={{ src: pictureAddress(campaignId, picture, 640) }}
              picture={picture}
              alt={alt}
              className={fills}
              instead={
                <p className="text-soft p-6 text-center">The picture has not loaded. It comes with the connection.</p>
              }
            />
            {isSharp && (
              <LoadedImage
                sources={{ src: pictureAddress(campaignId, picture, 2560) }}
                picture={{ ...picture, thumbhash: '' }}
                alt=""
                className={fills}
              />
            )}
          </div>
        </div>
      </div>
      <div className="bg-card border-line absolute bottom-3 left-1/2 flex -translate-x-1/2 items-center rounded-xl border shadow-xl">
        <Toolbar label="Zoom" isOneLine>
          <IconButton label="Smaller" aria-keyshortcuts="-" disabled={percent <= 100} onClick={() => zoom('out')}>
            <ZoomOut size={19} />
          </IconButton>
          <output aria-label="Zoom" className="w-12 text-center text-sm tabular-nums">
            {percent} %
          </output>
          <IconButton
            label="Larger"
            aria-keyshortcuts="+"
            disabled={percent >= MAX_ZOOM * 100}
            onClick={() => zoom('in')}
          >
            <ZoomIn size={19} />
          </IconButton>
          <IconButton label="The whole picture" aria-keyshortcuts="0" onClick={() => zoom('whole')}>
            <Maximize size={18} />
          </IconButton>
          {hasMore && !isSharp && (
            <Button look="quiet" className="text-sm" onClick={() => setIsSharp(true)}>
              Load it sharp
            </Button>
          )}
        </Toolbar>
      </div>
    </div>
  )
}

type Way = 'in' | 'out' | 'whole'

/** Put `panned` on an element that fills the box around it. `percent` is 100 for the whole picture. */
function useZoom() {
  const panned = useRef<HTMLDivElement>(null)
  const panzoom = useRef<PanzoomObject>(null)
  const [percent, setPercent] = useState(100)
  useEffect(() => {
    const element = panned.current
    const box = element?.parentElement
    if (!element || !box) return
    const made = Panzoom(element, {
      minScale: 1,
      maxScale: MAX_ZOOM,
      contain: 'outside',
      cursor: 'grab',
      // Two fingers move the picture while they make it larger.
      pinchAndPan: true,
    })
    panzoom.current = made
    const stop = new AbortController()
    const { signal } = stop
    box.addEventListener('wheel', (event) => made.zoomWithWheel(event), { passive: false, signal })
    const tappedTwice = (event: MouseEvent) => {
      if (made.getScale() > 1) made.reset()
      else made.zoomToPoint(DOUBLE_TAP_ZOOM, event, { animate: true })
    }
    box.addEventListener('dblclick', tappedTwice, { signal })
    element.addEventListener('panzoomchange', () => setPercent(Math.round(made.getScale() * 100)), { signal })
    // Before the dialog, which keeps the arrows to itself.
    addEventListener('keydown', (event) => pressed(made, event), { capture: true, signal })
    return () => {
      stop.abort()
      made.destroy()
    }
  }, [])
  return { zoom: (way: Way) => panzoom.current && zoomBy(panzoom.current, way), panned, percent }
}

function zoomBy(panzoom: PanzoomObject, way: Way): void {
  if (way === 'whole') panzoom.reset()
  else if (way === 'in') panzoom.zoomIn()
  else panzoom.zoomOut()
}

/** The arrows belong to the buttons, and to a text that scrolls, while these have the focus. */
function pressed(panzoom: PanzoomObject, event: KeyboardEvent): void {
  const { key, target } = event
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const [way, move] = [ways[key], moves[key]]
  if (way) zoomBy(panzoom, way)
  else if (move && !(target instanceof Element && target.closest('[role=toolbar], [role=region]'))) {
    const scale = panzoom.getScale()
    panzoom.pan((move[0] * STEP_PX) / scale, (move[1] * STEP_PX) / scale, { relative: true })
  } else return
  event.preventDefault()
}

const ways: Readonly<Record<string, Way>> = { '+': 'in', '=': 'in', '-': 'out', _: 'out', '0': 'whole' }
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}
