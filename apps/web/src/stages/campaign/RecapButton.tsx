import { BookOpen, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { storage } from '../../storage.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useDialogPart } from '../../ui/use-part.tsx'

export const loadRecap = async () => (await import('./RecapDialog.tsx')).RecapDialog

/** “Previously…”: opens the recap at any time. */
export function RecapButton({ roomId }: { roomId: string }) {
  const { open, dialog } = useRecap(roomId)
  return (
    <>
      <IconButton
        label="Previously…"
        data-command="Story"
        data-words="recap summary"
        aria-haspopup="dialog"
        onClick={open}
      >
        <BookOpen size={18} />
      </IconButton>
      {dialog}
    </>
  )
}

/** Whether to offer the recap: to a player who joins late or comes back after a long break. `campaign`: the same one at each call. */
export function useRecapOffer(campaign: { id: string; entries: readonly unknown[] } | null) {
  const id = campaign?.id ?? null
  const [isOffered, setIsOffered] = useState(
    () => campaign !== null && campaign.entries.length >= MIN_ENTRIES && wasAway(campaign.id),
  )
  useEffect(() => {
    if (id === null) return
    seen(id)
    const timer = setInterval(() => seen(id), SEEN_INTERVAL_MS)
    return () => clearInterval(timer)
  }, [id])
  return { isOffered, dismiss: () => setIsOffered(false) }
}

export function RecapOffer({ roomId, onDismiss }: { roomId: string; onDismiss: () => void }) {
  const { open, dialog } = useRecap(roomId)
  return (
    <aside
      aria-label="What happened before"
      className="bg-raised border-line flex items-center justify-center gap-2 border-b px-4 py-1 text-sm"
    >
      <Button look="quiet" className="!text-accent" aria-haspopup="dialog" onClick={open}>
        Read what happened before
      </Button>
      {dialog}
      <IconButton label="No recap, thank you" onClick={onDismiss}>
        <X size={16} />
      </IconButton>
    </aside>
  )
}

const MIN_ENTRIES = 5
const SEEN_INTERVAL_MS = 60_000
/** A longer absence counts as a new session of play. */
const MIN_AWAY_MS = 3 * 3_600_000

const keyOf = (campaignId: string) => `tablecast.seen.${campaignId}`
const seen = (campaignId: string) => storage.write(keyOf(campaignId), String(Date.now()))
const wasAway = (campaignId: string) => Date.now() - Number(storage.read(keyOf(campaignId)) ?? 0) > MIN_AWAY_MS

function useRecap(roomId: string): { open: () => void; dialog: ReactNode } {
  const { Part: RecapDialog, isOpen, open, setOpen, problem } = useDialogPart(loadRecap)
  return { open, dialog: RecapDialog ? <RecapDialog roomId={roomId} isOpen={isOpen} setOpen={setOpen} /> : problem }
}
