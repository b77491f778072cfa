import type { Roll } from '@tablecast/contracts'
import type { DraftEntry } from '@tablecast/narrator'
import type { Line } from '@tablecast/rules'

/**
 * The entries of an operation's lines. Where players read other names than the DM, each gets an entry; the dice stand in the one that
 * players read.
 */
export function entriesOf(lines: readonly Line[]): DraftEntry[] {
  return lines.flatMap(({ dm, players, rolls, isBookkeeping }): DraftEntry[] => {
    const common = { kind: 'system' as const, ...(isBookkeeping ? { isBookkeeping } : {}) }
    const dice = rolls.map(toRoll)
    if (players === null) return [{ ...common, text: dm, rolls: dice, audience: 'dm' }]
    const shown: DraftEntry = { ...common, text: players, rolls: dice, audience: 'all' }
    return dm === players ? [shown] : [{ ...common, text: dm, rolls: [], audience: 'dm' }, shown]
  })
}

/** Without the drawn sides, which the output shows. */
const toRoll = ({ notation, output, total, label }: Roll): Roll => ({ notation, output, total, label })
