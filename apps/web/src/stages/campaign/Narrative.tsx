import type { NarrativeEntry } from '@tablecast/contracts'
import { ArrowDown } from 'lucide-react'
import { type ComponentProps, memo, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { AsWritten, Guard } from '../../ui/guard.tsx'
import { foldedRuns, isShown, keepShown, readShown, type Shown } from './story/entry-kinds.ts'
import { StoryEntry, type StoryPlace } from './story/StoryEntry.tsx'
import { TurnLine } from './story/TurnLine.tsx'
import { useRoomAbove } from './story/use-room-above.tsx'
import { useLaterPart } from './use-later-part.ts'

const loadMenu = () => import('./story/EntryMenu.tsx').then(({ EntryMenu }) => EntryMenu)
const loadFilter = () => import('./story/StoryFilter.tsx').then(({ StoryFilter }) => StoryFilter)

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
  /** Where the reader may edit and delete; undefined for a reader who can only read. */
  place?: StoryPlace | undefined
  /** Whether the picture of the scene lies over the top of the story. */
  isUnderScene?: boolean
}

/**
 * The story, oldest first. A reader at the end follows it. A reader who scrolled up keeps the position and sees that there is news, until
 * an entry of their own arrives.
 */
export function Narrative({
  entries: all,
  more,
  loadOlder,
  label = 'Story',
  tail,
  tailKey,
  onAnswer,
  place,
  isUnderScene = false,
}: Props) {
  const { Part: EntryMenu } = useLaterPart(loadMenu, place !== undefined)
  const { Part: StoryFilter } = useLaterPart(loadFilter, place !== undefined)
  const [shown, setShown] = useState(readShown)
  const filter = place ? shown : 'all'
  // By hand: the compiler does not keep what an effect reads, and each update of the table would compare the whole story.
  const entries = useMemo(() => all.filter((entry) => isShown(entry, filter)), [all, filter])
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const lastTop = useRef(0)
  const heightBefore = useRef(0)
  const [readUpTo, setReadUpTo] = useState<string | null>(null)
  const [isLoading, setIsLoading] = useState(false)
  const newest = entries.at(-1)?.id ?? null
  const oldest = entries[0]?.id ?? null

  const toEnd = () => {
    const element = box.current
    // Out of sight nothing is laid out; the observer goes to the end when it is seen again.
    if (element && isInSight(element)) element.scrollTop = element.scrollHeight
    isAtEnd.current = true
    setReadUpTo(null)
  }

  const known = useRef(newest)
  const myId = place?.myId
  useLayoutEffect(() => {
    const arrived =
      known.current === newest ? [] : entries.slice(entries.findIndex(({ id }) => id === known.current) + 1)
    known.current = newest
    if (isAtEnd.current || arrived.some(({ author }) => author.id === myId)) toEnd()
    // Other changes of the entries, such as an older page, move nothing.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [newest, tailKey, shown])

  const roomAbove = useRoomAbove(isUnderScene)

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
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < 80
    // Only a reader moves up. Text that grows before the scroll is reported takes nobody from the end.
    isAtEnd.current = isNear || (wasAtEnd && element.scrollTop >= lastTop.current)
    lastTop.current = element.scrollTop
    if (isAtEnd.current && readUpTo !== null) setReadUpTo(null)
    if (wasAtEnd && !isAtEnd.current) setReadUpTo(newest)
    if (element.scrollTop < 120) load()
  }

  const choose = (next: Shown) => {
    setShown(next)
    keepShown(next)
  }

  const load = () => {
    if (!more || !loadOlder || isLoading) return
    setIsLoading(true)
    heightBefore.current = box.current?.scrollHeight ?? 0
    void loadOlder().finally(() => setIsLoading(false))
  }

  const firstUnread = readUpTo === null ? -1 : entries.findIndex(({ id }) => id === readUpTo) + 1
  const unread = firstUnread > 0 ? entries.length - firstUnread : 0
  const firstUnreadId = unread > 0 ? entries[firstUnread]?.id : undefined
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
        className="story-log min-h-0 grow overflow-y-auto px-4 sm:px-8"
      >
        {roomAbove}
        <div className="mx-auto flex max-w-[42rem] flex-col gap-5">
          {more && loadOlder && (
            <Button look="quiet" className="self-center" disabled={isLoading} onClick={load}>
              {isLoading ? 'Turning pages…' : 'Earlier in the story'}
            </Button>
          )}
          {entries.length === 0 && (
            <p className="text-soft text-center italic">
              {all.length === 0 ? 'The story has not begun yet.' : 'Nothing of this kind is on these pages.'}
            </p>
          )}
          {foldedRuns(entries).map((run) => (
            <StoryRun
              key={run[0]?.id}
              run={run}
              firstUnreadId={run.some(({ id }) => id === firstUnreadId) ? firstUnreadId : undefined}
              place={place}
              EntryMenu={EntryMenu}
              onAnswer={onAnswer}
            />
          ))}
          {tail}
        </div>
      </div>
      {StoryFilter && all.length > 0 && <StoryFilter shown={shown} onChoose={choose} />}
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

/** Browsers from before 2024 can't tell, and lay nothing out that is not displayed. */
const isInSight = (element: Element): boolean => !('checkVisibility' in element) || element.checkVisibility()

const NewMark = () => <p className="text-accent mb-4 border-t border-current pt-1 text-center text-xs">New</p>

type StoryRunProps = {
  run: readonly NarrativeEntry[]
  /** Undefined for a run that has not the first unread entry. */
  firstUnreadId: string | undefined
} & Omit<ComponentProps<typeof StoryEntry>, 'entry'>

/** Drawn again only when it changes: a new entry costs the same below a long story. */
const StoryRun = memo(function StoryRun({ run, firstUnreadId, ...told }: StoryRunProps) {
  return (
    <Folded run={run} firstUnreadId={firstUnreadId}>
      {run.map((entry) => (
        <div key={entry.id}>
          {entry.id === firstUnreadId && <NewMark />}
          <Guard of={entry} instead={<AsWritten text={`${entry.author.name}: ${entry.text}`} />}>
            <StoryEntry entry={entry} {...told} />
          </Guard>
        </div>
      ))}
    </Folded>
  )
}, areSame)

function areSame(before: StoryRunProps, now: StoryRunProps): boolean {
  return (
    before.firstUnreadId === now.firstUnreadId &&
    before.place === now.place &&
    before.EntryMenu === now.EntryMenu &&
    before.onAnswer === now.onAnswer &&
    before.run.length === now.run.length &&
    before.run.every((entry, at) => entry === now.run[at])
  )
}

type FoldedProps = { run: readonly NarrativeEntry[]; firstUnreadId: string | undefined; children: ReactNode }

/** A turn of a fight is one line, and so are several lines of bookkeeping, until somebody unfolds them. */
function Folded({ run, firstUnreadId, children }: FoldedProps) {
  const [isOpen, setIsOpen] = useState(false)
  if (run[0]?.turn !== undefined)
    return (
      <div>
        {!isOpen && run.some(({ id }) => id === firstUnreadId) && <NewMark />}
        <TurnLine entries={run} isOpen={isOpen} onOpen={setIsOpen}>
          {children}
        </TurnLine>
      </div>
    )
  if (run.length === 1) return children
  return (
    <details>
      <summary className="text-soft cursor-pointer text-sm">{run.length} lines of bookkeeping</summary>
      <div className="mt-3 flex flex-col gap-3">{children}</div>
    </details>
  )
}
