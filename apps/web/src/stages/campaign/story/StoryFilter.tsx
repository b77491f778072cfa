import { ListFilter } from 'lucide-react'
import type { Shown } from './entry-kinds.ts'

const words: Record<Shown, string> = { all: 'Everything', story: 'Story only', bookkeeping: 'Rolls and changes' }
const nextOf: Record<Shown, Shown> = { all: 'story', story: 'bookkeeping', bookkeeping: 'all' }

export type StoryFilterProps = { shown: Shown; onChoose: (shown: Shown) => void }

/** Each click shows the next choice. It lies over the corner of the story, so that it takes no line of it. */
export const StoryFilter = ({ shown, onChoose }: StoryFilterProps) => (
  <button
    type="button"
    aria-label={`Shown in the story: ${words[shown]}`}
    title={`Shown: ${words[shown]}. Click for: ${words[nextOf[shown]]}`}
    className={`bg-card border-line absolute top-1 right-3 z-10 flex min-h-9 items-center justify-center gap-1.5 max-md:min-h-11 max-md:min-w-11 rounded-lg border px-2 text-xs ${shown === 'all' ? 'text-soft' : 'text-accent'}`}
    onClick={() => onChoose(nextOf[shown])}
  >
    <ListFilter size={15} aria-hidden="true" />
    {shown !== 'all' && words[shown]}
  </button>
)
