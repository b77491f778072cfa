// Campaigns that come into a room: new, copied, or read from a file.
import { setImmediate as turn } from 'node:timers/promises'
import {
  type CampaignDocument,
  type CampaignOrigin,
  type CampaignState,
  type CampaignSummary,
  emptyState,
  type ExportedEncounter,
  type ImportAnswer,
  type NarrativeEntry,
  type Page,
} from '@tablecast/contracts'
import type { CampaignRow, Repositories, Store } from '@tablecast/store'
import type { CampaignChanges } from './campaign-changes.ts'
import { checkedEntries, type EntrySlices } from './document.ts'
import { insertEncounters } from './fights/encounters.ts'
import type { FightLimits } from './fights/fight-limits.ts'
import { bringBlocks } from './fights/travel.ts'
import { compareFile, documentReport, mustFit } from './imports.ts'
import { settleMapParts } from './maps/map-parts.ts'
import { arrivingMaps, type ArrivingFogs, readFogs } from './maps/travel.ts'
import { settlePictures } from './pictures/settle.ts'
import type { ChangeRequest } from './room-change.ts'
import { type ArrivingSheets, readSheets, storeArriving, withReferences } from './sheets/travel.ts'

type NewCampaign = {
  name: string
  state?: CampaignState
  entries?: NarrativeEntry[]
  pages?: Page[] | undefined
  encounters?: ExportedEncounter[] | undefined
  fogs?: ArrivingFogs
  sheets?: ArrivingSheets
  origin: CampaignOrigin
}

/** `file`: what the document was read from. `longEntries`: its entries, which are too many for the document. */
export type LongImport = { document: CampaignDocument; file: unknown; longEntries: EntrySlices }

export type ArrivalsDeps = { store: Store; changes: CampaignChanges; maxPagesBytes: number; limits: FightLimits }

export class Arrivals {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #maxPagesBytes: number
  readonly #limits: FightLimits

  constructor({ store, changes, maxPagesBytes, limits }: ArrivalsDeps) {
    this.#store = store
    this.#changes = changes
    this.#maxPagesBytes = maxPagesBytes
    this.#limits = limits
  }

  /**
   * Checks all entries first, then stores them in many short transactions, during which nobody sees the campaign. The last transaction
   * makes the campaign one of the room's. An import that fails is dropped here, or by `prune`.
   */
  async importLong(request: ChangeRequest, { document, file, longEntries }: LongImport): Promise<ImportAnswer> {
    const compared = await compareFile(file, document, longEntries)
    const arrived = await this.#store.write((tables) =>
      bringBlocks(tables, request.roomId, document, { at: this.#changes.now(), limits: this.#limits }),
    )
    const { name, state, pages = [], encounters = [] } = arrived
    const sheets = await readSheets(state, document.sheets)
    const fogs = readFogs(document.state.maps, document.fogs)
    const campaign = await this.#store.write(async (tables) => {
      const made = await this.#newCampaign(tables, request.roomId, {
        name,
        state,
        fogs,
        sheets,
        origin: originOf(document),
      })
      await tables.campaigns.insertArriving(made.campaign)
      await made.saveParts()
      return made.campaign
    })
    try {
      for await (const some of checkedEntries(longEntries))
        await this.#store.write((tables) => tables.entries.append(campaign.id, some))
      const answer = await this.#changes.run('campaign.import', request, async ({ tables, room, at }) => {
        await tables.pages.insert(campaign.id, pages)
        await insertEncounters(tables, campaign.id, encounters, { at, limits: this.#limits })
        await tables.campaigns.arrived(campaign.id, at)
        const report = documentReport(document, compared, await memberIdsOf(tables, room.id))
        return { ...summaryOf({ ...campaign, createdAt: at, updatedAt: at }, null), report }
      })
      // A call with the same key imported it meanwhile.
      if (answer.id !== campaign.id) await this.#discard(campaign.id)
      return answer
    } catch (error) {
      await this.#discard(campaign.id).catch(() => {})
      throw error
    }
  }

  async #discard(id: string): Promise<void> {
    while (!(await this.#store.write((tables) => tables.campaigns.discardArriving(id)))) await turn()
  }

  /** Throws VALIDATION_FAILED for more pages than a campaign holds. */
  async insert(
    tables: Repositories,
    roomId: string,
    at: string,
    {
      name,
      state = emptyState,
      entries = [],
      pages = [],
      encounters = [],
      fogs = new Map(),
      sheets = [],
      origin,
    }: NewCampaign,
  ): Promise<CampaignSummary> {
    mustFit(pages, this.#maxPagesBytes)
    const made = await this.#newCampaign(tables, roomId, { name, state, fogs, sheets, origin, at })
    const { campaign } = made
    await tables.campaigns.insert(campaign)
    await made.saveParts()
    await tables.entries.append(campaign.id, entries)
    await tables.pages.insert(campaign.id, pages)
    await insertEncounters(tables, campaign.id, encounters, { at, limits: this.#limits })
    return summaryOf(campaign, null)
  }

  /** Its pictures and maps get names of its own, wherever the state comes from. `saveParts`: to be called when the campaign is stored. */
  async #newCampaign(
    tables: Repositories,
    roomId: string,
    {
      name,
      state,
      fogs,
      sheets,
      origin,
      at = this.#changes.now(),
    }: Pick<CampaignRow, 'name' | 'state'> & {
      fogs: ArrivingFogs
      sheets: ArrivingSheets
      origin: CampaignOrigin
      at?: string
    },
  ) {
    const id = this.#changes.newId()
    const named = settlePictures(null, settleMapParts(null, withReferences(state, sheets)))
    const arrived = await arrivingMaps({ tables, roomId, memory: this.#changes.memory }, { id, state: named }, fogs)
    const campaign: CampaignRow = {
      id,
      roomId,
      name,
      state: arrived.state,
      origin,
      archived: false,
      version: 0,
      undoHead: null,
      redoHead: null,
      createdAt: at,
      updatedAt: at,
    }
    const saveParts = async () => {
      await arrived.fogs.save(null)
      await storeArriving(tables, { campaignId: id, at }, sheets)
    }
    return { campaign, saveParts }
  }
}

export const originOf = ({ name, exportedAt }: CampaignDocument): CampaignOrigin => ({ kind: 'file', name, exportedAt })

export const memberIdsOf = async ({ rooms }: Repositories, roomId: string): Promise<ReadonlySet<string>> =>
  new Set((await rooms.members(roomId)).map(({ userId }) => userId))

export const summaryOf = (campaign: CampaignRow, activeCampaignId: string | null): CampaignSummary => ({
  id: campaign.id,
  name: campaign.name,
  archived: campaign.archived,
  active: campaign.id === activeCampaignId,
  version: campaign.version,
  createdAt: campaign.createdAt,
  updatedAt: campaign.updatedAt,
})
