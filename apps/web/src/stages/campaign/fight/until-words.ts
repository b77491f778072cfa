import type { CampaignState } from '@tablecast/contracts'
import type { Until } from '@tablecast/rules/fighter'

/** When a condition ends, in full. */
export function untilInWords(until: Until, { characters }: Pick<CampaignState, 'characters'>): string {
  if (until.kind === 'save') return `until a ${until.ability.toUpperCase()} save of ${until.dc}`
  const name = characters.find(({ id }) => id === until.of)?.name ?? 'somebody'
  return `until the ${until.at} of ${name}’s turn in round ${until.round}`
}

/** For the chip beside the condition: “2 rounds”, “this round”, “DEX 14”. */
export function untilInShort(until: Until, round: number): string {
  if (until.kind === 'save') return `${until.ability.toUpperCase()} ${until.dc}`
  const left = until.round - round
  if (left <= 0) return 'this round'
  return left === 1 ? '1 round' : `${left} rounds`
}
