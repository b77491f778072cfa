import { createHash } from 'node:crypto'
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
    if (players === null) return [{ ...common, text: dm, rolls, audience: 'dm' }]
    const shown: DraftEntry = { ...common, text: players, rolls, audience: 'all' }
    return dm === players ? [shown] : [{ ...common, text: dm, rolls: [], audience: 'dm', hasPlayersForm: true }, shown]
  })
}

/** Players never learn the random id of a fight, so they can't tell whose turn a hidden one was. */
const opaque = (turn: string): string => createHash('sha256').update(turn).digest('base64url').slice(0, 16)
