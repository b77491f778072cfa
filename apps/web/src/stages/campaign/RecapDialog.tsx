import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { messageOf } from '../../api.ts'
import { useLive } from '../../live/live-store.ts'
import { Queries, queries, queryClient } from '../../queries.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/field.tsx'
import { Markdown } from '../../ui/markdown.tsx'

type Props = { roomId: string; isOpen: boolean; setOpen: (isOpen: boolean) => void }

/** The story so far. It is loaded each time the dialog opens, and again when an entry is withdrawn. */
export function RecapDialog({ roomId, isOpen, setOpen }: Props) {
  return (
    <Dialog title="Previously…" open={isOpen} onOpenChange={setOpen}>
      <Queries>
        <Recap roomId={roomId} />
      </Queries>
    </Dialog>
  )
}

function Recap({ roomId }: { roomId: string }) {
  const { data, error, isFetching } = useQuery({
    ...queries.narrator.recap.queryOptions({ roomId }),
    // An older recap may hold withdrawn words.
    gcTime: 0,
    staleTime: 0,
    retry: false,
  })
  const takenBack = useLive(({ room }) => room?.campaign?.takenBack ?? 0)
  const told = useRef(takenBack)
  useEffect(() => {
    if (told.current === takenBack) return
    told.current = takenBack
    void queryClient.resetQueries(queries.narrator.recap.queryFilter({ roomId }))
  }, [takenBack, roomId])
  return (
    <div aria-live="polite" data-testid="recap">
      <Problem text={error ? messageOf(error) : null} />
      {isFetching && !data && <p className="text-soft">Leafing back…</p>}
      {data && (
        <>
          <div className="prose-story">
            <Markdown text={data.text || 'Nothing has happened yet.'} />
          </div>
          <p className="text-soft mt-4 text-xs">
            {data.source === 'model'
              ? 'Told by the narrator’s model, from what everyone at the table has seen.'
              : 'Gathered from the story so far.'}
          </p>
        </>
      )}
    </div>
  )
}
