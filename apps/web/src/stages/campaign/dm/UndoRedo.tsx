import { asSentence, type NarrativeEntry, type Step, stepInWords, whatChanged } from '@tablecast/contracts'
import { Redo2, Undo2 } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
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
  const [asking, setAsking] = useState<{ kind: Kind; step: Step } | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  /** The step that a call is about, until the call is refused: its event may come later than its answer. */
  const taken = useRef<number | null>(null)

  const take = (kind: Kind, step: Step) => {
    if (taken.current === step.step) return
    taken.current = step.step
    api.campaign[kind].mutate({ roomId, campaignId, step: step.step, key: newKey() }).catch((error: unknown) => {
      taken.current = null
      notify('That did not work', messageOf(error))
    })
  }
  const isMine = ({ by }: Step) => by?.id === myId
  const clicked = (kind: Kind) => {
    const step = dm?.[kind]
    if (!step) return
    if (isMine(step)) return take(kind, step)
    setAsking({ kind, step })
    setIsOpen(true)
  }
  const pressed = (kind: Kind) => {
    const step = dm?.[kind]
    if (!step) return
    if (isMine(step)) take(kind, step)
    else notify(`Not ${doneOf(kind)}`, refusalOf(kind, step, entries))
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
          title={questionOf(asking.kind, asking.step)}
          text={asSentence(capital(stepInWords(asking.step, entries, myId)))}
          action={asking.kind === 'undo' ? 'Undo it' : 'Redo it'}
          open={isOpen}
          onOpenChange={setIsOpen}
          onConfirm={() => take(asking.kind, asking.step)}
        />
      )}
    </div>
  )
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
function refusalOf(kind: Kind, step: Step, entries: readonly NarrativeEntry[]): string {
  const who = step.by?.name ?? 'Somebody who is not at the table any more'
  const did = kind === 'undo' ? 'made the last change' : 'took this back'
  return `${asSentence(`${who} ${did}: ${whatChanged(step, entries)}`)} To ${kind} it all the same, use the ${labels[kind]} button or write /${kind}.`
}
