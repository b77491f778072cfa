import { useQuery } from '@tanstack/react-query'
import { BookOpen } from 'lucide-react'
import { useState } from 'react'
import Markdown from 'react-markdown'
import { messageOf, queries } from '../../api.ts'
import { IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/field.tsx'

/** “Previously…”: for who comes late, and for the beginning of a session. */
export function RecapButton({ roomId }: { roomId: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const { data, error, isFetching } = useQuery({
    ...queries.narrator.recap.queryOptions({ roomId }),
    enabled: isOpen,
    staleTime: 30_000,
    retry: false,
  })
  return (
    <Dialog
      title="Previously…"
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <IconButton label="Previously…">
          <BookOpen size={18} />
        </IconButton>
      }
    >
      <div aria-live="polite" data-testid="recap">
        <Problem text={error ? messageOf(error) : null} />
        {isFetching && !data && <p className="text-soft">Leafing back…</p>}
        {data && (
          <>
            <div className="prose-story">
              <Markdown disallowedElements={['img']}>{data.text || 'Nothing has happened yet.'}</Markdown>
            </div>
            <p className="text-soft mt-4 text-xs">
              {data.source === 'model'
                ? 'Told by the narrator’s model, from what everyone at the table has seen.'
                : 'Gathered from the story so far.'}
            </p>
          </>
        )}
      </div>
    </Dialog>
  )
}
