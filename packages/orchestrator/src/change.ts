// The next state of a campaign, and whether it may be.
import {
  applyPatch,
  type CampaignState,
  type Character,
  diff,
  frozen,
  isUnique,
  keyedLists,
  overlaps,
  sentenceOfIssue,
  StoredState,
  TablecastError,
  touchedPaths,
  type StatePatch,
} from '@tablecast/contracts'
import { withAppearances } from '@tablecast/rules'
import { replacedItems } from '@tablecast/rules/frozen-lists'
import type { JournalRow } from '@tablecast/store'
import { settleMapParts } from './maps/map-parts.ts'
import { settlePictures } from './pictures/settle.ts'

export type Change = {
  before: CampaignState
  after: CampaignState
  patch: StatePatch | null
  inverse: StatePatch | null
}

/**
 * The change that a DM, a player or a model asks for. Throws VALIDATION_FAILED when the patch names an id twice, removes or orders an
 * unknown id, or leads to an invalid state; then with the issues.
 */
export function changeState(before: CampaignState, asked: StatePatch | null): Change {
  if (asked) refuseMisnamed(before, asked)
  return stepState(before, asked)
}

/**
 * A step of the journal, taken back or made again. Where a step of an older version names an id twice, or one that is gone, the rest
 * of it is applied: a refused step would block undo for good. Throws VALIDATION_FAILED when the result is no valid state.
 */
export function stepState(before: CampaignState, asked: StatePatch | null): Change {
  return asked ? changeTo(before, applyPatch(before, asked)) : { before, after: before, patch: null, inverse: null }
}

/**
 * The change that leads to a state, such as the one after an operation. `renewsNames`: all pictures and maps get new names. Throws VALIDATION_FAILED
 * when it is no valid state.
 */
export function changeTo(
  before: CampaignState,
  wanted: CampaignState,
  { renewsNames }: { renewsNames: boolean } = { renewsNames: false },
): Change {
  const parsed = parsedState(wanted)
  // Somebody whom an edit makes visible gets a number for players, too.
  const characters = withoutStaleDowned(withAppearances(parsed.characters))
  const next = { ...parsed, characters, turn: validTurn(parsed, before) }
  const known = renewsNames ? null : before
  return between(before, settlePictures(known, settleMapParts(known, next)))
}

/** The same change with other parts that follow from fog. The names of pictures and maps stay as the change has settled them. */
export const withFogParts = ({ before }: Change, settled: CampaignState): Change =>
  between(before, parsedState(settled))

function parsedState(wanted: CampaignState): CampaignState {
  const parsed = StoredState.safeParse(wanted)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  throw new TablecastError('VALIDATION_FAILED', sentenceOfIssue(issues[0]), { issues: issues.slice(0, 10) })
}

function between(before: CampaignState, wanted: CampaignState): Change {
  const after = frozen(wanted)
  valid.add(after)
  return { before, after, patch: diff(before, after), inverse: diff(after, before) }
}

/** An edit may bring hit points back. Nobody with hit points is down. */
function withoutStaleDowned(characters: Character[]): Character[] {
  for (const one of characters) if (isStaleDowned(one)) return characters.map(upright)
  return characters
}

const isStaleDowned = ({ downed, hp }: Character): boolean => Boolean(downed) && hp.current > 0
const upright = (one: Character): Character => (isStaleDowned(one) ? { ...one, downed: null } : one)

function refuseMisnamed(state: CampaignState, patch: StatePatch): void {
  for (const field of keyedLists) {
    const change = patch[field]
    if (!change) continue
    const { upsert = [], remove = [], order = [] } = change
    const changed = upsert.map(({ id }) => id)
    if (![changed, remove, order].every(isUnique))
      throw new TablecastError('VALIDATION_FAILED', 'The same item is there twice. Reload the page and try again.')
    const known = new Set(state[field].map(({ id }) => id))
    if (remove.some((id) => !known.has(id)))
      throw new TablecastError('VALIDATION_FAILED', 'It was removed already. Nothing is left to do.')
    for (const id of remove) known.delete(id)
    for (const id of changed) known.add(id)
    if (order.some((id) => !known.has(id)))
      throw new TablecastError('VALIDATION_FAILED', 'The list has changed meanwhile. Look at it again.')
  }
  if (patch.turn && !isUnique(patch.turn.order))
    throw new TablecastError(
      'VALIDATION_FAILED',
      'A character is in the turn order twice. Reload the page and try again.',
    )
}

/** The states that a change has led to: the ones from the database may be of an older version. */
const valid = new WeakSet<CampaignState>()

/** A removed character takes no turn. When the acting one is removed, the next in the order acts. */
function validTurn({ characters, turn }: CampaignState, before: CampaignState): CampaignState['turn'] {
  if (valid.has(before) && turn === before.turn && hasSameIds(characters, before.characters)) return turn
  const known = new Set(characters.map(({ id }) => id))
  const order = [...new Set(turn.order)].filter((id) => known.has(id))
  if (order.length === turn.order.length && (turn.current === null || order.includes(turn.current))) return turn
  if (turn.current === null || (known.has(turn.current) && order.includes(turn.current))) return { ...turn, order }
  const index = turn.order.indexOf(turn.current)
  const next = turn.order.slice(index + 1).find((id) => known.has(id))
  return { ...turn, order, current: index < 0 ? null : (next ?? order[0] ?? null) }
}

const hasSameIds = (some: readonly Character[], others: readonly Character[]): boolean =>
  replacedItems(others, some) !== null

/** True when a change since then wrote to a place that this patch writes to, or removed what it puts in order. */
export function conflicts(patch: StatePatch, since: readonly JournalRow[]): boolean {
  const paths = touchedPaths(patch)
  return since.some(
    (row) => row.patch !== null && (overlaps(paths, touchedPaths(row.patch)) || ordersRemoved(patch, row.patch)),
  )
}

const ordersRemoved = (patch: StatePatch, earlier: StatePatch): boolean =>
  keyedLists.some((field) => {
    const removed = new Set(earlier[field]?.remove)
    return patch[field]?.order?.some((id) => removed.has(id)) ?? false
  })
