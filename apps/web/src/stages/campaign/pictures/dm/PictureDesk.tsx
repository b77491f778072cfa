import { type CampaignState, type Member, startOf } from '@tablecast/contracts'
import { Button } from '../../../../ui/button.tsx'
import type { TabName } from '../../dm/console-tabs.ts'
import { PortraitDialog } from '../own/PortraitDialog.tsx'
import type { Where } from '../operate-pictures.ts'
import { portraitOfDms } from '../shown.ts'
import { type PicturePlace, openPortrait, unfoldHandout, useDesk } from './desk.ts'
import { shownToWords } from './shown-to-words.ts'
import { UploadRow } from '../upload/UploadRow.tsx'
import { useActOnPictures } from './use-act-on-pictures.ts'
import { uploads as queue } from './uploads.ts'
import { useArrivals } from './use-arrivals.ts'

export type PictureDeskProps = {
  where: Where
  state: CampaignState
  members: readonly Member[]
  show: (tab: TabName) => void
}

/** All of a DM's pictures that belongs to no tab: what was dropped and pasted, the uploads, and what is held up. */
export function PictureDesk({ where, state, members, show }: PictureDeskProps) {
  const { over, uploads, portraitOf } = useDesk()
  const { act } = useActOnPictures(where)
  const addText = async (text: string) => {
    const title = startOf(text.trim().split('\n', 1)[0] ?? '', 120).trim() || 'A text'
    const added = await act({ type: 'addHandout', title, text: startOf(text, 4_000) })
    if (!added) return
    show('handouts')
    unfoldHandout(added.handoutId)
  }
  useArrivals({ where, onText: (text) => void addText(text) })
  const own = uploads.filter(({ target }) => target.where.campaignId === where.campaignId)
  const presented = state.handouts?.find(({ id }) => id === state.presented?.handoutId)
  const character = state.characters.find(({ id }) => id === portraitOf)
  return (
    <>
      {over && <DropHint words={dropWords(over, state)} />}
      {(own.length > 0 || presented) && (
        <aside
          aria-label="Pictures"
          className="border-line bg-card arrive fixed right-4 bottom-4 z-40 flex max-h-[50dvh] w-[min(calc(100vw-2rem),24rem)] flex-col gap-3 overflow-y-auto rounded-xl border p-3 shadow-xl"
        >
          {presented && (
            <div className="flex items-center gap-2">
              <p role="status" className="min-w-0 grow text-sm [overflow-wrap:anywhere]">
                Held up before {shownToWords(presented, members)}: <strong dir="auto">{presented.title}</strong>
              </p>
              <Button
                data-command="Handouts"
                className="!min-h-9 shrink-0 !px-3 text-sm"
                onClick={() => void act({ type: 'present', id: null })}
              >
                Take it down
              </Button>
            </div>
          )}
          {own.map((upload) => (
            <UploadRow key={upload.key} upload={upload} queue={queue} />
          ))}
        </aside>
      )}
      {character && (
        <PortraitDialog
          where={where}
          character={character}
          portrait={portraitOfDms(state, character)}
          onClose={() => openPortrait(null)}
        />
      )}
    </>
  )
}

const DropHint = ({ words }: { words: string }) => (
  <div
    aria-hidden="true"
    className="border-accent pointer-events-none fixed inset-2 z-60 rounded-2xl border-4 border-dashed"
  >
    <p className="bg-accent text-on-accent mx-auto mt-4 w-fit max-w-[80vw] rounded-full px-5 py-2 font-semibold [overflow-wrap:anywhere]">
      {words}
    </p>
  </div>
)

function dropWords(place: PicturePlace, { characters }: CampaignState): string {
  if (place.kind === 'scene') return 'Drop it: the picture of the scene'
  if (place.kind === 'tray') return 'Drop it: a handout, which players do not see yet'
  return `Drop it: the portrait of ${characters.find(({ id }) => id === place.characterId)?.name ?? 'this character'}`
}
