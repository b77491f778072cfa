// Decides whether and to whom a notice goes. A change of a campaign only adds to a queue here: everything else happens afterwards, and nothing waits
// for a push service.
import type { PushKind } from '@tablecast/contracts'
import { type CampaignNotice, playerInTurn } from '@tablecast/orchestrator'
import type { Repositories, Store } from '@tablecast/store'
import type { Timers } from '../presence-timers.ts'
import { deliver, type Outcome } from './deliver.ts'
import type { NoticeToDevice } from './encrypt-notice.ts'
import { NoticeQueue } from './notice-queue.ts'
import type { NoticeTelemetry } from './notice-telemetry.ts'
import type { PushAnswer } from './push-request.ts'
import { Recently } from './recently.ts'
import type { VisiblePages } from './visible-pages.ts'

export type NoticesDeps = {
  store: Store
  pages: Pick<VisiblePages, 'watching'>
  telemetry: NoticeTelemetry
  timers: Timers
  delayMs: number
  /** Encrypts it, and sends it once. */
  send(notice: NoticeToDevice, closing: AbortSignal): Promise<PushAnswer>
  /** The same words always give the same bytes, which nobody else can find. */
  secretOf(...words: readonly string[]): Buffer
  failed(error: unknown): void
}

/**
 * The time before a notice goes out. A visible page reports within a second after the event. An undo, or another turn, within this time
 * leaves nothing to tell.
 */
export const NOTICE_DELAY_MS = 3_000
/** The seconds in which a notice is worth something. */
const TTL_SECONDS: Record<PushKind, number> = { turn: 5 * 60, opens: 30 * 60 }
/** A person gets no second notice of the same kind from the same room within this time. */
const QUIET_MS: Record<PushKind, number> = { turn: 15_000, opens: 10 * 60_000 }
const MAX_WAITING: Record<PushKind, number> = { turn: 1_000, opens: 200 }
/** An opening may go to the devices of two thousand members, so it does not hold the turns back. */
const RUNNERS: Record<PushKind, number> = { turn: 8, opens: 2 }
const PAGE_SIZE = 100
const AT_ONCE = 8

export class Notices implements AsyncDisposable {
  readonly #deps: NoticesDeps
  readonly #queues: Record<PushKind, NoticeQueue<CampaignNotice>>
  readonly #recently: Recently
  readonly #closing = new AbortController()

  constructor(deps: NoticesDeps) {
    this.#deps = deps
    this.#recently = new Recently(() => deps.timers.now())
    this.#queues = { turn: this.#queueFor('turn'), opens: this.#queueFor('opens') }
  }

  get waiting(): number {
    return this.#queues.turn.size + this.#queues.opens.size
  }

  /** Returns at once. A room has one turn: a newer one replaces the one that waits. */
  tell(notice: CampaignNotice): void {
    if (!this.#queues[notice.kind].add(notice.roomId, notice)) this.#deps.telemetry.dropped('full')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#queues.turn.close(), this.#queues.opens.close()])
  }

  #queueFor(kind: PushKind): NoticeQueue<CampaignNotice> {
    return new NoticeQueue({
      timers: this.#deps.timers,
      delayMs: this.#deps.delayMs,
      max: MAX_WAITING[kind],
      runners: RUNNERS[kind],
      run: (notice, at) => this.#carryOut(notice, at).catch(this.#deps.failed),
    })
  }

  async #carryOut(notice: CampaignNotice, at: number): Promise<void> {
    const { store, pages } = this.#deps
    const { roomId, kind } = notice
    const userId = notice.kind === 'turn' ? notice.userId : null
    for (let after = ''; !this.#closing.signal.aborted;) {
      const devices = await store.read(async (tables) =>
        (await isStillTrue(tables, notice))
          ? tables.push.idsWanting(kind, roomId, { userId, after, limit: PAGE_SIZE })
          : [],
      )
      const userIds = [...new Set(devices.map((device) => device.userId))]
      const watching = userIds.length === 0 ? new Set() : await pages.watching(roomId, userIds, at)
      const told = userIds.filter((id) => !watching.has(id) && !this.#wasToldJustNow(notice, id))
      const chosen = devices.filter((device) => told.includes(device.userId)).map(({ id }) => id)
      await eachOf(chosen, AT_ONCE, (id) => this.#deliverTo(id, notice, at))
      if (devices.length < PAGE_SIZE) return
      after = devices.at(-1)?.id ?? ''
    }
  }

  #wasToldJustNow({ kind, roomId }: CampaignNotice, userId: string): boolean {
    const wasTold = this.#recently.has(`${kind} ${roomId} ${userId}`, QUIET_MS[kind])
    if (wasTold) this.#deps.telemetry.dropped('too_soon')
    return wasTold
  }

  async #deliverTo(deviceId: string, notice: CampaignNotice, at: number): Promise<void> {
    const { store, timers, telemetry, send } = this.#deps
    const { signal } = this.#closing
    const find = () => store.read((tables) => this.#noticeFor(tables, deviceId, notice))
    const outcome = await deliver(
      { find, until: at + TTL_SECONDS[notice.kind] * 1_000 },
      { send: (one) => send(one, signal), telemetry, timers, closing: signal },
    ).catch((error: unknown): Outcome => {
      this.#deps.failed(error)
      return 'error'
    })
    await this.#note(deviceId, notice.kind, outcome)
  }

  /** Null when it is not true any more, or the device is not to get it: its person left the room or turned it off. */
  async #noticeFor(tables: Repositories, deviceId: string, notice: CampaignNotice): Promise<NoticeToDevice | null> {
    const { kind, roomId } = notice
    const device = (await isStillTrue(tables, notice)) ? await tables.push.wanting(kind, roomId, deviceId) : null
    const room = device && (await tables.rooms.get(roomId))
    if (!device || !room || (notice.kind === 'turn' && device.userId !== notice.userId)) return null
    // A push service learns nothing of the room by it.
    const topic = this.#deps.secretOf('push topic', kind, roomId, deviceId).subarray(0, 24).toString('base64url')
    return { device, message: { kind, roomId, room: room.name }, ttl: TTL_SECONDS[kind], topic }
  }

  async #note(deviceId: string, kind: PushKind, outcome: Outcome): Promise<void> {
    const { store, telemetry, failed } = this.#deps
    if (outcome === 'late' || outcome === 'unwanted') return telemetry.dropped(outcome)
    if (outcome === 'sent') telemetry.wasSent(kind)
    else telemetry.failed(outcome)
    if (outcome === 'sent') await store.write(({ push }) => push.sent(deviceId, new Date().toISOString())).catch(failed)
    if (outcome === 'gone') await store.write(({ push }) => push.forget(deviceId)).catch(failed)
  }
}

async function isStillTrue({ rooms, campaigns }: Repositories, notice: CampaignNotice): Promise<boolean> {
  const room = await rooms.get(notice.roomId)
  if (room?.activeCampaignId !== notice.campaignId) return false
  if (notice.kind === 'opens') return true
  const campaign = await campaigns.find(notice.campaignId)
  const inTurn = campaign && playerInTurn(campaign.state)
  return inTurn?.characterId === notice.characterId && inTurn.userId === notice.userId
}

/** `atOnce`: the most that run at the same time. */
async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const next = items.values()
  const runner = async () => {
    for (const item of next) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, runner))
}
