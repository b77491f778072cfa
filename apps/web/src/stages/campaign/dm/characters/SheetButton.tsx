import type { Character } from '@tablecast/contracts'
import { ScrollText } from 'lucide-react'
import { useSession } from '../../../../auth/use-session.ts'
import { IconButton } from '../../../../ui/button.tsx'
import { useDialogPart } from '../../../../ui/use-part.tsx'
import { loadSheet } from '../../character-sheet/later-parts.ts'
import { sheetOwnerForDm } from '../../character-sheet/sheet-owner.ts'
import { useDmsFace } from '../../pictures/use-dms-face.ts'
import type { Where } from '../../character-sheet/use-sheet.ts'

/** Opens the sheet of a character for a DM. */
export function SheetButton({ where, character }: { where: Where; character: Character }) {
  const { Part: SheetDialog, isOpen, open, setOpen, problem } = useDialogPart(loadSheet)
  const face = useDmsFace(character)
  const myId = useSession()?.userId ?? ''
  return (
    <>
      <IconButton label={`Sheet of ${character.name}`} aria-haspopup="dialog" onClick={open}>
        <ScrollText size={16} />
      </IconButton>
      {isOpen && SheetDialog && (
        <SheetDialog
          where={where}
          owner={sheetOwnerForDm(character)}
          face={face}
          myId={myId}
          onClose={() => setOpen(false)}
        />
      )}
      {problem}
    </>
  )
}
