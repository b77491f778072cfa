// The encounters that DMs prepare for a campaign.
import { EncounterPlan, type ExportedEncounter, type PreparedEncounter, TablecastError } from '@tablecast/contracts'
import type { Repositories, Store } from '@tablecast/store'
import type { CampaignChanges } from '../campaign-changes.ts'
import { campaignIn } from '../reading.ts'
import type { ChangeRequest } from '../room-change.ts'
import type { FightLimits } from './fight-limits.ts'

export type EncountersDeps = { store: Store; changes: CampaignChanges; limits: FightLimits }
type InCampaign = { campaignId: string }

export class Encounters {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #limits: FightLimits

  constructor({ store, changes, limits }: EncountersDeps) {
    this.#store = store
    this.#changes = changes
    this.#limits = limits
  }

  /** The newest change first. Throws CAMPAIGN_NOT_FOUND. */
  list(roomId: string, campaignId: string): Promise<PreparedEncounter[]> {
    return this.#store.read(async (tables) => {
      await campaignIn(tables, roomId, campaignId)
      return encountersOf(tables, campaignId)
    })
  }

  /** Throws CAMPAIGN_NOT_FOUND, NOT_FOUND. */
  get(roomId: string, campaignId: string, id: string): Promise<PreparedEncounter> {
    return this.#store.read(async (tables) => {
      await campaignIn(tables, roomId, campaignId)
      return encounterIn(tables, campaignId, id)
    })
  }

  /** `version`: the one that the editor saw. Throws NOT_FOUND, CONFLICT with the newer encounter, VALIDATION_FAILED for too many. */
  save(
    request: ChangeRequest &
      InCampaign & { encounterId?: string | null | undefined; version: number; name: string; plan: EncounterPlan },
  ): Promise<PreparedEncounter> {
    return this.#changes.run('encounters.save', request, async ({ tables, room, at, newId }) => {
      const { campaignId, encounterId, name, plan } = request
      await campaignIn(tables, room.id, campaignId)
      const text = JSON.stringify(plan)
      if (!encounterId) {
        const made = { id: newId(), name, plan }
        await insertEncounters(tables, campaignId, [made], { at, limits: this.#limits })
        return { ...made, version: 1, createdAt: at, updatedAt: at }
      }
      const known = await encounterIn(tables, campaignId, encounterId)
      const row = { id: known.id, name, text, version: request.version + 1, updatedAt: at }
      if (!(await tables.encounters.save(campaignId, row)))
        throw new TablecastError(
          'CONFLICT',
          'Another DM changed this encounter. Look at it, then save it again.',
          known,
        )
      return toEncounter({ ...row, createdAt: known.createdAt })
    })
  }

  /** Throws CAMPAIGN_NOT_FOUND, NOT_FOUND. */
  remove(request: ChangeRequest & InCampaign & { encounterId: string }): Promise<{ encounterId: string }> {
    return this.#changes.run('encounters.remove', request, async ({ tables, room }) => {
      await campaignIn(tables, room.id, request.campaignId)
      if (!(await tables.encounters.remove(request.campaignId, request.encounterId))) throw encounterNotFound()
      return { encounterId: request.encounterId }
    })
  }
}

/** The newest change first. */
export const encountersOf = async ({ encounters }: Repositories, campaignId: string): Promise<PreparedEncounter[]> =>
  (await encounters.list(campaignId)).map(toEncounter)

/** Throws NOT_FOUND. */
export async function encounterIn(
  { encounters }: Repositories,
  campaignId: string,
  id: string,
): Promise<PreparedEncounter> {
  const row = await encounters.get(campaignId, id)
  if (!row) throw encounterNotFound()
  return toEncounter(row)
}

/** Throws VALIDATION_FAILED where the campaign would hold too many. */
export async function insertEncounters(
  tables: Repositories,
  campaignId: string,
  made: readonly ExportedEncounter[],
  { at, limits }: { at: string; limits: FightLimits },
): Promise<void> {
  await limits.assertRoomForEncounters(tables, campaignId, made.length)
  for (const { id, name, plan } of made)
    await tables.encounters.insert(campaignId, {
      id,
      name,
      text: JSON.stringify(plan),
      version: 1,
      createdAt: at,
      updatedAt: at,
    })
}

const encounterNotFound = () => new TablecastError('NOT_FOUND', 'There is no such encounter in this campaign.')

type Row = { id: string; name: string; text: string; version: number; createdAt: string; updatedAt: string }

const toEncounter = ({ text, ...row }: Row): PreparedEncounter => ({
  ...row,
  plan: EncounterPlan.parse(JSON.parse(text)),
})
