import type { Sheet } from '@tablecast/bestiary/sheet'
import { useState } from 'react'
import { messageOf, refusalOf } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { operateSheets } from '../operate-sheets.ts'
import type { SheetOwner } from '../sheet-owner.ts'
import type { Where } from '../use-sheet.ts'
import { type SheetDraft, SheetForm } from './SheetForm.tsx'

type Props = { where: Where; owner: SheetOwner; sheet: Sheet; onDone: () => void }

/** Saves over the sheet that the editor began with. When somebody else saved meanwhile, it asks. */
export function EditSheet({ where, owner, sheet, onDone }: Props) {
  const [was] = useState(owner.hash)
  const [problem, setProblem] = useState<string | null>(null)
  const [lost, setLost] = useState<SheetDraft | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const start: SheetDraft = { name: null, hp: owner.maxHp, armourClass: owner.armourClass, sheet }

  const save = async (draft: SheetDraft, over: string | null) => {
    setIsBusy(true)
    setProblem(null)
    setLost(null)
    try {
      await operateSheets(where, {
        type: 'save',
        characterId: owner.id,
        was: over,
        sheet: draft.sheet,
        ...(draft.hp !== null && draft.hp !== owner.maxHp ? { hp: draft.hp } : {}),
        ...(start.hp !== null && draft.armourClass !== owner.armourClass ? { armourClass: draft.armourClass } : {}),
      })
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
      if (refusalOf(error)?.code === 'CONFLICT') setLost(draft)
      setIsBusy(false)
    }
  }
  return (
    <SheetForm start={start} action="Save" isBusy={isBusy} onSave={(draft) => void save(draft, was)} onCancel={onDone}>
      <Problem text={problem} />
      {lost && (
        <Button look="danger" onClick={() => void save(lost, owner.hash)}>
          Save mine over it
        </Button>
      )}
    </SheetForm>
  )
}
