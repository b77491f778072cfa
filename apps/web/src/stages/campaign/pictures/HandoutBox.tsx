import { FileText } from 'lucide-react'
import { usePartWhenLive } from '../use-later-part.ts'
import { loadHandoutPicture } from './later-parts.ts'
import type { ShownHandout } from '@tablecast/contracts'

type Props = { handout: ShownHandout; fit: 'cover' | 'contain'; ratio: number }

/** The picture of a handout, or the sign of a text. The box has its size before the picture has loaded. */
export function HandoutBox({ handout, fit, ratio }: Props) {
  const { picture } = handout
  const { Part: HandoutPicture } = usePartWhenLive(loadHandoutPicture, picture !== null)
  return (
    <span className="bg-raised relative block w-full overflow-hidden" style={{ aspectRatio: ratio }}>
      {picture && HandoutPicture && <HandoutPicture handout={handout} fit={fit} />}
      {!picture && <FileText size={20} aria-hidden="true" className="text-soft absolute inset-0 m-auto" />}
    </span>
  )
}
