// The lines of the story that tell of seeds. No undo takes them back: they are part of no step.
import type { DraftEntry } from '@tablecast/narrator'
import type { DiceChainKind } from '@tablecast/store'

export const beginningLine = (hash: string): DraftEntry => ({
  ...line(
    `New dice. The SHA-256 of their seed is \`${hash}\`. Once a DM shows the seed, everybody can check the rolls.`,
    'open',
  ),
  isBookkeeping: true,
})

type Shown = { by: string; seed: string; rolls: number; kind: DiceChainKind; nextHash: string }

export function shownLine({ by, seed, rolls, kind, nextHash }: Shown): DraftEntry {
  const which = kind === 'open' ? 'the dice' : 'the secret dice'
  const count = `${rolls.toLocaleString('en')} ${rolls === 1 ? 'roll' : 'rolls'}`
  return line(
    `${by} shows the seed of ${which}: \`${seed}\`. It made ${count}. The SHA-256 of the next seed is \`${nextHash}\`.`,
    kind,
  )
}

const line = (text: string, kind: DiceChainKind): DraftEntry => ({
  kind: 'system',
  text,
  rolls: [],
  audience: kind === 'open' ? 'all' : 'dm',
})
