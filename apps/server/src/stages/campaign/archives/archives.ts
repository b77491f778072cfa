// Campaigns that travel with their pictures, as ZIP files.
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import {
  type CampaignState,
  findPicture,
  type ImportAnswer,
  type ImportReport,
  mustBeBounded,
  type Picture,
} from '@tablecast/contracts'
import { type MediaStore, sizeOfTileFile } from '@tablecast/media'
import { memberCaller, type Orchestrator, picturesNamed, readDocument, type Right } from '@tablecast/orchestrator'
import type { Store } from '@tablecast/store'
import { announcedLength } from '../../../http/read-body.ts'
import type { Audit } from '../../../rooms/audit.ts'
import type { Memberships } from '../../../rooms/memberships.ts'
import type { Identity } from '../../../transport/identity.ts'
import { cutLongArray } from '../../../transport/long-array.ts'
import type { LibraryTelemetry } from '../library-telemetry.ts'
import type { UploadedPicture } from '../pictures/add-picture.ts'
import { hashOfFile } from '../pictures/hash-of-file.ts'
import { receiveFile } from '../pictures/receive-file.ts'
import type { UploadLimits } from '../pictures/upload-limits.ts'
import { UploadRefused } from '../pictures/upload-refused.ts'
import type { Uploads } from '../pictures/uploads.ts'
import { archivesBusy, archiveTooLarge } from './archive-limits.ts'
import { Archive, type ArchiveLimits } from './read-archive.ts'
import { withPictures } from './renamed-pictures.ts'
import { type ArchivedPicture, writeArchive } from './write-archive.ts'

export type ArchivesDeps = {
  store: Store
  orchestrator: Orchestrator
  memberships: Pick<Memberships, 'allowed'>
  media: MediaStore
  uploads: Uploads
  limits: UploadLimits
  audit: Audit
  telemetry: Pick<LibraryTelemetry, 'imported'>
}

/** `folder`: for files that are under way. */
export type ArchivesOptions = ArchiveLimits & { folder: string }

const DMS: Right = { roles: ['owner', 'dm'], who: 'a DM' }

type Sent = { roomId: string; identity: Identity; address: string; request: IncomingMessage }
/** A file that is on the disk. `work`: a folder for what is unpacked. */
type Received = { path: string; work: string }

export class Archives {
  readonly #deps: ArchivesDeps
  readonly #options: ArchivesOptions
  /** The text of a campaign takes memory, so that one is read at a time. */
  #isReading = false

  constructor(deps: ArchivesDeps, options: ArchivesOptions) {
    this.#deps = deps
    this.#options = options
  }

  /** Throws NOT_A_MEMBER, NOT_THE_DM, CAMPAIGN_NOT_FOUND. */
  async export({ roomId, campaignId, identity }: { roomId: string; campaignId: string; identity: Identity }) {
    const { orchestrator, memberships, audit, media, store } = this.#deps
    const { name } = await memberships.allowed(roomId, identity.userId, DMS)
    const { fileName, text } = await orchestrator.library.export({ roomId, campaignId, format: 'json' })
    const { state } = await orchestrator.library.get(roomId, campaignId)
    const file = fileName.replace(/\.json$/, '.zip')
    await audit.write({ roomId, kind: 'exported', by: { userId: identity.userId, name }, detail: { what: file } })
    const pictures = await store.read(async (tables) => {
      const rows: ArchivedPicture[] = []
      for (const row of await tables.pictures.find(roomId, [...picturesNamed(state)]))
        rows.push({ ...row, walls: row.tileLevels === null ? null : await tables.maps.walls(roomId, row.id) })
      return rows
    })
    return { fileName: file, body: await writeArchive(text, pictures, media) }
  }

  /**
   * Makes a new campaign, not active, and pictures of the room out of those of the file. A picture that can't be read is left out, and the
   * report says so. Throws VALIDATION_FAILED, MESSAGE_TOO_LARGE, RATE_LIMITED, `UploadRefused`, and the errors of a missing right.
   */
  import(sent: Sent & { key: string }): Promise<ImportAnswer> {
    return this.#withFile(sent, (received) => this.#imported(sent, received))
  }

  /**
   * The report that an import of the file would return. Stores nothing, and decodes no picture: it counts those that the file holds and that
   * begin like one. Throws as `import` does.
   */
  preview(sent: Sent): Promise<ImportReport> {
    return this.#withFile(sent, ({ path }) => this.#previewed(sent.roomId, path))
  }

  /** The file, for as long as the work takes. */
  async #withFile<T>(
    { roomId, identity, address, request }: Sent,
    work: (received: Received) => Promise<T>,
  ): Promise<T> {
    const { memberships, limits, uploads } = this.#deps
    const { folder, maxBytes } = this.#options
    await memberships.allowed(roomId, identity.userId, DMS)
    await uploads.mustAdmit(identity, announcedLength(request) ?? maxBytes)
    if ((announcedLength(request) ?? 0) > maxBytes) throw archiveTooLarge(maxBytes)
    if (this.#isReading) throw archivesBusy()
    const release = limits.take(identity.userId, address)
    this.#isReading = true
    const own = join(folder, `${randomUUID()}.archive`)
    try {
      await mkdir(own, { recursive: true })
      const path = join(own, 'campaign.zip')
      await receiveFile(request, path, maxBytes, archiveTooLarge)
      return await work({ path, work: own })
    } finally {
      this.#isReading = false
      release()
      await rm(own, { recursive: true, force: true })
    }
  }

  async #previewed(roomId: string, path: string): Promise<ImportReport> {
    using archive = await Archive.open(path, this.#options)
    const { file, state, longEntries } = await campaignIn(archive)
    const present = new Map<string, Omit<Picture, 'name'>>()
    let bytes = 0
    for (const id of picturesNamed(state)) {
      if (!(await archive.beginsLikePicture(id))) continue
      bytes += archive.bytesOf(id)
      present.set(id, findPicture(state.pictures, id) ?? { id, width: 1, height: 1, thumbhash: '' })
    }
    const document = withPictures(file, present)
    const report = await this.#deps.orchestrator.library.previewImport({ roomId, document, longEntries })
    return withPicturesInReport(report, {
      kept: present.size,
      missing: picturesNamed(state).size - present.size,
      bytes,
    })
  }

  async #imported({ roomId, key, identity }: Sent & { key: string }, { path, work }: Received): Promise<ImportAnswer> {
    const { orchestrator, telemetry } = this.#deps
    using archive = await Archive.open(path, this.#options)
    // Whether it is a campaign, before any picture is read.
    const { file, state, longEntries } = await campaignIn(archive)
    const { arrived, missing } = await this.#arrive(archive, state, { roomId, identity, work })
    const renamed = withPictures(file, arrived)
    const answer = await orchestrator.library.importCampaign({
      roomId,
      key,
      input: [roomId, await hashOfFile(path)],
      caller: memberCaller(identity.userId, DMS),
      document: readDocument(renamed),
      file: renamed,
      longEntries,
    })
    telemetry.imported('zip', answer.report.counts)
    return { ...answer, report: withPicturesInReport(answer.report, { kept: arrived.size, missing, bytes: null }) }
  }

  /** One picture after the other. `missing`: the number of those that the file lacks, or that can't be read. */
  async #arrive(
    archive: Archive,
    state: CampaignState,
    { roomId, identity, work }: { roomId: string; identity: Identity; work: string },
  ): Promise<{ arrived: Map<string, Omit<Picture, 'name'>>; missing: number }> {
    const arrived = new Map<string, Omit<Picture, 'name'>>()
    let missing = 0
    for (const id of picturesNamed(state)) {
      if (!archive.pictureIds.has(id)) {
        missing += 1
        continue
      }
      const path = join(work, 'picture')
      try {
        await archive.unpackPicture(id, path)
        const file = { roomId, identity, path }
        const { id: own, width, height, thumbhash } = await this.#taken(archive, state, { id, ...file })
        arrived.set(id, { id: own, width, height, thumbhash })
      } catch (error) {
        if (!(error instanceof UploadRefused) || error.code !== 'VALIDATION_FAILED') throw error
        missing += 1
      } finally {
        await rm(path, { force: true })
      }
    }
    return { arrived, missing }
  }

  async #taken(
    archive: Archive,
    state: CampaignState,
    { id, ...file }: { id: string; roomId: string; identity: Identity; path: string },
  ): Promise<UploadedPicture> {
    const { uploads } = this.#deps
    const isOfMap = archive.isOfMap(id)
    const wallsText = isOfMap ? await archive.wallsOf(id) : null
    // The size that the archive claims only leads to pictures to compare it with.
    const size = isOfMap ? await sizeOfTileFile(file.path) : findPicture(state.pictures, id)
    const known = size && (await uploads.takeKnown({ ...file, size, isOfMap, wallsText }))
    if (known) return known
    return isOfMap ? uploads.takeMapFile({ ...file, wallsText }) : uploads.takeFile(file)
  }
}

async function campaignIn(archive: Archive) {
  const { rest, items: longEntries } = await cutLongArray(await archive.readCampaign(), ['entries'])
  mustBeBounded(rest)
  const file = parsed(rest)
  return { file, state: readDocument(file).state, longEntries }
}

/** `bytes`: of the kept pictures, where somebody decides by that; else null. */
type PictureCount = { kept: number; missing: number; bytes: number | null }

function withPicturesInReport(report: ImportReport, { kept, missing, bytes }: PictureCount): ImportReport {
  const pictures = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'picture' : 'pictures'}`
  const size = bytes === null ? '' : `, ${inWords(bytes)}`
  return {
    ...report,
    kept: kept > 0 ? [...report.kept, `${pictures(kept)}${size}.`] : report.kept,
    leftOut:
      missing > 0
        ? [...report.leftOut, `${pictures(missing)} that the file lacks or that can’t be read.`]
        : report.leftOut,
  }
}

const inWords = (bytes: number): string =>
  bytes < 1_048_576 ? `${Math.ceil(bytes / 1_024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`

/** `readDocument` has the words for everything that is not a campaign. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
