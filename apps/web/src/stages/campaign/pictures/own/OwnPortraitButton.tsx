import type { PlayerCharacter } from '@tablecast/contracts'
import { useDialogPart } from '../../../../ui/use-part.tsx'
import { loadPortraitDialog } from '../later-parts.ts'
import { Portrait } from '../Portrait.tsx'
import { faceOfPlayers, portraitLabel } from '../shown.ts'

type Props = { where: { roomId: string; campaignId: string }; character: PlayerCharacter }

/** The portrait of a player's own character. It opens the dialog that changes it. */
export function OwnPortraitButton({ where, character }: Props) {
  const { Part: PortraitDialog, isOpen, open, setOpen, problem } = useDialogPart(loadPortraitDialog)
  const { id, name, portrait } = character
  const face = faceOfPlayers(character)
  return (
    <>
      <button
        type="button"
        data-command="Your character"
        data-words="picture face upload"
        data-label={`Change the portrait of ${name}`}
        aria-label={portraitLabel(face, name)}
        aria-haspopup="dialog"
        className="hover:brightness-125 rounded-full"
        onClick={open}
      >
        <Portrait face={face} className="border-accent text-accent size-11" />
      </button>
      {isOpen &&
        (PortraitDialog ? (
          <PortraitDialog where={where} character={{ id, name }} portrait={portrait} onClose={() => setOpen(false)} />
        ) : (
          problem
        ))}
    </>
  )
}
