// Links for screens that are no members. The database keeps the hash of a link's token alone.
import { createHash } from 'node:crypto'
import {
  type NewScreenLink,
  type RoomScreens,
  type ScreenKind,
  type ScreenLink,
  TablecastError,
} from '@tablecast/contracts'
import type { ChangeRequest } from '@tablecast/orchestrator'
import type { ScreenLinkRow, Store } from '@tablecast/store'
import { newCode } from './invite-code.ts'
import type { RoomChanges } from './room-changes.ts'

export type ScreenLinksDeps = {
  store: Store
  changes: RoomChanges
  /** The most links of one room. */
  maxPerRoom: number
  /** The same words always give the same bytes, which nobody else can find. */
  secretOf(...words: readonly string[]): Buffer
  failed(error: unknown): void
}

/** A use is noted at most this often. */
const USE_INTERVAL_MS = 60_000

export class ScreenLinks {
  readonly #deps: ScreenLinksDeps

  constructor(deps: ScreenLinksDeps) {
    this.#deps = deps
  }

  list(roomId: string): Promise<RoomScreens> {
    return this.#deps.store.read(async ({ screens }) => ({
      links: (await screens.list(roomId)).map(shown),
      show: await screens.show(roomId),
    }))
  }

  /** A repeat answers with the same token. Throws RATE_LIMITED for a room with the most links, NOT_FOUND for a repeat after a revocation. */
  async create(request: ChangeRequest & { kind: ScreenKind; name: string }): Promise<NewScreenLink> {
    const { changes, store, maxPerRoom } = this.#deps
    const { roomId, kind, name } = request
    const { linkId } = await changes.make('screens.create', request, async ({ tables, actor, at }) => {
      if ((await tables.screens.count(roomId)) >= maxPerRoom)
        throw new TablecastError('RATE_LIMITED', `At most ${maxPerRoom} links for screens: take one back first.`)
      const id = `screen-${newCode()}`
      const hash = hashOf(this.#tokenOf(id))
      await tables.screens.insert({ id, roomId, hash, kind, name, createdBy: actor.name, createdAt: at })
      return { changes: [], audited: { kind: 'screen_link_created', detail: { what: name } }, answer: { linkId: id } }
    })
    const link = await store.read(({ screens }) => screens.get(roomId, linkId))
    if (!link) throw new TablecastError('NOT_FOUND', 'This link was taken back already. Make a new one.')
    return { link: shown(link), token: this.#tokenOf(linkId) }
  }

  /** Ends the screens of the link on every node before the next event. Throws NOT_FOUND. */
  async revoke(request: ChangeRequest & { linkId: string }): Promise<RoomScreens> {
    const { roomId, linkId } = request
    await this.#deps.changes.make('screens.revoke', request, async ({ tables }) => {
      const link = await tables.screens.get(roomId, linkId)
      if (!link) throw new TablecastError('NOT_FOUND', 'There is no such link any more.')
      await tables.screens.remove(roomId, linkId)
      return {
        // As if a spectator were removed: pictures get new addresses, too.
        changes: [{ userId: linkId, was: 'spectator', role: null }],
        audited: { kind: 'screen_link_revoked', detail: { what: link.name } },
        answer: null,
      }
    })
    return this.list(roomId)
  }

  /** The link of this token. Throws SCREEN_LINK_INVALID, also for a link of another room. */
  async open({ roomId, token }: { roomId: string; token: string }): Promise<ScreenLinkRow> {
    const link = await this.#deps.store.read(({ screens }) => screens.find(hashOf(token)))
    if (link?.roomId !== roomId) throw invalidScreenLink()
    return link
  }

  /** Call it after `RoomAccess.addListener`: a revocation before that ended nothing. Throws SCREEN_LINK_INVALID. */
  async assertStillThere({ roomId, id }: Pick<ScreenLinkRow, 'roomId' | 'id'>): Promise<void> {
    const link = await this.#deps.store.read(({ screens }) => screens.get(roomId, id))
    if (!link) throw invalidScreenLink()
  }

  /** Notes when a screen came, without waiting for the write. */
  noteUse({ id, lastUsedAt }: Pick<ScreenLinkRow, 'id' | 'lastUsedAt'>): void {
    const now = Date.now()
    const since = new Date(now - USE_INTERVAL_MS).toISOString()
    if (lastUsedAt !== null && lastUsedAt >= since) return
    const { store, failed } = this.#deps
    store.write(({ screens }) => screens.use(id, new Date(now).toISOString(), since)).catch(failed)
  }

  /** 192 bits. It follows from the id, so that the answer to a repeated call need not be stored with it. */
  #tokenOf(linkId: string): string {
    return this.#deps.secretOf('screen link', linkId).subarray(0, 24).toString('base64url')
  }
}

export const invalidScreenLink = () =>
  new TablecastError('SCREEN_LINK_INVALID', 'This link is not valid any more: ask the DM for a new one.')

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

const shown = ({ id, kind, name, createdBy, createdAt, lastUsedAt }: ScreenLinkRow): ScreenLink => ({
  id,
  kind,
  name,
  createdBy,
  createdAt,
  lastUsedAt,
})
