import type { TurnCue } from '../use-news.ts'

export function TurnBanner({ cue }: { cue: TurnCue }) {
  if (!cue) return null
  return cue === 'your_turn' ? (
    <p className="bg-accent text-on-accent arrive px-4 py-2 text-center text-lg font-semibold">Your turn</p>
  ) : (
    <p className="bg-raised text-accent arrive px-4 py-1 text-center text-sm">On deck: you are next</p>
  )
}
