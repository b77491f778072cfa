import { useQuery } from '@tanstack/react-query'
import { BookOpen, X } from 'lucide-react'
import { type ReactElement, useEffect, useState } from 'react'
import Markdown from 'react-markdown'
import { messageOf, queries } from '../../api.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/field.tsx'

/** “Previously…”, whenever one wants it. */
export function RecapButton({ roomId }: { roomId: string }) {
  return (
    <RecapDialog
      roomId={roomId}
      trigger={
        <IconButton label="Previously…">
          <BookOpen size={18} />
        </IconButton>
      }
    />
  )
}

/** The same, offered to who comes late or comes back for another session. */
export function RecapOffer({ roomId, campaignId, entries }: { roomId: string; campaignId: string; entries: number }) {
  const [isOffered, setIsOffered] = useState(() => entries >= MIN_ENTRIES && wasAway(campaignId))
  useEffect(() => {
    seen(campaignId)
    const timer = setInterval(() => seen(campaignId), SEEN_MS)
    return () => clearInterval(timer)
  }, [campaignId])
  if (!isOffered) return null
  return (
    <aside
      aria-label="What happened before"
      className="bg-raised border-line flex items-center justify-center gap-2 border-b px-4 py-1 text-sm"
    >
      <RecapDialog
        roomId={roomId}
        trigger={
          <Button look="quiet" className="!text-accent">
            Read what happened before
          </Button>
        }
      />
      <IconButton label="No recap, thank you" onClick={() => setIsOffered(false)}>
        <X size={16} />
      </IconButton>
    </aside>
  )
}

const MIN_ENTRIES = 5
const SEEN_MS = 60_000
/** Who was away for longer comes back to another session. */
const AWAY_MS = 3 * 3_600_000

const keyOf = (campaignId: string) => `tablecast.seen.${campaignId}`
const seen = (campaignId: string) => localStorage.setItem(keyOf(campaignId), String(Date.now()))
const wasAway = (campaignId: string) => Date.now() - Number(localStorage.getItem(keyOf(campaignId)) ?? 0) > AWAY_MS

function RecapDialog({ roomId, trigger }: { roomId: string; trigger: ReactElement }) {
  const [isOpen, setIsOpen] = useState(false)
  const { data, error, isFetching } = useQuery({
    ...queries.narrator.recap.queryOptions({ roomId }),
    enabled: isOpen,
    staleTime: 30_000,
    retry: false,
  })
  return (
    <Dialog title="Previously…" open={isOpen} onOpenChange={setIsOpen} trigger={trigger}>
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
