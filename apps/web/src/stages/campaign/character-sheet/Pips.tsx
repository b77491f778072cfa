/** More are a number alone. */
const MOST_DRAWN = 12

/** The uses that are left: full and empty pips, and in words. */
export const Pips = ({ name, left, most }: { name: string; left: number; most: number }) => (
  <p role="img" aria-label={`${name}: ${left} of ${most} left`} className="flex flex-wrap items-center gap-1">
    {most <= MOST_DRAWN &&
      Array.from({ length: most }, (_one, place) => (
        <span
          key={place}
          aria-hidden="true"
          className={`size-3.5 rounded-full border-2 ${place < left ? 'border-accent bg-accent' : 'border-soft'}`}
        />
      ))}
    <span aria-hidden="true" className="text-soft ml-1 text-xs tabular-nums">
      {left}/{most}
    </span>
  </p>
)
