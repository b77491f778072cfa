import type { PlayerCharacter } from '@tablecast/contracts'
import { ScrollText } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { useDialogPart } from '../../../ui/use-part.tsx'
import { loadSheet } from './later-parts.ts'
import { faceOfPlayers } from '../pictures/shown.ts'
import { useOwnSheet } from './sheet-owner.ts'
import type { Where } from './use-sheet.ts'

type Props = { where: Where; character: PlayerCharacter; myId: string }

/** Opens the sheet of a player's own character. */
export function OwnSheetButton({ where, character, myId }: Props) {
  const { Part: SheetDialog, isOpen, open, setOpen, problem } = useDialogPart(loadSheet)
  const owner = useOwnSheet(character)
  return (
    <>
      <Button
        className="w-full"
        aria-haspopup="dialog"
        data-command="Your character"
        data-words="sheet abilities skills attacks resources spell slots"
        data-label={`Sheet of ${character.name}`}
        onClick={open}
      >
        <ScrollText size={17} aria-hidden="true" /> Sheet
        <span className="sr-only"> of {character.name}</span>
      </Button>
      {isOpen && SheetDialog && (
        <SheetDialog
          where={where}
          owner={owner}
          face={faceOfPlayers(character)}
          myId={myId}
          onClose={() => setOpen(false)}
        />
      )}
      {problem}
    </>
  )
}
