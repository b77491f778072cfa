import {
  type CampaignDocument,
  type CampaignExport,
  type CampaignLibrary,
  type CampaignState,
  type CampaignSummary,
  type ExportedEncounter,
  type ExportedFog,
  type ExportedSheet,
  type ImportAnswer,
  type ImportReport,
  type NarrativeEntry,
  type Page,
  type PageList,
  SNAPSHOT_ENTRIES,
  TablecastError,
} from '@tablecast/contracts'
import type { Scenario } from '@tablecast/narrator'
import type { CampaignRow, Repositories, Store } from '@tablecast/store'
import { Arrivals, type ArrivalsDeps, type LongImport, memberIdsOf, originOf, summaryOf } from './arrivals.ts'
import type { CampaignChanges } from './campaign-changes.ts'
import { checkDocument, type EntrySlices, exportCampaign, type ExportChoice } from './document.ts'
import type { FightLimits } from './fights/fight-limits.ts'
import { bringBlocks } from './fights/travel.ts'
import { compareFile, documentReport, mustFit, readDocument } from './imports.ts'
import { KeyedQueue } from './keyed-queue.ts'
import { fogsOf, readFogs } from './maps/travel.ts'
import { exportedSheets, readSheets } from './sheets/travel.ts'
import { campaignIn, campaignNotFound } from './reading.ts'
import type { ChangeRequest } from './room-change.ts'

/** The campaigns of a room as a whole: made, imported, renamed, archived, exported and listed. */
export class Library {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #maxPagesBytes: number
  readonly #limits: FightLimits
  readonly #arrivals: Arrivals
  /** Imports that have to be read first, by caller and key. */
  readonly #readings = new KeyedQueue()

  constructor(deps: ArrivalsDeps) {
    const { store, changes, maxPagesBytes, limits } = deps
    this.#store = store
    this.#changes = changes
    this.#maxPagesBytes = maxPagesBytes
    this.#limits = limits
    this.#arrivals = new Arrivals(deps)
  }

  /** `fogs`: of the state's maps, all hidden without them. Throws VALIDATION_FAILED for more pages than a campaign holds. */
  create(
    request: ChangeRequest & {
      name: string
      state?: CampaignState
      entries?: NarrativeEntry[]
      pages?: Page[]
      encounters?: ExportedEncounter[]
      sheets?: ExportedSheet[]
      fogs?: ExportedFog[]
    },
  ): Promise<CampaignSummary> {
    return this.#changes.run('campaign.create', request, async ({ tables, room, at }) =>
      this.#arrivals.insert(tables, room.id, at, {
        ...request,
        fogs: readFogs(request.state?.maps, request.fogs),
        sheets: await readSheets(request.state, request.sheets),
        origin: { kind: 'new' },
      }),
    )
  }

  /**
   * Makes a new campaign, not active, from a text. `read` may take seconds: it runs before the transaction, and only for the first of
   * several calls with the same key.
   */
  importScenario(request: ChangeRequest, read: () => Promise<Scenario>): Promise<ImportAnswer> {
    const procedure = 'campaign.importScenario'
    return this.#readings.run(`${request.caller.userId} ${request.key}`, async () => {
      const known = await this.#answerTo<ImportAnswer>(procedure, request)
      if (known) return known
      const { report, ...scenario } = await read()
      return this.#changes.run(procedure, request, async ({ tables, room, at }) => ({
        ...(await this.#arrivals.insert(tables, room.id, at, {
          ...scenario,
          origin: { kind: 'adventure', name: scenario.name },
        })),
        report,
      }))
    })
  }

  /**
   * Makes a copy under a new id, not active. `file`: the file that the document was read from, for the comparison in the report.
   * `longEntries`: the entries, when they are too many for the document, whose own are then left out. Throws VALIDATION_FAILED.
   */
  importCampaign(
    request: ChangeRequest & { document: CampaignDocument; file?: unknown; longEntries?: EntrySlices | null },
  ): Promise<ImportAnswer> {
    const document = checkDocument(request.document)
    const { file = document, longEntries = null } = request
    this.mustFitPages(document.pages ?? [])
    return longEntries
      ? this.#importLong(request, { document, file, longEntries })
      : this.#importShort(request, document, file)
  }

  async #importShort(request: ChangeRequest, document: CampaignDocument, file: unknown): Promise<ImportAnswer> {
    const compared = await compareFile(file, document, null)
    return this.#changes.run('campaign.import', request, async ({ tables, room, at }) => ({
      ...(await this.#arrivals.insert(tables, room.id, at, {
        ...(await bringBlocks(tables, room.id, document, { at, limits: this.#limits })),
        fogs: readFogs(document.state.maps, document.fogs),
        sheets: await readSheets(document.state, document.sheets),
        origin: originOf(document),
      })),
      report: documentReport(document, compared, await memberIdsOf(tables, room.id)),
    }))
  }

  async #importLong(request: ChangeRequest, file: LongImport): Promise<ImportAnswer> {
    const known = await this.#answerTo<ImportAnswer>('campaign.import', request)
    return known ?? this.#arrivals.importLong(request, file)
  }

  rename(request: ChangeRequest & { campaignId: string; name: string }): Promise<CampaignSummary> {
    return this.#changes.run('campaign.rename', request, async ({ tables, room, emitter, at }) => {
      const campaign = await campaignIn(tables, room.id, request.campaignId)
      await tables.campaigns.rename(campaign.id, request.name, at)
      // The name is part of the snapshot, so all clients get a new one.
      if (room.activeCampaignId === campaign.id)
        await emitter.loaded({ ...campaign, name: request.name }, { opens: false })
      return summaryOf({ ...campaign, name: request.name, updatedAt: at }, room.activeCampaignId)
    })
  }

  archive(request: ChangeRequest & { campaignId: string; archived: boolean }): Promise<CampaignSummary> {
    return this.#changes.run('campaign.archive', request, async ({ tables, room, at }) => {
      const campaign = await campaignIn(tables, room.id, request.campaignId)
      if (request.archived && room.activeCampaignId === campaign.id)
        throw new TablecastError('CONFLICT', 'The campaign is active: deactivate it first.')
      await tables.campaigns.setArchived(campaign.id, request.archived, at)
      return summaryOf({ ...campaign, archived: request.archived, updatedAt: at }, room.activeCampaignId)
    })
  }

  /**
   * Makes a copy, not active: state and pages, and the story with what was taken back in it, unless `withStory` is false. The copy begins
   * with an empty undo. Throws CAMPAIGN_NOT_FOUND.
   */
  duplicate(
    request: ChangeRequest & { campaignId: string; name: string; withStory: boolean },
  ): Promise<CampaignSummary> {
    return this.#changes.run('campaign.duplicate', request, async ({ tables, room, at }) => {
      const source = await campaignIn(tables, room.id, request.campaignId)
      const { name, withStory } = request
      const origin = { kind: 'copy' as const, name: source.name }
      const fogs = await fogsOf(tables, source)
      const sheets = await readSheets(source.state, (await exportedSheets(tables, source)).sheets)
      const copy = await this.#arrivals.insert(tables, room.id, at, { name, state: source.state, fogs, sheets, origin })
      await tables.campaigns.copyContents(source.id, copy.id, { withEntries: withStory })
      return copy
    })
  }

  /**
   * Hides a campaign from everything but the list of deleted ones. `prune` removes it 30 days later. Throws CAMPAIGN_NOT_FOUND, and CONFLICT
   * for the active campaign. `note`: called in the same transaction, once for a key.
   */
  delete(request: ChangeRequest & { campaignId: string }, note: Note = noNote): Promise<CampaignSummary> {
    return this.#changes.run('campaign.delete', request, async ({ tables, room, at }) => {
      const campaign = await campaignIn(tables, room.id, request.campaignId)
      if (room.activeCampaignId === campaign.id)
        throw new TablecastError('CONFLICT', 'This campaign is on the table. Close it first, then delete it.')
      await tables.campaigns.setDeleted(campaign.id, at)
      await note(tables, campaign)
      return summaryOf(campaign, room.activeCampaignId)
    })
  }

  /** Brings a deleted campaign back as it was. Throws CAMPAIGN_NOT_FOUND, also after its 30 days. */
  restore(request: ChangeRequest & { campaignId: string }, note: Note = noNote): Promise<CampaignSummary> {
    return this.#changes.run('campaign.restore', request, async ({ tables, room }) => {
      const campaign = await tables.campaigns.find(request.campaignId)
      if (campaign?.roomId !== room.id) throw campaignNotFound()
      if (campaign.deletedAt !== null) {
        await tables.campaigns.setDeleted(campaign.id, null)
        await note(tables, campaign)
      }
      return summaryOf(campaign, room.activeCampaignId)
    })
  }

  /** Throws CAMPAIGN_NOT_FOUND, BAD_REQUEST. */
  export({
    roomId,
    campaignId,
    format,
    audience = 'dm',
  }: { roomId: string; campaignId: string } & Pick<ExportChoice, 'format'> &
    Partial<ExportChoice>): Promise<CampaignExport> {
    return this.#store.read(async (tables) => {
      const campaign = await campaignIn(tables, roomId, campaignId)
      return exportCampaign(tables, campaign, { format, audience }, this.#changes.now())
    })
  }

  /** The report of an import of this JSON file. Throws VALIDATION_FAILED, as the import would. */
  async previewImport({
    roomId,
    document: file,
    longEntries,
  }: {
    roomId: string
    document: unknown
    longEntries: EntrySlices | null
  }): Promise<ImportReport> {
    const document = readDocument(file)
    this.mustFitPages(document.pages ?? [])
    const compared = await compareFile(file, document, longEntries)
    return this.#store.read(async (tables) => documentReport(document, compared, await memberIdsOf(tables, roomId)))
  }

  /** Throws VALIDATION_FAILED for more pages than a campaign holds. */
  mustFitPages(pages: readonly Page[]): void {
    mustFit(pages, this.#maxPagesBytes)
  }

  /** Throws CAMPAIGN_NOT_FOUND. */
  listPages(roomId: string, campaignId: string): Promise<PageList> {
    return this.#store.read(async (tables) => {
      await campaignIn(tables, roomId, campaignId)
      return { pages: await tables.pages.list(campaignId) }
    })
  }

  /** Throws CAMPAIGN_NOT_FOUND, NOT_FOUND. */
  readPage(roomId: string, campaignId: string, pageId: string): Promise<Page> {
    return this.#store.read(async (tables) => {
      await campaignIn(tables, roomId, campaignId)
      const page = await tables.pages.get(campaignId, pageId)
      if (!page) throw new TablecastError('NOT_FOUND', 'There is no such page in this campaign. Choose another.')
      return page
    })
  }

  list(roomId: string): Promise<CampaignLibrary> {
    return this.#store.read(async ({ campaigns }) => ({
      campaigns: await campaigns.list(roomId),
      deleted: await campaigns.list(roomId, { deleted: true }),
    }))
  }

  /** A campaign as its DM sees it, with the newest entries. */
  get(
    roomId: string,
    campaignId: string,
  ): Promise<{ campaign: CampaignSummary; state: CampaignState; entries: NarrativeEntry[] }> {
    return this.#store.read(async (tables) => {
      const campaign = await campaignIn(tables, roomId, campaignId)
      const room = await tables.rooms.get(roomId)
      const { entries } = await tables.entries.page(campaignId, 'dm', { limit: SNAPSHOT_ENTRIES })
      return { campaign: summaryOf(campaign, room?.activeCampaignId ?? null), state: campaign.state, entries }
    })
  }

  /** The answer that this key got before; null for a new key. Throws as the change itself does. */
  async #answerTo<T>(procedure: string, request: ChangeRequest): Promise<T | null> {
    return this.#changes
      .run<T>(procedure, request, () => Promise.reject(new NotKnown()))
      .catch((error: unknown) => {
        if (error instanceof NotKnown) return null
        throw error
      })
  }
}

/** Writes down what happened to a campaign. */
type Note = (tables: Repositories, campaign: CampaignRow) => Promise<void>
const noNote: Note = () => Promise.resolve()

/** The key has no answer yet. */
class NotKnown extends Error {}
