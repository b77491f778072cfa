import { randomBytes } from 'node:crypto'
import {
  type Audience,
  type DiceChainsPage,
  type DiceRollsPage,
  MAX_DICE_CHAINS,
  normalizeText,
  type NarrativeEntry,
  type RevealAnswer,
  TablecastError,
} from '@tablecast/contracts'
import { hashOfSeed, SEED_BYTES, seedToText } from '@tablecast/rules/chain'
import type { CampaignRow, DiceChainKind, DiceChainRow, Repositories, Store } from '@tablecast/store'
import type { CampaignChanges, Work } from '../campaign-changes.ts'
import { stepState } from '../change.ts'
import { campaignIn, campaignNotFound } from '../reading.ts'
import type { ChangeRequest } from '../room-change.ts'
import { systemActor } from '../system-actor.ts'
import { shownLine } from './lines.ts'

type Reading = { roomId: string; campaignId: string; audience: Audience }

/** The chains of dice of a campaign: what is known of them, their rolls, and the end of one. */
export class CheckableDice {
  readonly #store: Store
  readonly #changes: CampaignChanges

  constructor({ store, changes }: { store: Store; changes: CampaignChanges }) {
    this.#store = store
    this.#changes = changes
  }

  /** The newest first. Players get the open ones of the active campaign. Throws CAMPAIGN_NOT_FOUND. */
  chains({ before, ...reading }: Reading & { before: string | null }): Promise<DiceChainsPage> {
    return this.#store.read(async (tables) => {
      const { id } = await readable(tables, reading)
      const page = { before: before ?? undefined, limit: MAX_DICE_CHAINS }
      return tables.dice.list(id, kindsFor(reading.audience), page)
    })
  }

  /** Throws CAMPAIGN_NOT_FOUND, and NOT_FOUND also for a secret chain that a player asks for. */
  rolls(reading: Reading & { chainId: string; from: number; limit: number }): Promise<DiceRollsPage> {
    const { chainId, from, limit, audience } = reading
    return this.#store.read(async (tables) => {
      const { id } = await readable(tables, reading)
      const chain = await tables.dice.get(id, chainId)
      if (!chain || !kindsFor(audience).includes(chain.kind)) throw noSuchChain()
      const rolls = await tables.dice.rolls(chain.id, { from, limit })
      const last = rolls.at(-1)
      return { rolls, more: last !== undefined && last.counter + 1 < chain.rolls }
    })
  }

  /**
   * Shows the seed of the current chain, and begins another one. Throws CAMPAIGN_NOT_FOUND, NOT_FOUND, and CONFLICT for a chain that has
   * ended or has no rolls.
   */
  reveal(request: ChangeRequest & { campaignId: string; chainId: string }): Promise<RevealAnswer> {
    return this.#changes.run('dice.reveal', request, async (work) => {
      const { tables, room, at, newId, actor } = work
      const campaign = await campaignIn(tables, room.id, request.campaignId)
      const chain = await tables.dice.get(campaign.id, request.chainId)
      if (!chain) throw noSuchChain()
      if (!chain.isCurrent)
        throw new TablecastError('CONFLICT', 'These dice have ended already. Look at the newest ones.')
      if (chain.rolls === 0)
        throw new TablecastError('CONFLICT', 'Nobody has thrown these dice yet. Roll first, then show their seed.')
      await tables.dice.reveal(chain.id, at)
      const seed = new Uint8Array(randomBytes(SEED_BYTES))
      const next = { id: newId(), kind: chain.kind, hash: hashOfSeed(seed) }
      await tables.dice.begin(campaign.id, { ...next, seed: seedToText(seed), at })
      const [revealed, begun] = [await mustGet(tables, campaign, chain.id), await mustGet(tables, campaign, next.id)]
      await storeLine(work, campaign, {
        by: actor.name,
        seed: revealed.seed ?? '',
        rolls: chain.rolls,
        kind: chain.kind,
        nextHash: next.hash,
      })
      return { revealed, next: begun }
    })
  }
}

const kindsFor = (audience: Audience): readonly DiceChainKind[] => (audience === 'dm' ? ['open', 'secret'] : ['open'])

/** Players read the dice of the campaign that is active, and of no other. */
async function readable(tables: Repositories, { roomId, campaignId, audience }: Reading): Promise<{ id: string }> {
  const room = await tables.rooms.get(roomId)
  if (audience !== 'dm' && room?.activeCampaignId !== campaignId) throw campaignNotFound()
  return campaignIn(tables, roomId, campaignId)
}

const noSuchChain = () =>
  new TablecastError('NOT_FOUND', 'There are no such dice in this campaign. Load the list again.')

async function mustGet({ dice }: Repositories, { id }: CampaignRow, chainId: string): Promise<DiceChainRow> {
  const chain = await dice.get(id, chainId)
  if (!chain) throw new Error(`chain ${chainId} is gone in its own transaction`)
  return chain
}

/** A change that changes no state and is part of no step: undo and redo go on as before. */
async function storeLine(
  { tables, emitter, actor, at, newId }: Work,
  campaign: CampaignRow,
  shown: Parameters<typeof shownLine>[0],
): Promise<void> {
  const draft = shownLine(shown)
  const entry: NarrativeEntry = {
    ...draft,
    id: newId(),
    at,
    author: systemActor,
    text: normalizeText(draft.text),
    withdrawn: false,
  }
  const next: CampaignRow = { ...campaign, version: campaign.version + 1, updatedAt: at }
  await tables.journal.append({
    campaignId: campaign.id,
    version: next.version,
    at,
    actorId: actor.id,
    kind: 'entry',
    patch: null,
    inverse: null,
    entryIds: [],
    target: null,
    previousUndo: campaign.undoHead,
    previousRedo: campaign.redoHead,
    operation: null,
    applied: null,
  })
  await tables.entries.append(campaign.id, [entry])
  await tables.campaigns.save(next)
  const change = stepState(campaign.state, null)
  await emitter.updated({ campaign: next, change, entries: [entry], withdrawn: [], takesBack: false })
}
