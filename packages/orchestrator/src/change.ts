// The next state of a campaign, and whether it may be.
import {
  applyPatch,
  CampaignState,
  diff,
  overlaps,
  TablecastError,
  touchedPaths,
  type StatePatch,
} from '@tablecast/contracts'
import type { JournalRow } from '@tablecast/store'

export type Change = {
  before: CampaignState
  after: CampaignState
  patch: StatePatch | null
  inverse: StatePatch | null
}

/** Throws VALIDATION_FAILED with the issues when the patch makes no valid state. */
export function changeState(before: CampaignState, asked: StatePatch | null): Change {
  if (!asked) return { before, after: before, patch: null, inverse: null }
  const parsed = CampaignState.safeParse(applyPatch(before, asked))
  if (!parsed.success) {
    const [first] = parsed.error.issues
    const where = first ? `${first.path.join('.')}: ${first.message}` : 'the state would not be valid'
    throw new TablecastError('VALIDATION_FAILED', where, { issues: parsed.error.issues.slice(0, 10) })
  }
  const after = { ...parsed.data, turn: validTurn(parsed.data) }
  return { before, after, patch: diff(before, after), inverse: diff(after, before) }
}

/** Who is gone takes no turn; when the one who acted goes, the next in the order acts. */
function validTurn({ characters, turn }: CampaignState): CampaignState['turn'] {
  const known = new Set(characters.map(({ id }) => id))
  const order = [...new Set(turn.order)].filter((id) => known.has(id))
  if (turn.current === null || (known.has(turn.current) && order.includes(turn.current))) return { ...turn, order }
  const place = turn.order.indexOf(turn.current)
  const next = turn.order.slice(place + 1).find((id) => known.has(id))
  return { ...turn, order, current: place < 0 ? null : (next ?? order[0] ?? null) }
}

/** True when a change since then wrote to a place that this patch writes to. */
export function conflicts(patch: StatePatch, since: readonly JournalRow[]): boolean {
  const paths = touchedPaths(patch)
  return since.some((row) => row.patch !== null && overlaps(paths, touchedPaths(row.patch)))
}
