import { usePartWhenLive } from '../use-later-part.ts'
import { loadPortrait } from './later-parts.ts'
import type { Face } from './shown.ts'

type Props = {
  face: Face
  /** The size of the circle, its border and its colours. */
  className: string
}

/** A face in a circle: initials until there is a portrait, and until it has loaded. A name stands beside it, so it is not read aloud. */
export function Portrait({ face: { initials, portrait }, className }: Props) {
  const { Part: PortraitPicture } = usePartWhenLive(loadPortrait, Boolean(portrait))
  return (
    <span
      aria-hidden="true"
      className={`relative inline-flex shrink-0 items-center justify-center overflow-hidden rounded-full border text-xs font-semibold ${className}`}
    >
      {initials}
      {portrait && PortraitPicture && <PortraitPicture portrait={portrait} />}
    </span>
  )
}
