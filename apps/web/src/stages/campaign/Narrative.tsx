import type { NarrativeEntry } from '@tablecast/contracts'
import { ArrowDown, Ear, EyeOff, Feather } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Markdown } from '../../ui/markdown.tsx'
import { Button } from '../../ui/button.tsx'
import { clockTime } from '../../ui/clock-time.ts'
import { AsWritten, Guard } from '../../ui/guard.tsx'
import { Roll } from './Roll.tsx'

type Props = {
  entries: readonly NarrativeEntry[]
  more: boolean
  loadOlder?: (() => Promise<unknown>) | undefined
  label?: string
  /** Shown after the newest entry. `tailKey` changes as it grows. */
  tail?: ReactNode
  tailKey?: string | number
  /** For the DM: has the narrator answer an entry of a player. */
  onAnswer?: ((entry: NarrativeEntry) => void) | undefined
}

/** The story, oldest first. A reader at the end follows it. A reader who scrolled up keeps the position and sees that there is news. */
export function Narrative({ entries, more, loadOlder, label = 'Story', tail, tailKey, onAnswer }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const heightBefore = useRef(0)
  const [readUpTo, setReadUpTo] = useState<string | null>(null)
  const [isLoading, setIsLoading] = useState(false)
  const newest = entries.at(-1)?.id ?? null
  const oldest = entries[0]?.id ?? null

  const toEnd = () => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
    isAtEnd.current = true
    setReadUpTo(null)
  }

  useLayoutEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [newest, tailKey])

  // An older page that is added above must not move the text that is being read.
  useLayoutEffect(() => {
    const element = box.current
    if (element && heightBefore.current > 0) element.scrollTop += element.scrollHeight - heightBefore.current
    heightBefore.current = 0
  }, [oldest])

  // A new window size, fonts and a late parser change the height of the text above.
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight
    })
    for (const changing of [element, ...element.children]) observer.observe(changing)
    return () => observer.disconnect()
  }, [])

  const scrolled = () => {
    const element = box.current
    if (!element) return
    const wasAtEnd = isAtEnd.current
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80
    if (isAtEnd.current && readUpTo !== null) setReadUpTo(null)
    if (wasAtEnd && !isAtEnd.current) setReadUpTo(newest)
    if (element.scrollTop < 120) load()
  }

  const load = () => {
    if (!more || !loadOlder || isLoading) return
    setIsLoading(true)
    heightBefore.current = box.current?.scrollHeight ?? 0
    void loadOlder().finally(() => setIsLoading(false))
  }

  const firstUnread = readUpTo === null ? -1 : entries.findIndex(({ id }) => id === readUpTo) + 1
  const unread = firstUnread > 0 ? entries.length - firstUnread : 0
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <div
        ref={box}
        onScroll={scrolled}
        role="log"
        data-skip={label}
        aria-label={label}
        aria-live="off"
        tabIndex={0}
        className="min-h-0 grow overflow-y-auto px-4 py-6 sm:px-8"
      >
        <div className="mx-auto flex max-w-[42rem] flex-col gap-5">
          {more && loadOlder && (
            <Button look="quiet" className="self-center" disabled={isLoading} onClick={load}>
              {isLoading ? 'Turning pages…' : 'Earlier in the story'}
            </Button>
          )}
          {entries.length === 0 && <p className="text-soft text-center italic">The story has not begun yet.</p>}
          {entries.map((entry, place) => (
            <div key={entry.id}>
              {place === firstUnread && unread > 0 && (
                <p className="text-accent mb-4 border-t border-current pt-1 text-center text-xs">New</p>
              )}
              <Guard of={entry} instead={<AsWritten text={`${entry.author.name}: ${entry.text}`} />}>
                <Entry entry={entry} onAnswer={onAnswer} />
              </Guard>
            </div>
          ))}
          {tail}
        </div>
      </div>
      {unread > 0 && (
        <Button
          look="primary"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-xl"
          onClick={toEnd}
        >
          <ArrowDown size={16} /> Jump to latest ({unread})
        </Button>
      )}
    </div>
  )
}

/** A DM sees a withdrawn entry struck through. Players get it without words. */
function Entry({ entry, onAnswer }: { entry: NarrativeEntry; onAnswer: Props['onAnswer'] }) {
  const hasNoWords = entry.withdrawn && entry.text === '' && entry.rolls.length === 0
  return hasNoWords ? <TakenBack entry={entry} /> : <Told entry={entry} onAnswer={onAnswer} />
}

const TakenBack = ({ entry }: { entry: NarrativeEntry }) => (
  <article data-testid="entry" data-entry={entry.id} className="text-soft text-center text-xs italic">
    {entry.audience === 'member' ? 'A whisper was taken back' : 'Taken back'}
  </article>
)

function Told({ entry, onAnswer }: { entry: NarrativeEntry; onAnswer: Props['onAnswer'] }) {
  const { kind, author, text, rolls, audience, member, withdrawn, takenBackBy, at, id } = entry
  const isVoice = kind === 'player' || kind === 'roll' || kind === 'whisper'
  const look = {
    narration: '',
    system: 'text-soft text-center text-sm',
    player: 'border-line border-l-2 pl-4',
    roll: 'border-line border-l-2 pl-4',
    whisper: 'border-accent border-l-2 pl-4 italic',
  }[kind]
  return (
    <article
      data-testid="entry"
      data-entry={id}
      className={`arrive ${look} ${withdrawn ? 'line-through opacity-60' : ''}`}
    >
      {isVoice && (
        <p className="text-soft mb-0.5 text-sm break-words">
          <span className="text-ink font-semibold">{author.name}</span> <time dateTime={at}>{clockTime(at)}</time>
        </p>
      )}
      {audience === 'dm' && (
        <p className="text-warn mb-0.5 flex items-center gap-1.5 text-xs">
          <EyeOff size={13} aria-hidden="true" /> Only DMs see this
        </p>
      )}
      {audience === 'member' && (
        <p className="text-accent mb-0.5 flex items-center gap-1.5 text-xs not-italic">
          <Ear size={13} aria-hidden="true" className="shrink-0" /> Whispered: only {member?.name ?? 'one player'} and
          the DM
        </p>
      )}
      {withdrawn && (
        <p className="text-soft text-xs no-underline">{takenBackBy ? `Taken back by ${takenBackBy}` : 'Taken back'}</p>
      )}
      <div className={kind === 'system' ? '' : 'prose-story'}>
        <Markdown text={text} />
      </div>
      {rolls.map((roll, place) => (
        <Roll key={place} roll={roll} />
      ))}
      {onAnswer && kind === 'player' && !withdrawn && (
        <Button look="quiet" className="-ml-4 !min-h-9 text-sm" onClick={() => onAnswer(entry)}>
          <Feather size={15} aria-hidden="true" /> Answer
        </Button>
      )}
    </article>
  )
}
