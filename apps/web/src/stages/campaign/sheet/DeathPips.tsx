type Props = { name: string; successes: number; failures: number }

/** Three pips each way. */
export const DeathPips = ({ name, successes, failures }: Props) => (
  <span
    role="img"
    aria-label={`Death saves of ${name}: ${successes} of 3 made, ${failures} of 3 failed`}
    className="inline-flex items-center gap-1.5 whitespace-nowrap"
  >
    <Pips filled={successes} colour="bg-good border-good" />
    <span aria-hidden="true" className="text-soft">
      /
    </span>
    <Pips filled={failures} colour="bg-bad border-bad" />
  </span>
)

const Pips = ({ filled, colour }: { filled: number; colour: string }) => (
  <span aria-hidden="true" className="inline-flex gap-0.5">
    {[0, 1, 2].map((place) => (
      <span key={place} className={`size-2.5 rounded-full border ${place < filled ? colour : 'border-soft'}`} />
    ))}
  </span>
)
