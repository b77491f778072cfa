// Reads a ZIP file of a stranger. Only a few kinds of names are ever looked at, sizes are checked before anything is unpacked, and the library
// cuts off an entry that is longer than it says.
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Id, judgedKind, KIND_BYTES, TablecastError } from '@tablecast/contracts'
import { isTileFile } from '@tablecast/media'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { archiveDamaged, MAX_FILES, MAX_RATIO, notAnArchive, tooManyFiles, tooMuchInside } from './archive-limits.ts'
import { CAMPAIGN_FILE, MAPS_FOLDER, PICTURES_FOLDER } from './write-archive.ts'

export type ArchiveLimits = {
  maxCampaignBytes: number
  maxPictureBytes: number
  /** Of all files that are unpacked. */
  maxBytes: number
}

/** `walls`: of the picture of a map, where it has some. */
type ArchivedFile = { entry: Entry; isOfMap: boolean; walls: Entry | null }

export class Archive implements Disposable {
  readonly #zip: ZipFile
  readonly #campaign: Entry
  readonly #pictures: ReadonlyMap<string, ArchivedFile>

  private constructor(zip: ZipFile, campaign: Entry, pictures: ReadonlyMap<string, ArchivedFile>) {
    this.#zip = zip
    this.#campaign = campaign
    this.#pictures = pictures
  }

  /** Looks at the list of files. Throws VALIDATION_FAILED. */
  static async open(path: string, limits: ArchiveLimits): Promise<Archive> {
    const { size } = await stat(path)
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(() => {
      throw notAnArchive()
    })
    try {
      if (zip.entryCount > MAX_FILES) throw tooManyFiles()
      const entries = await entriesOf(zip)
      mustBeModest(entries, size, limits)
      const named = new Map(entries.map((entry) => [entry.fileName, entry]))
      // Of two files with one name, programs unpack one or the other.
      if (named.size !== entries.length) throw archiveDamaged()
      const campaign = named.get(CAMPAIGN_FILE)
      if (!campaign) throw notAnArchive()
      if (campaign.uncompressedSize > limits.maxCampaignBytes) throw tooMuchInside()
      return new Archive(zip, campaign, picturesIn(named, limits))
    } catch (error) {
      zip.close()
      throw error
    }
  }

  /** The ids of pictures that it holds. */
  get pictureIds(): ReadonlySet<string> {
    return new Set(this.#pictures.keys())
  }

  /** The unpacked size of a picture. 0 for one that it lacks. */
  bytesOf(id: string): number {
    return this.#pictures.get(id)?.entry.uncompressedSize ?? 0
  }

  /** Whether a picture is that of a map. */
  isOfMap(id: string): boolean {
    return this.#pictures.get(id)?.isOfMap ?? false
  }

  /** The walls of a map, as text; null where the archive has none. */
  async wallsOf(id: string): Promise<string | null> {
    const entry = this.#pictures.get(id)?.walls
    return entry ? (await this.#textOf(entry)).toString() : null
  }

  /** Looks at the first bytes of a picture. False for one that it lacks. */
  async beginsLikePicture(id: string): Promise<boolean> {
    const file = this.#pictures.get(id)
    if (!file) return false
    let start = Buffer.alloc(0)
    try {
      await unpacked(this.#zip, file.entry, async (stream) => {
        for await (const part of stream) {
          if (Buffer.isBuffer(part)) start = Buffer.concat([start, part])
          if (start.length >= KIND_BYTES) break
        }
      })
    } catch (error) {
      if (error instanceof TablecastError) return false
      throw error
    }
    return file.isOfMap ? isTileFile(start) : judgedKind(start.subarray(0, KIND_BYTES)).kind !== null
  }

  readCampaign(): Promise<Buffer> {
    return this.#textOf(this.#campaign)
  }

  async #textOf(entry: Entry): Promise<Buffer> {
    const parts: Buffer[] = []
    await unpacked(this.#zip, entry, async (stream) => {
      for await (const part of stream) if (Buffer.isBuffer(part)) parts.push(part)
    })
    return Buffer.concat(parts)
  }

  /** Unpacks a picture of the archive into a new file. */
  async unpackPicture(id: string, path: string): Promise<void> {
    const file = this.#pictures.get(id)
    if (!file) throw archiveDamaged()
    await unpacked(this.#zip, file.entry, (stream) =>
      pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 })),
    )
  }

  [Symbol.dispose](): void {
    this.#zip.close()
  }
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry)
  } catch {
    throw archiveDamaged()
  }
  return entries
}

/** Parts of files that overlap would make a small archive swell without end. */
function mustBeModest(entries: readonly Entry[], fileBytes: number, { maxBytes }: ArchiveLimits): void {
  let packed = 0
  let whole = 0
  for (const entry of entries) {
    packed += entry.compressedSize
    whole += entry.uncompressedSize
    if (entry.uncompressedSize > entry.compressedSize * MAX_RATIO) throw tooMuchInside()
  }
  if (packed > fileBytes) throw archiveDamaged()
  if (whole > maxBytes) throw tooMuchInside()
}

/** Files with other names are left alone: an archive that somebody packed again has a few. */
function picturesIn(
  named: ReadonlyMap<string, Entry>,
  { maxPictureBytes, maxCampaignBytes }: ArchiveLimits,
): ReadonlyMap<string, ArchivedFile> {
  const pictures = new Map<string, ArchivedFile>()
  for (const [name, entry] of named) {
    const [, folder = '', id = '', ending = ''] = /^([a-z]+\/)([^/]+)\.(webp|tiles)$/.exec(name) ?? []
    const isOfMap = folder === MAPS_FOLDER && ending === 'tiles'
    if (!isOfMap && (folder !== PICTURES_FOLDER || ending !== 'webp')) continue
    if (!Id.safeParse(id).success) continue
    // Tiles are lossless, so they take more than the file that they were cut from. They count to the whole.
    if (!isOfMap && entry.uncompressedSize > maxPictureBytes) throw tooMuchInside()
    const walls = (isOfMap && named.get(`${MAPS_FOLDER}${id}.json`)) || null
    if ((walls?.uncompressedSize ?? 0) > maxCampaignBytes) throw tooMuchInside()
    pictures.set(id, { entry, isOfMap, walls })
  }
  return pictures
}

async function unpacked(zip: ZipFile, entry: Entry, take: (stream: Readable) => Promise<void>): Promise<void> {
  let stream: Readable
  try {
    stream = await zip.openReadStreamPromise(entry)
  } catch {
    throw archiveDamaged()
  }
  try {
    await take(stream)
  } catch (error) {
    // Errors of the disk have a code of the system. Those of the library have none, and those of zlib begin with Z.
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined || code.startsWith('Z_')) throw archiveDamaged()
    throw error
  }
}
