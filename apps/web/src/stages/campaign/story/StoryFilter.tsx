import { useState } from 'react'
import { storage } from '../../../storage.ts'
import type { Shown } from './entry-kinds.ts'

const KEY = 'tablecast.story.shown'
const choices: readonly [Shown, string][] = [
  ['all', 'Everything'],
  ['story', 'Story only'],
  ['bookkeeping', 'Rolls and changes'],
]

const shownOf = (value: string | null): Shown => choices.find(([choice]) => choice === value)?.[0] ?? 'all'

/** The device remembers the choice. */
export function useStoryFilter(): { shown: Shown; choose: (value: string) => void } {
  const [shown, setShown] = useState(() => shownOf(storage.read(KEY)))
  const choose = (value: string) => {
    setShown(shownOf(value))
    storage.write(KEY, value)
  }
  return { shown, choose }
}

/** Lies over the corner of the story, so that it takes no line of it. */
export const StoryFilter = ({ shown, choose }: ReturnType<typeof useStoryFilter>) => (
  <select
    aria-label="Show in the story"
    value={shown}
    onChange={(event) => choose(event.target.value)}
    className={`bg-card border-line absolute top-1 right-3 z-10 min-h-9 max-w-28 rounded-lg border px-1 text-xs ${shown === 'all' ? 'text-soft' : 'text-accent'}`}
  >
    {choices.map(([value, words]) => (
      <option key={value} value={value}>
        {words}
      </option>
    ))}
  </select>
)
