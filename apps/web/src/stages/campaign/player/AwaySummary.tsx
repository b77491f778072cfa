import { X } from 'lucide-react'
import { dismissAway, useLive } from '../../../live/live-store.ts'
import { IconButton } from '../../../ui/button.tsx'

export function AwaySummary() {
  const away = useLive((state) => state.away)
  if (away.length === 0) return null
  return (
    <section
      aria-label="While you were away"
      className="bg-raised border-line arrive flex items-start gap-3 border-b px-4 py-2 shadow-lg"
    >
      <div className="mx-auto w-full max-w-[42rem]">
        <h2 className="text-accent font-sans text-sm font-semibold">While you were away</h2>
        <ul className="max-h-40 overflow-y-auto text-sm [overflow-wrap:anywhere]">
          {away.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
      <IconButton label="Dismiss the summary" onClick={dismissAway}>
        <X size={17} />
      </IconButton>
    </section>
  )
}
