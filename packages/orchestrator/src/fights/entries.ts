import { createHash } from 'node:crypto'
import type { Roll } from '@tablecast/contracts'
import type { DraftEntry } from '@tablecast/narrator'
import type { Line } from '@tablecast/rules'

/**
 * The entries of an operation's lines. Where players read other names than the DM, each gets an entry; the dice stand in the one that
 * players read.
 */
export function entriesOf(lines: readonly Line[]): DraftEntry[] {
  return lines.flatMap(({ dm, players, rolls, isBookkeeping, turn }): DraftEntry[] => {
    const common = {
      kind: 'system' as const,
      ...(isBookkeeping ? { isBookkeeping } : {}),
      ...(turn === null ? {} : { turn: opaque(turn) }),
    }
    const dice = rolls.map(toRoll)
    if (players === null) return [{ ...common, text: dm, rolls: dice, audience: 'dm' }]
    const shown: DraftEntry = { ...common, text: players, rolls: dice, audience: 'all' }
    return dm === players ? [shown] : [{ ...common, text: dm, rolls: [], audience: 'dm', hasPlayersForm: true }, shown]
  })
}

/** Without the drawn sides, which the output shows. */
const toRoll = ({ notation, output, total, label }: Roll): Roll => ({ notation, output, total, label })

/** Players never learn the random id of a fight, so they can't tell whose turn a hidden one was. */
const opaque = (turn: string): string => createHash('sha256').update(turn).digest('base64url').slice(0, 16)
