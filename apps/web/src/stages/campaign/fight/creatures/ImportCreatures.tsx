import type { CreaturesReport } from '@tablecast/contracts'
import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { api, messageOf, newKey } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { useNotify } from '../../../../ui/toast.tsx'
import { currentVersion, useEdit } from '../../dm/use-edit.tsx'
import type { Where } from '../use-operate.ts'
import { type CreatureSource, pastedSource, sourceOf } from './creature-files.ts'
import { type Choice, CreaturesPreview, foundWords } from './CreaturesPreview.tsx'
import { FileIntake } from './FileIntake.tsx'
import { importedCharacter } from './imported-character.ts'

/** `key`: one for every attempt, so that a second one stores nothing twice. */
type Previewed = { source: CreatureSource; report: CreaturesReport; key: string }

/** Reads files of other programs: a preview first, and nothing is stored before the DM agrees. */
export function ImportCreatures({ where, onImported }: { where: Where; onImported: () => void }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dialog
      title="Import creatures"
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button data-command="Fight" data-words="import creatures monsters encounters characters file">
          <Download size={16} aria-hidden="true" /> Import creatures
        </Button>
      }
    >
      {isOpen && <Import where={where} onImported={onImported} close={() => setIsOpen(false)} />}
    </Dialog>
  )
}

function Import({ where, onImported, close }: { where: Where; onImported: () => void; close: () => void }) {
  const notify = useNotify()
  const edit = useEdit()
  const [choice, setChoice] = useState<Choice>({ isWithEncounters: true, characters: new Set() })
  const reading = useMutation({
    mutationFn: async (sourceIn: () => Promise<CreatureSource> | CreatureSource): Promise<Previewed> => {
      const source = await sourceIn()
      const report = await api.statBlocks.previewImport.query({ roomId: where.roomId, ...contentOf(source) })
      return { source, report, key: newKey() }
    },
  })
  const storing = useMutation({
    mutationFn: async ({ source, key }: Previewed) => {
      const report = await api.statBlocks.import.mutate({
        roomId: where.roomId,
        campaignId: choice.isWithEncounters ? where.campaignId : null,
        key,
        sheets: [...choice.characters],
        ...contentOf(source),
      })
      const added = report.characters.filter((_one, place) => choice.characters.has(place)).map(importedCharacter)
      if (added.length > 0)
        await edit({
          what: 'The new characters',
          patch: { characters: { upsert: added } },
          baseVersion: currentVersion(),
        })
      return { ...report, characters: report.characters.filter((_one, place) => choice.characters.has(place)) }
    },
    onSuccess: (report) => {
      notify('The import is done', `${foundWords(report)} You find the creatures in the search of this tab.`)
      onImported()
      close()
    },
  })
  const problem = storing.error ?? reading.error
  const previewed = reading.data
  if (!previewed)
    return (
      <>
        <FileIntake
          onFiles={(files) => files.length > 0 && reading.mutate(() => sourceOf(files))}
          onText={(text) => reading.mutate(() => pastedSource(text))}
        />
        <p role="status" className="text-soft mt-3 text-sm">
          {reading.isPending ? 'Reading…' : ''}
        </p>
        <Problem text={problem ? messageOf(problem) : null} />
      </>
    )
  const { report } = previewed
  const isEmpty = report.creatures.length + report.encounters.length + report.characters.length === 0
  return (
    <>
      <p className="text-soft mb-3 text-sm [overflow-wrap:anywhere]">
        From {previewed.source.label}. Nothing is stored until you choose “Import”.
      </p>
      <CreaturesPreview report={report} choice={choice} choose={setChoice} />
      <Problem text={problem ? messageOf(problem) : null} />
      <div className="bg-card border-line sticky -bottom-5 -mx-5 mt-5 -mb-5 flex flex-wrap justify-end gap-3 border-t px-5 py-4">
        <Button
          disabled={storing.isPending}
          onClick={() => {
            reading.reset()
            storing.reset()
          }}
        >
          Other files
        </Button>
        <Button look="primary" disabled={isEmpty || storing.isPending} onClick={() => storing.mutate(previewed)}>
          {storing.isPending ? 'Importing…' : 'Import'}
        </Button>
      </div>
    </>
  )
}

const contentOf = ({ text, files, zip }: CreatureSource) => ({
  ...(text === undefined ? {} : { text }),
  ...(files === undefined ? {} : { files }),
  ...(zip === undefined ? {} : { zip }),
})
