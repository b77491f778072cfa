import type { DiceChain, DiceRoll } from '@tablecast/contracts'
import { Download } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { saveAs } from '../../../ui/save-as.ts'
import type { DiceReport } from './check-chains.ts'

/** The seeds that DMs have shown, each with its rolls as a file that `docs/dice.md` checks. */
export function ShownSeeds({ report: { chains, rolls } }: { report: DiceReport }) {
  const shown = chains.filter(({ seed }) => seed !== null)
  if (shown.length === 0) return null
  return (
    <details>
      <summary className="cursor-pointer py-3 text-sm font-semibold">
        {shown.length === 1 ? 'One seed was shown' : `${shown.length.toLocaleString('en')} seeds were shown`}
      </summary>
      <ul className="mt-2 flex flex-col gap-4">
        {shown.map((chain) => (
          <ShownSeed key={chain.id} chain={chain} rolls={rolls.get(chain.id) ?? []} />
        ))}
      </ul>
    </details>
  )
}

function ShownSeed({ chain, rolls }: { chain: DiceChain; rolls: readonly DiceRoll[] }) {
  const at = new Date(chain.revealedAt ?? chain.beganAt)
  const save = () => {
    const day = at.toISOString().slice(0, 10)
    saveAs(
      `dice-${day}-${chain.hash.slice(0, 8)}.json`,
      new Blob([JSON.stringify({ ...chain, rolls }, null, 1)], { type: 'application/json' }),
    )
  }
  return (
    <li className="text-sm">
      <p>
        {chain.kind === 'secret' ? 'Secret dice, shown' : 'Shown'} {at.toLocaleString()}
      </p>
      <p className="text-soft">
        Seed: <code className="block break-all">{chain.seed}</code>
      </p>
      <p className="text-soft">
        Its SHA-256: <code className="block break-all">{chain.hash}</code>
      </p>
      <Button look="quiet" className="!px-2" onClick={save}>
        <Download size={16} aria-hidden="true" /> Save the rolls ({rolls.length.toLocaleString('en')})
      </Button>
    </li>
  )
}
