import { BookOpen, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { storage } from '../../storage.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { usePart } from '../../ui/use-part.tsx'

export const loadRecap = async () => (await import('./RecapDialog.tsx')).RecapDialog

/** “Previously…”, whenever one wants it. */
export function RecapButton({ roomId }: { roomId: string }) {
  const { open, dialog } = useRecap(roomId)
  return (
    <>
      <IconButton label="Previously…" aria-haspopup="dialog" onClick={open}>
        <BookOpen size={18} />
      </IconButton>
      {dialog}
    </>
  )
}

/** The same, offered to who comes late or comes back for another session. */
export function RecapOffer({ roomId, campaignId, entries }: { roomId: string; campaignId: string; entries: number }) {
  const [isOffered, setIsOffered] = useState(() => entries >= MIN_ENTRIES && wasAway(campaignId))
  const { open, dialog } = useRecap(roomId)
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
      <Button look="quiet" className="!text-accent" aria-haspopup="dialog" onClick={open}>
        Read what happened before
      </Button>
      {dialog}
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
const seen = (campaignId: string) => storage.write(keyOf(campaignId), String(Date.now()))
const wasAway = (campaignId: string) => Date.now() - Number(storage.read(keyOf(campaignId)) ?? 0) > AWAY_MS

function useRecap(roomId: string): { open: () => void; dialog: ReactNode } {
  const { Part: RecapDialog, want, problem } = usePart(loadRecap)
  const [isOpen, setOpen] = useState(false)
  const open = () => {
    setOpen(true)
    if (!RecapDialog) want()
  }
  return { open, dialog: RecapDialog ? <RecapDialog roomId={roomId} isOpen={isOpen} setOpen={setOpen} /> : problem }
}
