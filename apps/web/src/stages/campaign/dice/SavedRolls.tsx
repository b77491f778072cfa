import { emptySheet } from '@tablecast/bestiary/sheet'
import type { PlayerCharacter } from '@tablecast/contracts'
import { type FormEvent, useState } from 'react'
import { messageOf } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Field, Problem } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form.ts'
import { Pencil, X } from 'lucide-react'
import { operateSheets } from '../character-sheet/operate-sheets.ts'
import { useOwnSheet } from '../character-sheet/sheet-owner.ts'
import { useSheet, type Where } from '../character-sheet/use-sheet.ts'
import { playersCampaign } from '../player/players-campaign.ts'

type SavedRoll = { name: string; notation: string }
type Props = { where: Where; myId: string; roll: (saved: SavedRoll) => void }

/** The saved rolls of each own character. They are kept with its sheet. */
export function SavedRolls({ where, myId, roll }: Props) {
  const characters = useLive(playersCampaign)?.view.characters ?? []
  return characters
    .filter(({ ownerId }) => ownerId === myId)
    .map((character) => <RollsOf key={character.id} where={where} character={character} roll={roll} />)
}

function RollsOf({ where, character, roll }: Omit<Props, 'myId'> & { character: PlayerCharacter }) {
  const { id, name, hash } = useOwnSheet(character)
  const { sheet, isNewest, problem: unread } = useSheet(where, id, hash)
  const [isEditing, setIsEditing] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const rolls = sheet?.rolls ?? []
  const save = async (next: SavedRoll[]): Promise<boolean> => {
    setProblem(null)
    try {
      await operateSheets(where, {
        type: 'save',
        characterId: id,
        was: hash,
        sheet: { ...(sheet ?? emptySheet), rolls: next },
      })
      return true
    } catch (error) {
      setProblem(messageOf(error))
      return false
    }
  }
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    const added = { name: textOf(data, 'name').trim(), notation: textOf(data, 'notation').trim() }
    if (added.name !== '' && added.notation !== '' && (await save([...rolls, added]))) form.reset()
  }
  return (
    <section aria-label={`Saved rolls of ${name}`} className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-soft min-w-0 font-sans text-sm [overflow-wrap:anywhere]">Saved rolls of {name}</h3>
        <IconButton
          label={isEditing ? 'Done with saved rolls' : `Edit the saved rolls of ${name}`}
          aria-expanded={isEditing}
          onClick={() => setIsEditing(!isEditing)}
        >
          {isEditing ? <X size={16} /> : <Pencil size={16} />}
        </IconButton>
      </div>
      {rolls.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {rolls.map((saved, place) => (
            <li key={place} className="flex min-w-0">
              <Button
                className="min-w-0 !px-3 text-sm [overflow-wrap:anywhere]"
                onClick={() => roll({ ...saved, name: `${saved.name} (${name})` })}
              >
                <b>{saved.name}</b> <span className="text-soft">{saved.notation}</span>
              </Button>
              {isEditing && (
                <IconButton
                  label={`Remove ${saved.name}`}
                  disabled={!isNewest}
                  onClick={() => void save(rolls.filter((_one, at) => at !== place))}
                >
                  <X size={16} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {isEditing && (
        <form onSubmit={(event) => void add(event)} className="grid grid-cols-[1fr_1fr_auto] items-end gap-2">
          <Field label="Name" name="name" maxLength={60} required autoComplete="off" />
          <Field label="Dice" name="notation" maxLength={100} required autoComplete="off" placeholder="2d6+3" />
          <Button type="submit" disabled={!isNewest}>
            Save
          </Button>
        </form>
      )}
      <Problem text={problem ?? unread} />
    </section>
  )
}
