import type { RoomScreens, ScreenShow } from '@tablecast/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { MonitorPlay } from 'lucide-react'
import { useState } from 'react'
import { api, messageOf, newKey } from '../../../../api.ts'
import { useCommands } from '../../../../keys/commands.ts'
import { Button } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { useNotify } from '../../../../ui/toast.tsx'
import { NewScreen } from './NewScreen.tsx'
import { ScreenRow } from './ScreenRow.tsx'

const shows: readonly (readonly [ScreenShow, string])[] = [
  ['auto', 'Automatic'],
  ['map', 'Map'],
  ['scene', 'Scene'],
  ['story', 'Story'],
  ['black', 'Black'],
]

/** Televisions and overlays: the picture that they show, and their links. */
export function ScreensDialog({ roomId }: { roomId: string }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dialog title="Screens" open={isOpen} onOpenChange={setIsOpen} trigger={screensButton}>
      {isOpen && <Screens roomId={roomId} />}
    </Dialog>
  )
}

const screensButton = (
  <Button data-command="Table" data-words="television tv stream overlay obs link">
    <MonitorPlay size={17} aria-hidden="true" /> Screens
  </Button>
)

/** Black and back again, from anywhere in the console. */
export function ScreenCommands({ roomId }: { roomId: string }) {
  const choose = useShow(roomId)
  useCommands(() =>
    shows
      .filter(([show]) => show === 'black' || show === 'auto')
      .map(([show, label]) => ({
        id: `screens.${show}`,
        label: `Screens: ${label.toLowerCase()}`,
        group: 'Screens',
        words: 'television tv stream blackout',
        run: () => choose.mutate(show),
      })),
  )
  return null
}

const keyOf = (roomId: string) => ['screens', roomId]

function useShow(roomId: string) {
  const notify = useNotify()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (show: ScreenShow) => api.screens.show.mutate({ roomId, key: newKey(), show }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keyOf(roomId) }),
    onError: (error) => notify('The screens did not change', messageOf(error)),
  })
}

function Screens({ roomId }: { roomId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: keyOf(roomId),
    queryFn: () => api.screens.list.query({ roomId }),
  })
  const choose = useShow(roomId)
  const shown = choose.variables && choose.isPending ? choose.variables : data?.show
  return (
    <>
      <Problem text={error ? messageOf(error) : null} />
      <h3 id="screens-show" className="text-soft mb-2 text-sm">
        On the televisions
      </h3>
      <div role="group" aria-labelledby="screens-show" className="mb-5 flex flex-wrap gap-2">
        {shows.map(([show, label]) => (
          <Button
            key={show}
            look={show === shown ? 'primary' : 'plain'}
            aria-pressed={show === shown}
            className="!px-3"
            onClick={() => choose.mutate(show)}
          >
            {label}
          </Button>
        ))}
      </div>
      {data && <Links roomId={roomId} screens={data} onChanged={() => void refetch()} />}
    </>
  )
}

function Links({ roomId, screens, onChanged }: { roomId: string; screens: RoomScreens; onChanged: () => void }) {
  return (
    <>
      <h3 className="text-soft mb-2 text-sm">Links</h3>
      {screens.links.length === 0 && (
        <p className="text-soft mb-3 text-sm">
          A link opens the table on a television, or over the picture of a stream. It shows what players see, and nobody
          can write with it.
        </p>
      )}
      <ul className="mb-4 flex flex-col gap-2">
        {screens.links.map((link) => (
          <ScreenRow key={link.id} roomId={roomId} link={link} onChanged={onChanged} />
        ))}
      </ul>
      <NewScreen roomId={roomId} onChanged={onChanged} />
    </>
  )
}
