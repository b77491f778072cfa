import { randomUUID } from 'node:crypto'
import { mkdir, rm, statfs } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { audienceOf, TablecastError } from '@tablecast/contracts'
import {
  giveBack,
  isDiskFull,
  type MediaStore,
  PictureRefused,
  type PictureReader,
  type ReadMap,
  type ReadPicture,
  type RecentContent,
} from '@tablecast/media'
import type { MapWalls } from '@tablecast/maps/import'
import type { Store } from '@tablecast/store'
import { announcedLength } from '../../../http/read-body.ts'
import type { Memberships } from '../../../rooms/memberships.ts'
import type { Identity } from '../../../transport/identity.ts'
import {
  addPicture,
  mustOwn,
  type PictureOwner,
  rightToAdd,
  type StoredPicture,
  type UploadedPicture,
} from './add-picture.ts'
import { type ArchivedFile, knownPicture } from './known-picture.ts'
import type { PictureTelemetry } from './picture-telemetry.ts'
import { receiveFile } from './receive-file.ts'
import type { UploadLimits } from './upload-limits.ts'
import {
  fileTooLarge,
  littleSpace,
  noGuests,
  refusedFile,
  roomFull,
  serverFull,
  UploadRefused,
  uploadsOff,
} from './upload-refused.ts'

export type UploadsOptions = {
  who: 'all' | 'accounts' | 'off'
  maxFileBytes: number
  maxMapBytes: number
  maxRoomBytes: number
  maxServerBytes: number
  minFreeBytes: number
  /** For files that are under way. */
  folder: string
}

export type UploadsDeps = {
  store: Store
  memberships: Pick<Memberships, 'allowed'>
  media: MediaStore
  recent: Pick<RecentContent, 'hold'>
  reader: PictureReader
  limits: UploadLimits
  telemetry: PictureTelemetry
}

export type Upload = PictureOwner & { address: string; request: IncomingMessage }

/** `grid`, `counts`: of a Universal VTT file; null for a picture alone. `warnings`: sentences for the DM. */
export type UploadedMap = {
  picture: UploadedPicture & { tileLevels: number }
  grid: MapWalls['grid'] | null
  counts: { walls: number; doors: number; lights: number } | null
  warnings: readonly string[]
}

/**
 * Takes pictures from people. Everything that can be refused by the head of the request is refused before its body is read. The file
 * goes to the disk, through the encoder and into the media store; then its row is written under the room's lock, where the caller's
 * right is checked again.
 */
export class Uploads {
  readonly #deps: UploadsDeps
  readonly #options: UploadsOptions

  constructor(deps: UploadsDeps, options: UploadsOptions) {
    this.#deps = deps
    this.#options = options
  }

  /** Removes what a process that was killed left behind. Call it before the first upload. */
  async tidy(): Promise<void> {
    await rm(this.#options.folder, { recursive: true, force: true })
  }

  /** Throws `UploadRefused`, and the errors of a missing right. Then nothing is kept. */
  take(upload: Upload): Promise<UploadedPicture> {
    return this.#counted(() =>
      this.#received(upload, this.#options.maxFileBytes, async (path) => this.#keep(upload, await this.#read(path))),
    )
  }

  /** Takes the picture of a map, or a Universal VTT file, from a DM. Throws as `take` does. */
  takeMap(upload: Omit<Upload, 'characterId'>): Promise<UploadedMap> {
    const whole = { ...upload, characterId: null }
    return this.#counted(() =>
      this.#received(whole, this.#options.maxMapBytes, (path) =>
        this.#cutMap(path, (map) => this.#keepMap(whole, map)),
      ),
    )
  }

  /** Gives a room the picture of an archive that this DM has in a room already. Null where they have none. Throws as `take` does. */
  async takeKnown({
    roomId,
    identity,
    ...file
  }: Pick<Upload, 'roomId' | 'identity'> & Omit<ArchivedFile, 'userId'>): Promise<UploadedPicture | null> {
    const known = await knownPicture(this.#deps, { ...file, userId: identity.userId })
    return known && this.#counted(() => this.#add({ roomId, characterId: null, identity }, known))
  }

  /** Keeps a picture that is here already, in a file of an archive, for a DM who was admitted. Throws as `take` does. */
  takeFile({
    roomId,
    identity,
    path,
  }: Pick<Upload, 'roomId' | 'identity'> & { path: string }): Promise<UploadedPicture> {
    return this.#counted(async () => this.#keep({ roomId, characterId: null, identity }, await this.#read(path)))
  }

  /** The same for the picture of a map. `wallsText`: of its walls. */
  async takeMapFile({
    roomId,
    identity,
    path,
    wallsText,
  }: Pick<Upload, 'roomId' | 'identity'> & { path: string; wallsText: string | null }): Promise<UploadedPicture> {
    const owner = { roomId, characterId: null, identity }
    const { picture } = await this.#counted(() => this.#cutMap(path, (map) => this.#keepMap(owner, map), wallsText))
    return picture
  }

  /** Throws where nobody may send pictures, or this person may not, or where `bytes` find no room on the disk. */
  async mustAdmit(identity: Identity, bytes: number): Promise<void> {
    const { who } = this.#options
    if (who === 'off') throw uploadsOff()
    if (who === 'accounts' && identity.kind !== 'account') throw noGuests()
    await this.#mustHaveSpace(bytes)
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    const { telemetry } = this.#deps
    try {
      const picture = await work()
      telemetry.ended('kept')
      return picture
    } catch (error) {
      const told = error instanceof PictureRefused ? refusedFile(error) : isDiskFull(error) ? littleSpace() : error
      if (told instanceof UploadRefused) telemetry.refused(told.reason)
      else if (told instanceof TablecastError && told.code !== 'INTERNAL') telemetry.refused(told.code.toLowerCase())
      else telemetry.ended('failed')
      throw told
    }
  }

  /** Receives a file for as long as the work takes. */
  async #received<T>(upload: Upload, maxBytes: number, work: (path: string) => Promise<T>): Promise<T> {
    await this.#mayBegin(upload, maxBytes)
    const { identity, address, request } = upload
    const { folder } = this.#options
    const release = this.#deps.limits.take(identity.userId, address)
    const path = join(folder, `${randomUUID()}.upload`)
    try {
      await mkdir(folder, { recursive: true })
      await receiveFile(request, path, maxBytes)
      return await work(path)
    } finally {
      await rm(path, { force: true })
      release()
    }
  }

  /** Throws for everything that is known before the body is read. */
  async #mayBegin({ roomId, characterId, identity, request }: Upload, maxBytes: number): Promise<void> {
    const { memberships, store } = this.#deps
    const { who, maxRoomBytes } = this.#options
    const { role } = await memberships.allowed(roomId, identity.userId, rightToAdd(characterId))
    if (who === 'off') throw uploadsOff()
    if (who === 'accounts' && identity.kind !== 'account') throw noGuests()
    await store.read(async (tables) => {
      if (audienceOf(role) === 'player') await mustOwn(tables, roomId, identity.userId, characterId)
      if ((await tables.pictures.usedBytes(roomId)) >= maxRoomBytes) throw roomFull(maxRoomBytes)
    })
    const length = announcedLength(request)
    if (length === 0) throw refusedFile(new PictureRefused('empty'))
    if ((length ?? 0) > maxBytes) throw fileTooLarge(maxBytes)
    await this.#mustHaveSpace(length ?? maxBytes)
  }

  async #mustHaveSpace(bytes: number): Promise<void> {
    const { folder, maxServerBytes, minFreeBytes } = this.#options
    if ((await this.#deps.media.usedBytes()) >= maxServerBytes) throw serverFull()
    await mkdir(folder, { recursive: true })
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize - bytes < minFreeBytes) throw littleSpace()
  }

  async #read(path: string): Promise<ReadPicture> {
    const { reader, telemetry } = this.#deps
    using time = telemetry.rendering('picture', 'refused')
    const picture = await reader.read(path)
    time.made()
    return picture
  }

  async #cutMap<T>(path: string, keep: (map: ReadMap) => Promise<T>, wallsText: string | null = null): Promise<T> {
    const { reader, telemetry } = this.#deps
    using time = telemetry.rendering('map', 'refused')
    const keepCut = (map: ReadMap) => {
      time.made()
      return keep(map)
    }
    return await reader.readMap(path, keepCut, wallsText)
  }

  async #keep({ roomId, characterId, identity }: PictureOwner, picture: ReadPicture): Promise<UploadedPicture> {
    const { media, recent } = this.#deps
    await this.#mustFit(picture.bytes)
    // First the content, then the row: a row without its content would be a broken picture for everybody.
    for (const { variant, content } of picture.files) {
      await media.put(picture.hash, variant, content)
      recent.hold(picture.hash, variant, content)
    }
    return this.#add({ roomId, characterId, identity }, { ...picture, tileLevels: null, wallsText: null })
  }

  async #keepMap(owner: PictureOwner, map: ReadMap): Promise<UploadedMap> {
    const { media } = this.#deps
    await this.#mustFit(map.bytes)
    for (const file of map.files) {
      const content = await map.content(file)
      await media.put(map.hash, file, content)
      giveBack(content)
    }
    const { walls, tileLevels, warnings } = map
    const picture = await this.#add(owner, { ...map, wallsText: walls?.text ?? null })
    const parts = walls?.parts
    return {
      picture: { ...picture, tileLevels },
      grid: parts?.grid ?? null,
      counts: parts ? { walls: parts.walls.length, doors: parts.doors.length, lights: parts.lights.length } : null,
      warnings,
    }
  }

  #add(owner: PictureOwner, picture: StoredPicture): Promise<UploadedPicture> {
    return addPicture({ store: this.#deps.store, maxRoomBytes: this.#options.maxRoomBytes }, owner, picture)
  }

  async #mustFit(bytes: number): Promise<void> {
    if ((await this.#deps.media.usedBytes()) + bytes > this.#options.maxServerBytes) throw serverFull()
  }
}
