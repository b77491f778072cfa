import { asSentence, type NarrativeEntry, type Step, stepInWords, whatChanged } from '@tablecast/contracts'
import { Redo2, Undo2 } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { api, messageOf, newKey, refusalOf } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { useNotify } from '../../../ui/toast.tsx'

type Kind = 'undo' | 'redo'
type Props = { roomId: string; campaignId: string; myId: string; entries: readonly NarrativeEntry[] }

const labels = { undo: 'Undo', redo: 'Redo' }

/**
 * The buttons name the step that they take, and ask first when another DM made it. The keys take steps of one's own alone. Each call
 * says which step it means, so that one that comes in between is never taken unseen.
 */
export function UndoRedo({ roomId, campaignId, myId, entries }: Props) {
  const dm = useLive(({ room }) => room?.dm)
  const notify = useNotify()
  const [asking, setAsking] = useState<{ kind: Kind; step: Step; overwrites: string | null } | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  /** The step that a call is about, until the call is refused: its event may come later than its answer. */
  const taken = useRef<number | null>(null)

  /** `overwrites`: what a later change is, where the call would overwrite it. */
  const ask = (kind: Kind, step: Step, overwrites: string | null) => {
    setAsking({ kind, step, overwrites })
    setIsOpen(true)
  }
  const take = (kind: Kind, step: Step, force = false) => {
    if (taken.current === step.step) return
    taken.current = step.step
    api.campaign[kind].mutate({ roomId, campaignId, step: step.step, force, key: newKey() }).catch((error: unknown) => {
      taken.current = null
      if (isOverwriting(error)) ask(kind, step, messageOf(error))
      else notify('That did not work', messageOf(error))
    })
  }
  const isMine = ({ by }: Step) => by?.id === myId
  const clicked = (kind: Kind) => {
    const step = dm?.[kind]
    if (!step) return
    if (isMine(step)) return take(kind, step)
    ask(kind, step, null)
  }
  const pressed = (kind: Kind) => {
    const step = dm?.[kind]
    if (!step) return
    if (isMine(step)) take(kind, step)
    else notify(`Not ${doneOf(kind)}`, notMineWords(kind, step, entries))
  }

  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
      const kind = kindOf(event)
      if (isTyping || isOpen || kind === null) return
      event.preventDefault()
      pressed(kind)
    }
    addEventListener('keydown', keyed)
    return () => removeEventListener('keydown', keyed)
  })

  const button = (kind: Kind, picture: ReactNode) => {
    const step = dm?.[kind]
    return (
      <IconButton
        label={labels[kind]}
        data-command="Story"
        data-shown-key={kind === 'undo' ? '$mod+z' : '$mod+y'}
        title={step ? `${labels[kind]} ${stepInWords(step, entries, myId)}` : labels[kind]}
        disabled={!step}
        onClick={() => clicked(kind)}
      >
        {picture}
      </IconButton>
    )
  }
  return (
    <div className="flex">
      {button('undo', <Undo2 size={18} />)}
      {button('redo', <Redo2 size={18} />)}
      {asking && (
        <Confirm
          title={asking.overwrites ? 'Overwrite a later change?' : questionOf(asking.kind, asking.step)}
          text={asking.overwrites ?? asSentence(capital(stepInWords(asking.step, entries, myId)))}
          action={`${labels[asking.kind]} ${asking.overwrites ? 'anyway' : 'it'}`}
          open={isOpen}
          onOpenChange={setIsOpen}
          onConfirm={() => take(asking.kind, asking.step, asking.overwrites !== null)}
        />
      )}
    </div>
  )
}

/** The server refused it, because a later change wrote the same. Another CONFLICT says that another step comes first. */
function isOverwriting(error: unknown): boolean {
  const { code, details } = refusalOf(error) ?? {}
  return code === 'CONFLICT' && typeof details === 'object' && details !== null && 'later' in details
}

/** Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y; on a Mac with ⌘. */
function kindOf({ ctrlKey, metaKey, altKey, shiftKey, key }: KeyboardEvent): Kind | null {
  if (altKey || !(ctrlKey || metaKey)) return null
  const letter = key.toLowerCase()
  if (letter === 'y' && !shiftKey) return 'redo'
  if (letter !== 'z') return null
  return shiftKey ? 'redo' : 'undo'
}

const doneOf = (kind: Kind): string => (kind === 'undo' ? 'undone' : 'redone')

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const questionOf = (kind: Kind, { by }: Step): string => {
  if (kind === 'undo') return by ? `Undo the last step, which is ${by.name}’s?` : 'Undo an earlier step?'
  return by ? `Redo what ${by.name} took back?` : 'Redo what was taken back earlier?'
}

/** Says whose step it is, and how to take it all the same. */
function notMineWords(kind: Kind, step: Step, entries: readonly NarrativeEntry[]): string {
  const who = step.by?.name ?? 'Somebody who is not at the table any more'
  const did = kind === 'undo' ? 'made the last change' : 'took this back'
  return `${asSentence(`${who} ${did}: ${whatChanged(step, entries)}`)} To ${kind} it all the same, use the ${labels[kind]} button or write /${kind}.`
}
