import type { Character } from '@tablecast/contracts'
import { Portrait } from '../Portrait.tsx'
import { portraitLabel } from '../shown.ts'
import { useDmsFace } from '../use-dms-face.ts'
import { openPortrait } from './desk.ts'

/** The face of a character. It opens the dialog that changes it. */
export function PortraitButton({ character }: { character: Character }) {
  const face = useDmsFace(character)
  return (
    <button
      type="button"
      aria-label={portraitLabel(face, character.name)}
      title="Portrait"
      aria-haspopup="dialog"
      className="shrink-0 rounded-full hover:brightness-125"
      onClick={() => openPortrait(character.id)}
    >
      <Portrait face={face} className="border-line text-soft size-11" />
    </button>
  )
}
