// A change, an undo or a redo as one step of a campaign's journal, with all that it stores and sends.
import {
  charactersWithoutNames,
  type Ack,
  asSentence,
  type Audience,
  normalizeText,
  type NarrativeEntry,
  type StatePatch,
  type Step,
  stepInWords,
  TablecastError,
  type UndoAnswer,
} from '@tablecast/contracts'
import type { Actor, DraftEntry } from '@tablecast/narrator'
import { changesBetween } from '@tablecast/rules'
import type { CampaignRow, JournalRow } from '@tablecast/store'
import type { Work } from './campaign-changes.ts'
import { type Change, changeState, stepState } from './change.ts'
import { takeBack } from './fights/take-back.ts'
import { type Rolls, shownRoll } from './dice/roll-book.ts'
import { JournalRows } from './journal-rows.ts'
import { Fogs } from './maps/fogs.ts'
import { settleChange } from './maps/settle-change.ts'
import { stepWithoutNames } from './pictures/without-names.ts'
import { withPicturesBack } from './pictures/taken-back.ts'
import { withSheetsBack } from './sheets/taken-back.ts'
import { nextRedo, nextUndo } from './steps.ts'
import { systemActor } from './system-actor.ts'

/** An operation of a fight, and the changes that it really made, both JSON. */
export type FightStep = { operation: string; applied: string }

/** Carries out an edit and stores it, as `storeChange` does. Throws as `changeState`. */
export async function applyChange(
  work: Work,
  campaign: CampaignRow,
  { patch, entries }: { patch: StatePatch | null; entries: DraftEntry[] },
  rolls: Rolls | null = null,
): Promise<Ack> {
  return storeChange(work, campaign, { change: changeState(campaign.state, patch), entries, rolls })
}

/**
 * Stores a new change. `fogs`: those that it has edited. `operation`: what the journal keeps of it for the words of the step.
 * `rolls`: the dice that it has thrown, also where they change nothing else. A DM's change goes onto the undo stack and clears the redo stack; a player's leaves both alone.
 */
export async function storeChange(
  work: Work,
  campaign: CampaignRow,
  asked: {
    change: Change
    entries: DraftEntry[]
    fight?: FightStep
    fogs?: Fogs
    operation?: string | null
    rolls?: Rolls | null
  },
): Promise<Ack> {
  const { tables, emitter, actor, at, newId } = work
  const { entries: drafts, fight, fogs = new Fogs(tables, campaign.id), rolls = null } = asked
  const change = await settleChange(work, campaign.roomId, asked.change, fogs)
  const audience: Audience = actor.role === 'dm' ? 'dm' : 'player'
  if (!change.patch && drafts.length === 0) {
    await rolls?.store([])
    return { seq: 0, version: audience === 'dm' ? campaign.version : null }
  }
  const entryOf = (draft: DraftEntry, author: Actor): NarrativeEntry => ({
    id: newId(),
    at,
    author,
    withdrawn: false,
    ...draft,
    text: normalizeText(draft.text),
    rolls: draft.rolls.map(shownRoll),
  })
  const made = drafts.map((draft) => entryOf(draft, actor))
  await rolls?.store(made.map(({ id }, index) => ({ id, rolls: drafts[index]?.rolls ?? [] })))
  // It is part of no step, so that no undo takes it back.
  const beginning = rolls?.beginning() ?? null
  const entries = beginning === null ? made : [entryOf(beginning, systemActor), ...made]
  const version = campaign.version + 1
  const isUndoable = actor.role === 'dm'
  const next: CampaignRow = {
    ...campaign,
    state: change.after,
    version,
    undoHead: isUndoable ? version : campaign.undoHead,
    redoHead: isUndoable ? null : campaign.redoHead,
    updatedAt: at,
  }
  const row: JournalRow = {
    campaignId: campaign.id,
    version,
    at,
    actorId: actor.id,
    kind: 'change',
    ...stepWithoutNames(change),
    entryIds: made.map(({ id }) => id),
    target: null,
    previousUndo: campaign.undoHead,
    previousRedo: null,
    operation: fight?.operation ?? asked.operation ?? null,
    applied: fight?.applied ?? null,
  }
  const rows = new JournalRows(tables, campaign.id)
  await rows.append(row)
  if (entries.length > 0) await tables.entries.append(campaign.id, entries)
  await tables.campaigns.save(next)
  await fogs.save({ version, at })
  await emitter.updated({ campaign: next, change, rows, entries, withdrawn: [], takesBack: false })
  return { seq: emitter.seqFor(audience), version: audience === 'dm' ? version : null }
}

/** `step`: the one that the caller means, if any. `force`: also where a later step wrote the same. */
export type TurnBackChoice = { step?: number | null | undefined; force?: boolean | undefined }

export async function undoChange(
  work: Work,
  campaign: CampaignRow,
  { step: meant = null, force = false }: TurnBackChoice,
): Promise<UndoAnswer> {
  const rows = new JournalRows(work.tables, campaign.id)
  const next = await nextUndo(work.tables, campaign, rows)
  if (!next) throw new TablecastError('NOTHING_TO_UNDO', 'There is nothing to undo.')
  const { row, step } = next
  const words = stepInWords(step, await work.tables.entries.find(campaign.id, step.entryIds), work.actor.id)
  if (meant !== null && meant !== step.step) throw anotherStep('undo', step, words)
  const ack = await turnBack(work, campaign, {
    kind: 'undo',
    changed: step,
    rows,
    target: row.version,
    made: row.version,
    isFight: isFight(row),
    patch: isFight(row)
      ? withTokens(await takeBack(work, campaign, row, { kind: 'undo', force }), row.inverse)
      : row.inverse,
    entryIds: row.entryIds,
    undoHead: row.previousUndo,
    redoHead: campaign.version + 1,
    previousUndo: null,
    previousRedo: campaign.redoHead,
  })
  return { ...ack, message: `Undid ${words}` }
}

export async function redoChange(
  work: Work,
  campaign: CampaignRow,
  { step: meant = null, force = false }: TurnBackChoice,
): Promise<UndoAnswer> {
  const rows = new JournalRows(work.tables, campaign.id)
  const next = await nextRedo(work.tables, campaign, rows)
  if (!next) throw new TablecastError('NOTHING_TO_UNDO', 'There is nothing to redo.')
  const { undo, change, step } = next
  const words = stepInWords(step, await work.tables.entries.find(campaign.id, step.entryIds), work.actor.id)
  if (meant !== null && meant !== step.step) throw anotherStep('redo', step, words)
  const ack = await turnBack(work, campaign, {
    kind: 'redo',
    changed: step,
    rows,
    // The change itself, so that its author is found at once however often it was taken back and made again.
    target: change.kind === 'redo' && change.target !== null ? change.target : change.version,
    made: undo.version,
    isFight: isFight(undo),
    // The undo is taken back in turn, with the amounts that it really gave back.
    patch: isFight(undo)
      ? withTokens(await takeBack(work, campaign, undo, { kind: 'redo', force }), undo.inverse)
      : change.patch,
    entryIds: change.entryIds,
    undoHead: campaign.version + 1,
    redoHead: undo.previousRedo,
    previousUndo: campaign.undoHead,
    previousRedo: null,
  })
  return { ...ack, message: `Redid ${words}` }
}

/** Stores an undo or redo as a change of its own in the journal. The heads move along linked lists, at the same cost for any length. */
async function turnBack(
  work: Work,
  campaign: CampaignRow,
  step: {
    kind: 'undo' | 'redo'
    changed: Step
    rows: JournalRows
    target: number
    /** The step whose changes of fog are taken back. */
    made: number
    isFight: boolean
    patch: StatePatch | null
    entryIds: string[]
    undoHead: number | null
    redoHead: number | null
    previousUndo: number | null
    previousRedo: number | null
  },
): Promise<Ack> {
  const { tables, room, emitter, actor, at, newId } = work
  const pictured = await withPicturesBack({ tables, room }, stepState(campaign.state, step.patch))
  const wanted = await withSheetsBack(tables, campaign.id, pictured)
  const fogs = new Fogs(tables, campaign.id)
  await fogs.takeBack(wanted.after.maps ?? [], step.made)
  const change = await settleChange(work, campaign.roomId, wanted, fogs)
  const version = campaign.version + 1
  const next = {
    ...campaign,
    state: change.after,
    version,
    undoHead: step.undoHead,
    redoHead: step.redoHead,
    updatedAt: at,
  }
  const withdrawn = step.kind === 'undo'
  const touched = await tables.entries.setWithdrawn(campaign.id, step.entryIds, withdrawn, actor.name)
  // A step with entries is marked in them; one without gets a line of its own, which is part of no step.
  const lines: NarrativeEntry[] =
    step.entryIds.length > 0
      ? []
      : [
          {
            id: newId(),
            at,
            kind: 'system',
            author: systemActor,
            text: normalizeText(stepLine(step.kind, step.changed, actor)),
            rolls: [],
            audience: 'dm',
            withdrawn: false,
          },
        ]
  await tables.entries.append(campaign.id, lines)
  // The summary may tell of these entries, and would no longer be true.
  await tables.narrator.forgetSummary(campaign.id, step.entryIds)
  const row: JournalRow = {
    campaignId: campaign.id,
    version,
    at,
    actorId: actor.id,
    kind: step.kind,
    ...stepWithoutNames(change),
    entryIds: step.entryIds,
    target: step.target,
    previousUndo: step.previousUndo,
    previousRedo: step.previousRedo,
    operation: null,
    applied: step.isFight ? JSON.stringify(changesOfFight(change)) : null,
  }
  await step.rows.append(row)
  await tables.campaigns.save(next)
  await fogs.save({ version, at })
  await emitter.updated({
    campaign: next,
    change,
    rows: step.rows,
    entries: lines,
    withdrawn: touched.map((entry) => ({ ...entry, withdrawn, by: actor.name })),
    takesBack: withdrawn,
  })
  return { seq: emitter.seqFor('dm'), version }
}

/** The tokens of characters that a fight removed or added go with them, and the fight's own changes tell nothing of tokens. */
const withTokens = (patch: StatePatch | null, inverse: StatePatch | null): StatePatch | null =>
  inverse?.tokens ? { ...patch, tokens: inverse.tokens } : patch

/** A new name of a portrait is no change of the fight. */
const changesOfFight = ({ before, after }: Change) =>
  changesBetween(
    { ...before, characters: charactersWithoutNames(before.characters) },
    { ...after, characters: charactersWithoutNames(after.characters) },
  )

const isFight = (row: JournalRow): row is JournalRow & { applied: string } => row.applied !== null

/** Nothing is taken back that its caller did not mean. */
function anotherStep(kind: 'undo' | 'redo', step: Step, words: string): TablecastError {
  const done = kind === 'undo' ? 'undone' : 'redone'
  return new TablecastError(
    'CONFLICT',
    `Another step came in between, and nothing was ${done}. The next one to be ${done} is ${asSentence(words)} Look at it, and ${kind} it if you mean it.`,
    { step },
  )
}

/** For all DMs: who did it, to whose change. */
function stepLine(kind: 'undo' | 'redo', step: Step, { id, name }: Actor): string {
  const did = `${name} ${kind === 'undo' ? 'undid' : 'redid'}`
  return step.of?.id === id ? `${did} a change of their own: ${step.changes}` : `${did} ${stepInWords(step, [], id)}`
}
