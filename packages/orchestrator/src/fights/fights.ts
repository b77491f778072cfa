// Fights: operations, and the stat blocks and encounters that DMs prepare them with.
import type { DifficultyAnswer, OperateAnswer, PlannedCreature } from '@tablecast/contracts'
import type { FightCommand } from '@tablecast/narrator'
import { type Operation, type OperationOf, type OperationType, rateEncounter } from '@tablecast/rules'
import type { CampaignRow, Store } from '@tablecast/store'
import type { CampaignChanges, Work } from '../campaign-changes.ts'
import { activeCampaign, campaignIn, campaignNotFound } from '../reading.ts'
import type { Rolls } from '../dice/roll-book.ts'
import type { ChangeRequest } from '../room-change.ts'
import { BlockLibrary } from './block-library.ts'
import type { BlockShelf } from './block-shelf.ts'
import type { ReadCreatures } from './creature-source.ts'
import { encounterIn, Encounters } from './encounters.ts'
import type { FightLimits } from './fight-limits.ts'
import { damageCommand, namedAttack } from './named-attack.ts'
import { namedCreature } from './named-creature.ts'
import { operate } from './operate.ts'
import { fightersOf } from './planned.ts'
import type { RefusedAs } from './refusal.ts'

export type FightsDeps = {
  store: Store
  changes: CampaignChanges
  shelf: BlockShelf
  operated: (type: OperationType) => void
  limits: FightLimits
  readCreatures: ReadCreatures
}

type InCampaign = { campaignId: string }
type Joining = Pick<OperationOf<'startEncounter'>, 'joining' | 'surprised' | 'roll'>

export class Fights {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #shelf: BlockShelf
  readonly #operated: FightsDeps['operated']
  readonly blocks: BlockLibrary
  readonly encounters: Encounters

  constructor({ store, changes, shelf, operated, limits, readCreatures }: FightsDeps) {
    this.#store = store
    this.#changes = changes
    this.#shelf = shelf
    this.#operated = operated
    this.blocks = new BlockLibrary({ store, changes, shelf, limits, readCreatures })
    this.encounters = new Encounters({ store, changes, limits })
  }

  /**
   * One operation as one step. Null for `campaignId` means the active campaign. Players act in the active campaign only. Throws
   * NOT_THE_DM, FORBIDDEN, CAMPAIGN_NOT_FOUND, NO_ACTIVE_CAMPAIGN, and VALIDATION_FAILED with a sentence.
   */
  operate(request: ChangeRequest & { campaignId: string | null; operation: Operation }): Promise<OperateAnswer> {
    return this.#changes.run('campaign.operate', request, async (work) =>
      this.#carryOut(work, await campaignFor(work, request.campaignId), [request.operation]),
    )
  }

  /** Starts a prepared encounter. Throws as `operate`, and NOT_FOUND. */
  start(request: ChangeRequest & InCampaign & { encounterId: string } & Joining): Promise<OperateAnswer> {
    return this.#changes.run('encounters.start', request, async (work) => {
      const campaign = await campaignIn(work.tables, work.room.id, request.campaignId)
      const { name, plan } = await encounterIn(work.tables, campaign.id, request.encounterId)
      const { joining, surprised, roll } = request
      const fighters = await fightersOf(work.tables, work.room.id, plan.creatures, this.#shelf)
      return this.#carryOut(work, campaign, [{ type: 'startEncounter', name, fighters, joining, surprised, roll }])
    })
  }

  /** Brings creatures into the fight, or into the campaign while no fight is on. Throws as `operate`. */
  add(
    request: ChangeRequest & InCampaign & { creatures: readonly PlannedCreature[] } & Pick<Joining, 'roll'>,
  ): Promise<OperateAnswer> {
    return this.#changes.run('encounters.add', request, async (work) => {
      const campaign = await campaignIn(work.tables, work.room.id, request.campaignId)
      const fighters = await fightersOf(work.tables, work.room.id, request.creatures, this.#shelf)
      return this.#carryOut(work, campaign, [{ type: 'addFighters', fighters, joining: [], roll: request.roll }])
    })
  }

  /** How hard these creatures are for the characters that players play. Throws CAMPAIGN_NOT_FOUND. */
  difficulty({
    roomId,
    campaignId,
    creatures,
  }: InCampaign & { roomId: string; creatures: readonly PlannedCreature[] }): Promise<DifficultyAnswer> {
    return this.#store.read(async (tables) => {
      const { state } = await campaignIn(tables, roomId, campaignId)
      const levels = state.characters.flatMap((one) => (one.kind === 'pc' ? [one.level ?? 1] : []))
      const fighters = await fightersOf(tables, roomId, creatures, this.#shelf)
      const foes = fighters.filter((one) => one.side !== 'party' && one.kind !== 'pc')
      return {
        rating: rateEncounter(
          levels,
          foes.flatMap(({ xp, count }) => Array<number>(count).fill(xp)),
        ),
      }
    })
  }

  /**
   * A slash command, in the transaction of its message. `rolls`: the dice of the message; null where it threw none. `reply`: words for its author alone. Throws NOT_THE_DM, FORBIDDEN,
   * UNKNOWN_COMMAND.
   */
  async command(
    work: Work,
    campaign: CampaignRow,
    command: FightCommand,
    rolls: Rolls | null,
  ): Promise<OperateAnswer & { reply?: string | null }> {
    const asCommand = { refusedAs: 'UNKNOWN_COMMAND', rolls } as const
    if (command.kind === 'operations') return this.#carryOut(work, campaign, command.operations, asCommand)
    if (command.kind === 'attack') {
      const attack = await namedAttack(work.tables, campaign, command, this.#shelf)
      const answer = await this.#carryOut(work, campaign, [attack.operation], asCommand)
      return { ...answer, reply: damageCommand(attack, campaign.state, answer.due) }
    }
    const headings = await this.blocks.headings(work.tables, work.room.id)
    const creatures = command.creatures.map((one) => ({ ...namedCreature(headings, one), isHidden: command.isHidden }))
    const fighters = await fightersOf(work.tables, work.room.id, creatures, this.#shelf)
    return this.#carryOut(work, campaign, [{ type: 'addFighters', fighters, joining: [], roll: 'foes' }], asCommand)
  }

  async #carryOut(
    work: Work,
    campaign: CampaignRow,
    operations: readonly Operation[],
    { refusedAs, rolls }: { refusedAs: RefusedAs; rolls: Rolls | null } = {
      refusedAs: 'VALIDATION_FAILED',
      rolls: null,
    },
  ): Promise<OperateAnswer> {
    const answer = await operate(work, campaign, operations, { blocks: this.#shelf, rolls, refusedAs })
    for (const { type } of operations) this.#operated(type)
    return answer
  }
}

/** Players act in the active campaign alone. Another one is answered as one that does not exist. */
async function campaignFor({ tables, room, actor }: Work, campaignId: string | null): Promise<CampaignRow> {
  const campaign =
    campaignId === null ? await activeCampaign(tables, room) : await campaignIn(tables, room.id, campaignId)
  if (actor.role === 'player' && campaign.id !== room.activeCampaignId) throw campaignNotFound()
  return campaign
}
