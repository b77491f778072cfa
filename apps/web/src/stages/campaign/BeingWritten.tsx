import { Markdown } from '../../ui/markdown.tsx'
import { AsWritten, Guard } from '../../ui/guard.tsx'
import { type Live, useLive } from '../../live/live-store.ts'
import { TurnProgress } from './TurnProgress.tsx'

/** The end of the story while it is being written. */
export function BeingWritten() {
  const turn = useLive((state) => state.narrating)
  if (!turn) return null
  return (
    <Guard of={turn} instead={<AsWritten text={turn.text ?? ''} />}>
      <Writing turn={turn} />
    </Guard>
  )
}

function Writing({ turn }: { turn: NonNullable<Live['narrating']> }) {
  return (
    <section aria-label="Being written" data-testid="being-written" className="border-accent arrive border-l-2 pl-4">
      {turn.text && (
        <div className="prose-story mb-2">
          <Markdown text={turn.text} />
        </div>
      )}
      <TurnProgress label="The narrator" phase={turn.phase} startedAt={turn.startedAt} estimateMs={turn.estimateMs} />
    </section>
  )
}
