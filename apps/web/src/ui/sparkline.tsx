/** The shape of the newest values. Show the values in words beside it. */
export function Sparkline({ values, className = '' }: { values: readonly number[]; className?: string }) {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span = high - low || 1
  const points = values.map((value, place) => {
    const x = values.length === 1 ? 100 : (place / (values.length - 1)) * 100
    return `${x.toFixed(2)},${(28 - ((value - low) / span) * 26).toFixed(2)}`
  })
  return (
    <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true" className={`text-accent ${className}`}>
      {values.length > 0 && (
        <polyline
          points={points.join(' ')}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  )
}
