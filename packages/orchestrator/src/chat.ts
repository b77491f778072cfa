// Messages of people at the table become story, dice, a change or a whisper.
import { type Ack, type CampaignState, type SayAnswer, TablecastError } from '@tablecast/contracts'
import type { NarrationResult, Narrator } from '@tablecast/narrator'
import type { RollDice } from '@tablecast/rules'
import type { CampaignRow } from '@tablecast/store'
import type { Work } from './campaign-changes.ts'
import { type Rolls, withDice } from './dice/roll-book.ts'
import type { Fights } from './fights/fights.ts'
import { applyChange, redoChange, undoChange } from './journal-step.ts'
import { activeCampaign } from './reading.ts'
import { whisperEnd } from './whisper-end.ts'

export type ChatDeps = { narrator: Narrator; fights: Fights }

export class Chat {
  readonly #narrator: Narrator
  readonly #fights: Fights

  constructor({ narrator, fights }: ChatDeps) {
    this.#narrator = narrator
    this.#fights = fights
  }

  /** Throws NO_ACTIVE_CAMPAIGN, UNKNOWN_COMMAND, NOT_THE_DM, NARRATOR_UNAVAILABLE. */
  async say(work: Work, message: string): Promise<SayAnswer> {
    const campaign = await activeCampaign(work.tables, work.room)
    const { done, rolls } = await withDice(
      () => work.openRolls(campaign.id),
      (roll) => this.#narrate(work, message, campaign.state, roll),
    )
    return this.#carryOut(work, campaign, done, rolls)
  }

  /** All its dice are secret. `to`, and what it throws: as `Orchestrator.whisper` says. */
  async whisper(work: Work, { message, to }: { message: string; to: string | null }): Promise<Ack> {
    const member = await whisperEnd(work, to)
    const campaign = await activeCampaign(work.tables, work.room)
    const { done, rolls } = await withDice(
      () => work.openRolls(campaign.id),
      (roll) =>
        this.#narrate(work, message, campaign.state, (given, _kind, throwing) => roll(given, 'secret', throwing)),
    )
    const { patch, action, command, entries } = done
    if (patch || action || command || entries.length === 0)
      throw new TablecastError('UNKNOWN_COMMAND', 'A whisper holds words or a roll: /roll 1d20.')
    const whispered = entries.map((draft) => ({
      ...draft,
      kind: 'whisper' as const,
      audience: 'member' as const,
      member,
    }))
    const ack = await applyChange(work, campaign, { patch: null, entries: whispered }, rolls)
    return work.actor.role === 'dm' ? ack : { seq: work.emitter.seqFor({ memberId: member.id }), version: null }
  }

  async #narrate({ actor }: Work, message: string, state: CampaignState, roll: RollDice): Promise<NarrationResult> {
    for await (const part of this.#narrator.narrate({ message, actor, state, roll }))
      if (part.type === 'final') return part.narration
    throw new TablecastError('NARRATOR_UNAVAILABLE', 'The narrator gave no answer: try again.')
  }

  async #carryOut(
    work: Work,
    campaign: CampaignRow,
    narration: NarrationResult,
    rolls: Rolls | null,
  ): Promise<SayAnswer> {
    const { action, reply } = narration
    if (action === 'undo') return undoChange(work, campaign, narration)
    if (action === 'redo') return redoChange(work, campaign, narration)
    if (narration.command) {
      const done = await this.#fights.command(work, campaign, narration.command, rolls)
      return { seq: done.seq, version: done.version, message: done.reply ?? reply }
    }
    if (!narration.patch && narration.entries.length === 0) return { seq: 0, version: null, message: reply }
    return { ...(await applyChange(work, campaign, narration, rolls)), message: reply }
  }
}
