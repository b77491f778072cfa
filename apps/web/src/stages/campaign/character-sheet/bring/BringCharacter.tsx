// A player brings a character of their own: pasted from another program, or typed. The DM accepts it.
import { emptySheet } from '@tablecast/bestiary/sheet'
import { useState } from 'react'
import { api, messageOf } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { type SheetDraft, SheetForm } from '../edit/SheetForm.tsx'
import { operateSheets } from '../operate-sheets.ts'
import type { Where } from '../use-sheet.ts'
import { PasteCharacter } from './PasteCharacter.tsx'

type Props = { where: Where; onClose: () => void }

const newDraft: SheetDraft = { name: '', hp: 10, armourClass: 10, sheet: emptySheet }

export function BringCharacter({ where, onClose }: Props) {
  const [draft, setDraft] = useState<SheetDraft | null>(null)
  const [notes, setNotes] = useState<readonly string[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)

  const attempt = async (work: () => Promise<void>) => {
    setIsBusy(true)
    setProblem(null)
    await work().catch((error: unknown) => setProblem(messageOf(error)))
    setIsBusy(false)
  }
  const read = (text: string) =>
    attempt(async () => {
      const { characters, problems } = await api.sheets.read.query({ roomId: where.roomId, text })
      const [first] = characters
      setNotes(problems.map(({ name, reason }) => `${name}: ${reason}`))
      if (first) setDraft(first)
      else setProblem(problems[0]?.reason ?? 'There is no character in this text.')
    })
  const ask = ({ name, hp, armourClass, sheet }: SheetDraft) =>
    attempt(async () => {
      await operateSheets(where, {
        type: 'propose',
        character: { name: name ?? '', hp: hp ?? 1, armourClass, sheet },
      })
      onClose()
    })
  return (
    <Dialog title="Bring a character" isLow open onOpenChange={onClose}>
      {draft ? (
        <SheetForm
          start={draft}
          action="Ask the DM"
          isBusy={isBusy}
          onSave={(asked) => void ask(asked)}
          onCancel={() => setDraft(null)}
        >
          {notes.length > 0 && (
            <details className="text-soft text-sm">
              <summary className="flex min-h-11 cursor-pointer items-center">What was not read</summary>
              <ul className="list-disc pl-5">
                {notes.map((note) => (
                  <li key={note} className="[overflow-wrap:anywhere]">
                    {note}
                  </li>
                ))}
              </ul>
            </details>
          )}
          <Problem text={problem} />
        </SheetForm>
      ) : (
        <div className="flex flex-col gap-4">
          <PasteCharacter isBusy={isBusy} onText={(text) => void read(text)} />
          <Problem text={problem} />
          <Button onClick={() => setDraft(newDraft)}>Type it in</Button>
        </div>
      )}
    </Dialog>
  )
}
