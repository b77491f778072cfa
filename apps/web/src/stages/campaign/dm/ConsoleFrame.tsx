import type { ReactNode } from 'react'

type Props = {
  /** The thing on the table in large: a map, a picture, a fight. Empty, it takes no room. */
  main?: ReactNode
  /** The story, and where the DM writes. */
  story: ReactNode
  /** The turn, and the next ones. Empty, it takes no room. */
  turns?: ReactNode
  /** The people at the table, and all that can be changed. */
  people: ReactNode
  /** False: `main` has the room of the story, too. */
  isStoryBeside?: boolean
  /** False: a small screen shows the turns in place of the story. */
  isStoryShown?: boolean
  /** A draft gets more room on a small screen. A page that is read gets it by itself. */
  grows: 'story' | null
  isStale: boolean
}

/**
 * The places of the DM's console below its bar. On a wide screen: `main` over the story at the left, `turns` over the people at the
 * right. On a small one they lie below each other. docs/architecture.md says what goes where.
 */
export function ConsoleFrame({
  main,
  story,
  turns,
  people,
  isStoryBeside = true,
  isStoryShown = true,
  grows,
  isStale,
}: Props) {
  return (
    <main
      className={`console-places ${grows === 'story' ? 'console-story-grows' : ''} ${isStoryShown ? '' : 'console-turns-alone'} ${isStale ? 'opacity-75' : ''}`}
    >
      <div
        className={`flex min-h-0 min-w-0 ${main ? 'console-main' : 'flex-col'} ${isStoryShown ? '' : 'max-md:hidden'}`}
      >
        {main && (
          <div data-place="main" className="flex min-h-0 min-w-0">
            {main}
          </div>
        )}
        <div
          data-place="story"
          className={`min-h-0 flex-col ${main ? '' : 'grow'} ${main && !isStoryBeside ? 'hidden' : 'flex'}`}
        >
          {story}
        </div>
      </div>
      {/* Where it is too low for a fight and a tab, all of it scrolls. */}
      <div className="border-line flex min-h-0 min-w-0 flex-col overflow-y-auto border-t md:border-t-0 md:border-l">
        {turns && (
          <div data-place="turns" className="flex shrink-0 grow flex-col">
            {turns}
          </div>
        )}
        <div
          data-place="people"
          className={`flex min-h-0 flex-col ${turns ? 'border-line bg-page sticky bottom-0 z-1 max-h-[max(50%,min(100%,16rem))] shrink-0 border-t' : 'grow'}`}
        >
          {people}
        </div>
      </div>
    </main>
  )
}
