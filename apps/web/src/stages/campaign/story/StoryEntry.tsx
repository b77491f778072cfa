import type { NarrativeEntry } from '@tablecast/contracts'
import { Ear, EyeOff, Feather } from 'lucide-react'
import type { ComponentType } from 'react'
import { Button } from '../../../ui/button.tsx'
import { clockTime } from '../../../ui/clock-time.ts'
import { Markdown } from '../../../ui/markdown.tsx'
import { AuthorFace } from '../pictures/AuthorFace.tsx'
import { StoryHandout } from '../pictures/StoryHandout.tsx'
import { Roll } from '../Roll.tsx'
import { isBookkeeping } from './entry-kinds.ts'

/** `isDm`: a DM edits and deletes every entry, a player their own. */
export type StoryPlace = { roomId: string; campaignId: string; myId: string; isDm: boolean }
export type EntryMenuProps = { entry: NarrativeEntry; place: StoryPlace }

type Props = {
  entry: NarrativeEntry
  /** Where the reader may edit and delete; undefined for a reader who can only read. */
  place?: StoryPlace | undefined
  /** Null until it has loaded. */
  EntryMenu: ComponentType<EntryMenuProps> | null
  /** For the DM: has the narrator answer an entry of a player. */
  onAnswer?: ((entry: NarrativeEntry) => void) | undefined
}

/** A DM sees a withdrawn entry struck through. Players get it without words. */
export function StoryEntry(props: Props) {
  const { entry } = props
  const hasNoWords = entry.withdrawn && entry.text === '' && entry.rolls.length === 0
  return hasNoWords ? <TakenBack entry={entry} /> : <Told {...props} />
}

const TakenBack = ({ entry }: { entry: NarrativeEntry }) => (
  <article data-testid="entry" data-entry={entry.id} className="text-soft text-center text-xs italic">
    {entry.audience === 'member' ? 'A whisper was taken back' : 'Taken back'}
  </article>
)

const looks: Record<NarrativeEntry['kind'], string> = {
  narration: '',
  system: 'border-line text-soft border-l-2 border-dotted pl-4 text-sm',
  player: 'border-line border-l-2 pl-4',
  roll: 'border-line border-l-2 border-dotted pl-4 text-sm',
  whisper: 'border-accent border-l-2 pl-4 italic',
}

function Told({ entry, place, EntryMenu, onAnswer }: Props) {
  const { kind, author, text, rolls, audience, member, withdrawn, at, id, picture } = entry
  const isVoice = kind === 'player' || kind === 'roll' || kind === 'whisper'
  return (
    <article
      data-testid="entry"
      data-entry={id}
      data-kind={isBookkeeping(entry) ? 'bookkeeping' : 'story'}
      className={`arrive flow-root ${looks[kind]}`}
    >
      {place && EntryMenu && <EntryMenu entry={entry} place={place} />}
      <div className={withdrawn ? 'line-through opacity-60' : ''}>
        {isVoice && (
          <p className="text-soft mb-0.5 text-sm break-words">
            <AuthorFace author={author} /> <span className="text-ink font-semibold">{author.name}</span>{' '}
            <time dateTime={at}>{clockTime(at)}</time>
          </p>
        )}
        {audience === 'member' && (
          <p className="text-accent mb-0.5 flex items-center gap-1.5 text-xs not-italic">
            <Ear size={13} aria-hidden="true" className="shrink-0" /> Whispered: only {member?.name ?? 'one player'} and
            the DM
          </p>
        )}
        {withdrawn && <p className="text-soft text-xs no-underline">{takenBackWords(entry)}</p>}
        <div className="flex flex-wrap items-baseline gap-x-3">
          <div className={`min-w-0 ${isBookkeeping(entry) ? '[overflow-wrap:anywhere]' : 'prose-story'}`}>
            <Markdown text={text} />
          </div>
          {audience === 'dm' && (
            <span className="text-warn inline-flex items-center gap-1 text-xs">
              <EyeOff size={13} aria-hidden="true" className="shrink-0 self-center" /> Only DMs see this
            </span>
          )}
          {entry.editedBy !== undefined && (
            <span className="text-soft text-xs not-italic">edited by {entry.editedBy}</span>
          )}
        </div>
        {picture && !withdrawn && <StoryHandout id={picture.handoutId} />}
        {rolls.map((roll, index) => (
          <Roll key={index} roll={roll} />
        ))}
      </div>
      {onAnswer && kind === 'player' && !withdrawn && (
        <Button look="quiet" className="-ml-4 text-sm md:!min-h-9" onClick={() => onAnswer(entry)}>
          <Feather size={15} aria-hidden="true" /> Answer
        </Button>
      )}
    </article>
  )
}

function takenBackWords({ deleted, takenBackBy }: NarrativeEntry): string {
  const done = deleted ? 'Deleted' : 'Taken back'
  return takenBackBy ? `${done} by ${takenBackBy}` : done
}
