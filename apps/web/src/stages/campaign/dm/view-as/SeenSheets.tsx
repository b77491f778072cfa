import type { MemberView, PlayerCharacter } from '@tablecast/contracts'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Section } from '../../../../ui/section.tsx'
import { usePart } from '../../../../ui/use-part.tsx'
import { loadSheet } from '../../character-sheet/later-parts.ts'
import { sheetOwnerForPlayer } from '../../character-sheet/sheet-owner.ts'
import type { Where } from '../../character-sheet/use-sheet.ts'
import { faceOfPlayers } from '../../pictures/shown.ts'

type Props = {
  where: Where
  sheets: MemberView['sheets']
  characters: readonly PlayerCharacter[]
  memberId: string
}

/** The sheets that this player can open, to look at. */
export function SeenSheets({ where, sheets, characters, memberId }: Props) {
  const { Part: SheetDialog, want, problem } = usePart(loadSheet)
  const [openId, setOpenId] = useState<string | null>(null)
  const own = characters.filter(({ id }) => sheets.some((sheet) => sheet.id === id))
  const open = own.find(({ id }) => id === openId)
  if (own.length === 0) return null
  return (
    <Section title="Sheets">
      {own.map(({ id, name }) => (
        <Button
          key={id}
          className="mb-2 w-full"
          aria-haspopup="dialog"
          onClick={() => {
            if (!SheetDialog) want()
            setOpenId(id)
          }}
        >
          <ScrollText size={17} aria-hidden="true" className="shrink-0" />
          <span className="min-w-0 truncate">Sheet of {name}</span>
        </Button>
      ))}
      {open && SheetDialog && (
        <SheetDialog
          where={where}
          owner={sheetOwnerForPlayer(
            open,
            sheets.find(({ id }) => id === open.id),
          )}
          face={faceOfPlayers(open)}
          myId={memberId}
          isToLookAt
          onClose={() => setOpenId(null)}
        />
      )}
      {problem}
    </Section>
  )
}
