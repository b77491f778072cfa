import { Section } from '../../../ui/section.tsx'
import { HandoutBox } from './HandoutBox.tsx'
import type { ShownHandout } from '@tablecast/contracts'
import { lookAt } from './viewer/looking.ts'

/** The handouts that the player was shown. Each opens in large. */
export function HandoutShelf({ handouts }: { handouts: readonly ShownHandout[] }) {
  if (handouts.length === 0) return null
  return (
    <Section title="Handouts">
      <ul className="grid grid-cols-2 gap-2">
        {handouts.map((handout) => (
          <li key={handout.id}>
            <HandoutButton handout={handout} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function HandoutButton({ handout }: { handout: ShownHandout }) {
  return (
    <button
      type="button"
      data-command="Handouts"
      aria-label={`Look at ${handout.title}`}
      aria-haspopup="dialog"
      className="border-line hover:border-accent w-full overflow-hidden rounded-lg border text-left text-sm"
      onClick={() => lookAt(handout.id)}
    >
      <HandoutBox handout={handout} fit="cover" ratio={4 / 3} />
      <span className="block px-2 py-1.5">
        <span dir="auto" className="line-clamp-2">
          {handout.title}
        </span>
      </span>
    </button>
  )
}
