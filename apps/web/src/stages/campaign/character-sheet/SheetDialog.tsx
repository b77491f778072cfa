// The sheet of a character: a tap rolls. The parts that are used most are at the bottom, where a thumb reaches them.
import { Tabs } from '@base-ui/react/tabs'
import { emptySheet, type Sheet } from '@tablecast/bestiary/sheet'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'
import { LastRolls } from '../dice/LastRolls.tsx'
import { ModeChoice } from '../dice/ModeChoice.tsx'
import { type Mode, takesMode } from '../dice/roll-message.ts'
import { useRolls } from '../dice/use-rolls.ts'
import { Portrait } from '../pictures/Portrait.tsx'
import type { Face } from '../pictures/shown.ts'
import { AttacksTab } from './AttacksTab.tsx'
import { ChecksTab } from './ChecksTab.tsx'
import { EditSheet } from './edit/EditSheet.tsx'
import { NotesTab } from './NotesTab.tsx'
import { ResourcesTab } from './ResourcesTab.tsx'
import type { RollOnSheet } from './roll-on-sheet.ts'
import type { SheetOwner } from './sheet-owner.ts'
import { SkillsTab } from './SkillsTab.tsx'
import { useSheet, type Where } from './use-sheet.ts'

/**
 * `face`: null for a character that a player has asked for. `isRequest`: it is such a one, so nobody rolls with it or changes it.
 * `isToLookAt`: a DM looks at it through its player's eyes, so that nothing on it can be pressed.
 */
type Props = {
  where: Where
  owner: SheetOwner
  face: Face | null
  myId: string
  isRequest?: boolean
  isToLookAt?: boolean
  onClose: () => void
}

const tabs = [
  ['checks', 'Checks'],
  ['skills', 'Skills'],
  ['attacks', 'Attacks'],
  ['resources', 'Resources'],
  ['notes', 'Notes'],
] as const

export function SheetDialog({ where, owner, face, myId, isRequest = false, isToLookAt = false, onClose }: Props) {
  const { sheet, isNewest, problem } = useSheet(where, owner.id, owner.hash)
  const [isEditing, setIsEditing] = useState(false)
  return (
    <Dialog title={owner.name} isLow open onOpenChange={onClose}>
      <Problem text={problem} />
      {!isNewest && !sheet && !problem && <p className="text-soft">Loading the sheet…</p>}
      {isEditing ? (
        <EditSheet where={where} owner={owner} sheet={sheet ?? emptySheet} onDone={() => setIsEditing(false)} />
      ) : (
        (sheet ?? isNewest) && (
          <ReadSheet
            where={where}
            owner={owner}
            face={face}
            sheet={sheet ?? emptySheet}
            isEmpty={!sheet}
            myId={myId}
            isToLookAt={isToLookAt}
            onEdit={isRequest || isToLookAt ? null : () => setIsEditing(true)}
          />
        )
      )}
    </Dialog>
  )
}

type ReadProps = {
  where: Where
  owner: SheetOwner
  face: Face | null
  sheet: Sheet
  isEmpty: boolean
  myId: string
  isToLookAt: boolean
  onEdit: (() => void) | null
}

function ReadSheet({ where, owner, face, sheet, isEmpty, myId, isToLookAt, onEdit }: ReadProps) {
  const { roll, problem, answer } = useRolls()
  const [mode, setMode] = useState<Mode>('plain')
  const [isSecret, setIsSecret] = useState(false)
  const rollOnSheet: RollOnSheet = (name, notation) => {
    void roll({ notation, label: `${name} (${owner.name})`, mode, isSecret })
    if (takesMode(notation)) setMode('plain')
  }
  return (
    <Tabs.Root defaultValue="checks" className="flex flex-col">
      <SheetFacts owner={owner} face={face} sheet={sheet} />
      {isEmpty && (
        <p className="text-soft mt-2 text-sm">This sheet is empty.{isToLookAt ? '' : ' Edit fills it in.'}</p>
      )}
      {/* Where nothing in it takes the focus, a keyboard must be able to scroll it. */}
      <div
        role={isToLookAt ? 'group' : undefined}
        aria-label={isToLookAt ? 'The sheet' : undefined}
        tabIndex={isToLookAt ? 0 : undefined}
        className="my-3 min-h-72 md:h-96 md:overflow-y-auto"
      >
        <fieldset disabled={isToLookAt} className="min-w-0">
          <Tabs.Panel value="checks">
            <ChecksTab sheet={sheet} roll={rollOnSheet} />
          </Tabs.Panel>
          <Tabs.Panel value="skills">
            <SkillsTab sheet={sheet} roll={rollOnSheet} />
          </Tabs.Panel>
          <Tabs.Panel value="attacks">
            <AttacksTab sheet={sheet} roll={rollOnSheet} />
          </Tabs.Panel>
          <Tabs.Panel value="resources">
            <ResourcesTab where={where} owner={owner} />
          </Tabs.Panel>
          <Tabs.Panel value="notes">
            <NotesTab sheet={sheet} />
            {onEdit && (
              <Button className="mt-3 w-full" onClick={onEdit}>
                <Pencil size={16} aria-hidden="true" /> Edit the sheet
              </Button>
            )}
          </Tabs.Panel>
        </fieldset>
      </div>
      <div className="border-line bg-card sticky -bottom-5 -mx-5 -mb-5 flex flex-col gap-2 border-t px-5 pt-2 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        {!isToLookAt && (
          <>
            <LastRolls myId={myId} count={1} />
            <p role="status" className="text-soft text-sm empty:hidden">
              {answer}
            </p>
            <Problem text={problem} />
            <ModeChoice mode={mode} onMode={setMode} isSecret={isSecret} onSecret={setIsSecret} isDm={owner.isDm} />
          </>
        )}
        <Tabs.List aria-label="Parts of the sheet" className="bg-raised grid grid-cols-5 rounded-xl p-1">
          {tabs.map(([value, label]) => (
            <Tabs.Tab
              key={value}
              value={value}
              className="text-soft data-[active]:bg-accent data-[active]:text-on-accent min-h-11 min-w-0 rounded-lg text-xs font-semibold"
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
    </Tabs.Root>
  )
}

function SheetFacts({ owner, face, sheet }: Pick<ReadProps, 'owner' | 'face' | 'sheet'>) {
  const facts = [
    ['Level', String(sheet.level)],
    ['AC', owner.armourClass === null ? '–' : String(owner.armourClass)],
    ['HP', owner.hp === null ? '–' : `${owner.hp}/${owner.maxHp}`],
    ['Proficiency', `+${sheet.proficiency}`],
    ['Speed', sheet.speed || '–'],
  ] as const
  return (
    <div className="-mt-2 flex items-center gap-3">
      {face && <Portrait face={face} className="border-line text-soft size-14" />}
      <div className="min-w-0">
        {sheet.heading && <p className="text-soft mb-1 text-sm [overflow-wrap:anywhere]">{sheet.heading}</p>}
        <dl className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {facts.map(([term, value]) => (
            <div key={term} className="flex gap-1.5">
              <dt className="text-soft">{term}</dt>
              <dd className="font-semibold tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}
