import { isAtWork, type TurnPhase } from '@tablecast/contracts'
import { useServerNow } from '../../use-server-now.ts'

const words: Record<TurnPhase, string> = {
  received: 'Received',
  thinking: 'Thinking',
  writing: 'Writing',
  checking: 'Checking',
  ready: 'Ready to publish',
  failed: 'Nothing came',
  cut: 'Broken off',
}
const steps: readonly TurnPhase[] = ['received', 'thinking', 'writing', 'checking']

type Props = { phase: TurnPhase; startedAt: string; estimateMs: number | null; label: string }

/** How far the narrator is, since when, and how long it usually takes. Only a new phase is said aloud. */
export function TurnProgress({ phase, startedAt, estimateMs, label }: Props) {
  const isRunning = isAtWork(phase)
  const now = useServerNow(isRunning ? 500 : null)
  const seconds = Math.max(0, Math.round((now - Date.parse(startedAt)) / 1_000))
  const usual = estimateMs === null ? null : Math.max(1, Math.round(estimateMs / 1_000))
  return (
    <div data-testid="progress" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <p role="status" className="font-semibold">
        <span className="sr-only">{label}: </span>
        {words[phase]}
      </p>
      {isRunning && (
        <>
          <span aria-hidden="true" className="flex gap-1">
            {steps.map((step, place) => (
              <span
                key={step}
                className={`h-1.5 w-6 rounded-full ${place < steps.indexOf(phase) ? 'bg-accent' : place === steps.indexOf(phase) ? 'bg-accent animate-pulse' : 'bg-line'}`}
              />
            ))}
          </span>
          <span className="text-soft tabular-nums">
            {seconds} s{usual === null ? '' : ` of about ${usual} s`}
          </span>
        </>
      )}
    </div>
  )
}
