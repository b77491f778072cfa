import type { TurnCue } from '../use-news.ts'

export function TurnBanner({ cue }: { cue: TurnCue }) {
  if (!cue) return null
  return cue === 'your_turn' ? (
    <p className="shrink-0 px-4 text-lg font-semibold">Your turn</p>
  ) : (
    <p className="bg-raised text-accent flex h-full shrink-0 items-center px-4 text-sm">
      <span className="sm:hidden">You are next</span>
      <span className="max-sm:hidden">On deck: you are next</span>
    </p>
  )
}
