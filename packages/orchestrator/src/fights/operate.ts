// An operation of a fight as one step of the journal.
import { type OperateAnswer } from '@tablecast/contracts'
import { saveBonus, type Sheet, sheetSaveBonus } from '@tablecast/bestiary'
import {
  type Applied,
  applyOperation,
  changesBetween,
  type Due,
  type Fighter,
  type FightContext,
  type Operation,
} from '@tablecast/rules'
import type { CampaignRow } from '@tablecast/store'
import type { Work } from '../campaign-changes.ts'
import { changeTo } from '../change.ts'
import { type Rolls, withDice } from '../dice/roll-book.ts'
import { storeChange } from '../journal-step.ts'
import { readSheet } from '../sheets/stored-sheets.ts'
import type { BlockShelf } from './block-shelf.ts'
import { entriesOf } from './entries.ts'
import { orRefused, type RefusedAs } from './refusal.ts'
import { assertMayOperate } from './right.ts'

/** `rolls`: the dice that the command of the operations has opened; the operations open them otherwise. */
export type OperateDeps = { blocks: BlockShelf; rolls: Rolls | null; refusedAs: RefusedAs }

/**
 * Several operations are one step: all of them or none. Call it in the transaction of the change, so that dice are drawn there and
 * what the operations meet is the newest state. Throws NOT_THE_DM, FORBIDDEN, and a refusal of the rules with a sentence.
 */
export async function operate(
  work: Work,
  campaign: CampaignRow,
  operations: readonly Operation[],
  deps: OperateDeps,
): Promise<OperateAnswer> {
  const before = campaign.state
  const known = { now: work.at, newId: work.newId, ...(await bonuses(work, campaign, operations, deps.blocks)) }
  const open = () => (deps.rolls ? Promise.resolve(deps.rolls) : work.openRolls(campaign.id))
  const { done, rolls } = await withDice(open, (roll) =>
    carriedOut(work, before, operations, { context: { ...known, roll }, refusedAs: deps.refusedAs }),
  )
  const [only] = operations
  const ack = await storeChange(work, campaign, {
    change: changeTo(before, { ...before, ...done.state }),
    entries: entriesOf(done.lines),
    rolls: rolls ?? deps.rolls,
    fight: {
      operation: JSON.stringify(operations.length === 1 ? only : operations),
      applied: JSON.stringify(operations.length === 1 ? done.changes : changesBetween(before, done.state)),
    },
  })
  const isDm = work.actor.role !== 'player'
  return {
    ...ack,
    due: isDm ? done.due : done.due.filter((one) => isForPlayer(one, campaign, work.actor.id)),
    summary: isDm ? done.summary : null,
  }
}

/** One operation after the other. Writes nothing. */
function carriedOut(
  { actor }: Work,
  before: CampaignRow['state'],
  operations: readonly Operation[],
  { context, refusedAs }: { context: FightContext; refusedAs: RefusedAs },
): Done {
  const done: Done = { state: before, changes: [], lines: [], due: [], summary: null }
  for (const operation of operations) {
    assertMayOperate({ ...before, ...done.state }, actor, operation)
    const { state, changes, lines, due, summary } = orRefused(refusedAs, () =>
      applyOperation(done.state, operation, context),
    )
    done.state = state
    done.changes = changes
    done.lines.push(...lines)
    done.due.push(...due)
    done.summary = summary
  }
  return done
}

/** `changes`: of the last operation. */
type Done = Pick<Applied, 'state' | 'changes' | 'lines' | 'due' | 'summary'>

/** Players learn what their own characters have to roll. The rest stands in the log, as far as they may read it. */
function isForPlayer({ kind, fighter }: Due, { state }: CampaignRow, userId: string): boolean {
  if (kind !== 'concentration' && kind !== 'deathSave') return false
  const character = state.characters.find(({ id }) => id === fighter)
  return character?.visible === true && character.ownerId === userId
}

/** The bonuses of saving throws and attacks, read from the stat blocks of the fighters who roll them, or from their sheets. */
async function bonuses(
  { tables, room }: Work,
  { id: campaignId, state }: CampaignRow,
  operations: readonly Operation[],
  shelf: BlockShelf,
): Promise<Pick<FightContext, 'saveBonus' | 'toHit'>> {
  const ids = new Set(operations.flatMap(rollingFighters))
  // Most operations roll nothing.
  const rolling = ids.size === 0 ? [] : state.characters.filter(({ id }) => ids.has(id))
  const references = rolling.flatMap(({ block }) => block ?? [])
  const blocks = await shelf.find(tables, room.id, references)
  const blockOf = ({ block }: Fighter) => (block ? blocks.get(block)?.block : undefined)
  const sheets = new Map<string, Sheet>()
  for (const one of rolling) {
    const sheet = one.block ? null : await readSheet(tables, campaignId, one)
    if (sheet) sheets.set(one.id, sheet)
  }
  return {
    saveBonus: (fighter, ability) => {
      const [block, sheet] = [blockOf(fighter), sheets.get(fighter.id)]
      if (block) return saveBonus(block, ability)
      return sheet ? sheetSaveBonus(sheet, ability) : 0
    },
    toHit: (fighter, action) => {
      const attacks = blockOf(fighter)?.actions.filter(({ name }) => name === action) ?? []
      const ofSheet = sheets.get(fighter.id)?.attacks.find(({ name }) => name === action)?.toHit
      return attacks.find(({ toHit }) => toHit !== undefined)?.toHit ?? ofSheet ?? null
    },
  }
}

function rollingFighters(operation: Operation): string[] {
  if (operation.type === 'save') return operation.targets
  if (operation.type === 'attack') return [operation.by]
  return operation.type === 'damage' && operation.save ? operation.targets.map(({ id }) => id) : []
}
