// The players' stream in the form of the plain sockets: each event has the whole `structured_data`. A feed follows the typed stream
// of a room, folds its events into a state while a plain socket follows, and encodes each event once for all of them.
import {
  applyPatch,
  markEntries,
  type NarrativeEntry,
  PLAIN_ENTRIES,
  plainStream,
  type PlayerCampaignEvent,
  type PlayerView,
  structuredData,
  TablecastError,
} from '@tablecast/contracts'
import { type Batch, Channel, type Cursor, type Observe, type Sink } from '@tablecast/hub'
import type { Orchestrator } from '@tablecast/orchestrator'
import type { CampaignLive } from './live.ts'

/**
 * How often the read of older entries is tried again because an event came during it. After that a plain client gets fewer
 * entries.
 */
const FILL_TRIES = 5

type Active = { campaignId: string; view: PlayerView; entries: NarrativeEntry[] }

class Fold implements Sink {
  active: Active | null = null
  seq = 0
  readonly ready = Promise.withResolvers<void>()
  /** The channel for the plain events; null until the first snapshot is folded. */
  channel: Channel | null = null
  readonly #source: Channel
  readonly #failed: () => void

  constructor(source: Channel, failed: () => void) {
    this.#source = source
    this.#failed = failed
    // A rejection after the start has no other handler.
    this.ready.promise.catch(() => {})
  }

  write(batch: Batch): boolean {
    for (const { text: source, at } of batch.events) {
      // The orchestrator wrote this text, in this type.
      const event = JSON.parse(source) as PlayerCampaignEvent
      this.#apply(event)
      this.seq = event.seq
      const text = this.text(event.type, event.timestamp, event.campaign_id)
      // Each plain event holds the whole state. So older ones hold words that an undo has taken out of the room's log.
      this.channel?.publish({ seq: event.seq, text, at: at ?? undefined, floor: this.#source.lostTo })
    }
    this.ready.resolve()
    return true
  }

  close(): void {
    this.ready.reject(new TablecastError('UNAVAILABLE', 'The log can not be read at the moment: try again.'))
    this.#failed()
  }

  text(type: string, timestamp: string, campaignId: string | null): string {
    const data = this.active ? { structured_data: structuredData(this.active.view, this.active.entries) } : {}
    return JSON.stringify({ type, timestamp, campaign_id: campaignId, seq: this.seq, ...data })
  }

  #apply(event: PlayerCampaignEvent): void {
    switch (event.type) {
      case 'campaign_active':
      case 'campaign_loaded':
        this.active = { campaignId: event.campaign_id, view: event.snapshot.view, entries: event.snapshot.entries }
        break
      case 'campaign_updated':
        if (this.active) this.active = { ...this.active, ...next(this.active, event) }
        break
      case 'campaign_deactivated':
        this.active = null
        break
    }
    this.seq = event.seq
  }
}

function next({ view, entries }: Active, event: Extract<PlayerCampaignEvent, { type: 'campaign_updated' }>) {
  return {
    view: event.patch ? applyPatch(view, event.patch) : view,
    entries: [...markEntries(entries, event.withdrawn, 'player'), ...event.entries].slice(-PLAIN_ENTRIES),
  }
}

type Feed = { roomId: string; channel: Channel; fold: Fold; cursor: Cursor; users: number }

/** Lasts as long as a client follows the feed. Dispose of it once. */
class FeedUse implements Disposable {
  readonly #feeds: PlainFeeds
  readonly #feed: Feed

  constructor(feeds: PlainFeeds, feed: Feed) {
    this.#feeds = feeds
    this.#feed = feed
  }

  get channel(): Channel {
    return this.#feed.channel
  }

  /** The seq after which a new subscriber begins; null if it gets the snapshot of an active campaign first. */
  get after(): number | null {
    const { active, seq } = this.#feed.fold
    return active ? null : seq
  }

  [Symbol.dispose](): void {
    this.#feeds.left(this.#feed)
  }
}

/** The plain feeds, by room. A feed is open while a plain socket follows it. */
export class PlainFeeds {
  readonly #live: CampaignLive
  readonly #orchestrator: Orchestrator
  readonly #observe: Observe
  readonly #feeds = new Map<string, Promise<Feed>>()
  readonly #channels = new Set<Channel>()

  constructor(live: CampaignLive, orchestrator: Orchestrator, observe: Observe) {
    this.#live = live
    this.#orchestrator = orchestrator
    this.#observe = observe
  }

  get channels(): Iterable<Channel> {
    return this.#channels
  }

  async open(roomId: string): Promise<FeedUse> {
    const opening = this.#feeds.get(roomId) ?? this.#start(roomId)
    this.#feeds.set(roomId, opening)
    // After a failed start, the next caller tries again.
    opening.catch(() => {
      if (this.#feeds.get(roomId) === opening) this.#feeds.delete(roomId)
    })
    const feed = await opening
    feed.users += 1
    return new FeedUse(this, feed)
  }

  /** A client of the feed has gone. */
  left(feed: Feed): void {
    feed.users -= 1
    if (feed.users > 0 || !this.#channels.delete(feed.channel)) return
    this.#feeds.delete(feed.roomId)
    feed.cursor.detach()
  }

  async #start(roomId: string): Promise<Feed> {
    const source = await this.#live.channel(roomId, 'player')
    const fold = new Fold(source, () => {
      this.#feeds.delete(roomId)
      const { channel } = fold
      if (!channel) return
      this.#channels.delete(channel)
      // No more events would come. Closed clients connect again.
      for (const { sink } of channel.cursors) sink.close('failed')
    })
    const cursor = source.subscribe(fold, null)
    await fold.ready.promise
    await this.#fillEntries(roomId, fold)
    const id = plainStream(roomId)
    const channel = new Channel(
      id,
      { epoch: source.epoch, head: fold.seq },
      {
        ringSize: 64,
        observer: this.#observe(id),
        policy: {
          kind: 'resume',
          recover: () =>
            Promise.resolve({
              kind: 'snapshot',
              seq: fold.seq,
              text: fold.text(
                fold.active ? 'campaign_active' : 'campaign_deactivated',
                new Date().toISOString(),
                fold.active?.campaignId ?? null,
              ),
            }),
        },
      },
    )
    fold.channel = channel
    this.#channels.add(channel)
    return { roomId, channel, fold, cursor, users: 0 }
  }

  /** The typed snapshot has fewer entries than a plain client gets: reads the older ones. */
  async #fillEntries(roomId: string, fold: Fold): Promise<void> {
    for (let tries = 0; tries < FILL_TRIES; tries++) {
      const { active } = fold
      const oldest = active?.entries[0]?.id
      if (!active || oldest === undefined) return
      const { campaignId } = active
      const asked = { roomId, campaignId, listener: 'player' as const, before: oldest, limit: PLAIN_ENTRIES }
      const older = await this.#orchestrator.history(asked).catch(() => null)
      // An event came during the read, and may have withdrawn an entry of it.
      if (fold.active !== active) continue
      if (older) active.entries = [...older.entries, ...active.entries].slice(-PLAIN_ENTRIES)
      return
    }
  }
}
