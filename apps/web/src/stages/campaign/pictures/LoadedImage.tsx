import { type CSSProperties, type ReactNode, useEffect, useState } from 'react'
import { isStale, useLive } from '../../../live/live-store.ts'
import { placeholderOf } from './placeholder.ts'
import type { ShownPicture } from '@tablecast/contracts'

type Props = {
  sources: { src: string; srcSet?: string }
  picture: ShownPicture
  alt: string
  sizes?: string
  className: string
  style?: CSSProperties
  /** In place of a picture that did not load. */
  instead?: ReactNode
}

type State = 'loading' | 'loaded' | 'failed'

/**
 * A picture, over its blur until it has loaded. One that fails is no broken icon, and is tried again when the connection is back. Give it
 * the picture's name as its key.
 */
export function LoadedImage({ sources, picture, alt, sizes, className, style, instead = null }: Props) {
  const [state, setState] = useState<State>('loading')
  const blur = state === 'loaded' ? null : placeholderOf(picture.thumbhash)
  const hasFailed = state === 'failed'
  useEffect(() => {
    if (!hasFailed) return
    const retry = () => setState('loading')
    addEventListener('online', retry)
    const stop = useLive.subscribe((now, before) => {
      if (isStale(before) && !isStale(now)) retry()
    })
    return () => {
      removeEventListener('online', retry)
      stop()
    }
  }, [hasFailed])
  if (hasFailed) return instead
  return (
    <img
      {...sources}
      sizes={sizes}
      alt={alt}
      width={picture.width}
      height={picture.height}
      decoding="async"
      draggable={false}
      className={className}
      style={blur ? { ...style, backgroundImage: `url(${blur})`, backgroundSize: 'cover' } : style}
      onLoad={({ currentTarget }) => void decoded(currentTarget).then(() => setState('loaded'))}
      onError={() => setState('failed')}
    />
  )
}

/** The blur stays until the picture can be drawn: without it there would be a grey moment between them. */
const decoded = (image: HTMLImageElement): Promise<void> => image.decode().catch(() => {})
