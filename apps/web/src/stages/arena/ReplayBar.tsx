import { Pause, Play } from 'lucide-react'
import { Button, IconButton } from '../../ui/button.tsx'
import { type Replay, speeds } from './use-replay.ts'

export function ReplayBar({ replay, onClose }: { replay: Replay; onClose: () => void }) {
  const { place, length, isPlaying, speed } = replay
  return (
    <section aria-label="Replay" className="panel bg-raised flex flex-wrap items-center gap-3 !py-2">
      <IconButton
        label={isPlaying ? 'Pause the replay' : 'Play the replay'}
        look="primary"
        onClick={() => replay.play(!isPlaying)}
      >
        {isPlaying ? <Pause size={18} /> : <Play size={18} />}
      </IconButton>
      <input
        type="range"
        aria-label="Place in the recording"
        aria-valuetext={`Event ${place} of ${length}, round ${replay.game.round}`}
        min={0}
        max={length}
        value={place}
        onChange={(event) => replay.seek(Number(event.target.value))}
        className="h-11 min-w-40 grow accent-[var(--accent)]"
      />
      <span className="text-soft text-sm tabular-nums">
        {place} / {length}
      </span>
      <div role="group" aria-label="Speed" className="flex gap-1">
        {speeds.map((value) => (
          <Button
            key={value}
            look={speed === value ? 'primary' : 'plain'}
            aria-pressed={speed === value}
            className="!px-3"
            onClick={() => replay.choose(value)}
          >
            {value}×
          </Button>
        ))}
      </div>
      <Button look="quiet" onClick={onClose}>
        Close
      </Button>
    </section>
  )
}
