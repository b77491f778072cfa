// The market's channels in this process. Nothing here is in a log: whoever missed too much gets the board as it stands.
import { randomUUID } from 'node:crypto'
import { isGiven, type MarketMessage, marketStream } from '@tablecast/contracts'
import { Channel, type Cursor, type HubEvent, type Observe, paced } from '@tablecast/hub'
import type { Store } from '@tablecast/store'
import type { Board } from './board.ts'
import { eventText } from './market-event.ts'

/** About a frame of a screen: what comes in between goes out in one write. */
const PACE_MS = 16
const RING_SIZE = 2_048
/** What the lists are about; nobody follows that alone. */
const BOARD = 'board'

export type MarketLiveParts = { store: Store; board: Board; observe: Observe; now?: () => Date }

export class MarketLive {
  /** Everything. */
  readonly all: Channel
  /** What belongs to no sector or discussion: those who follow some of them hear it too. */
  readonly general: Channel
  readonly #parts: Required<MarketLiveParts>
  readonly #scopes = new Map<string, Channel>()
  /** Of each event, in whatever channel: its seq among all of them, and what it is about. */
  readonly #origins = new WeakMap<HubEvent, { seq: number; scope: string | null }>()
  /** Another one after a restart: what a client has seen of this process says nothing to the next. */
  readonly #epoch = randomUUID().slice(0, 8)
  #snapshot: { head: number; text: string } | null = null

  constructor(parts: MarketLiveParts) {
    this.#parts = { now: () => new Date(), ...parts }
    this.all = this.#open(marketStream(null))
    this.general = this.#open(marketStream('general'))
  }

  get channels(): Iterable<Channel> {
    return [this.all, this.general, ...this.#scopes.values()]
  }

  /** `json`: the message's data as it goes out. */
  publish(message: MarketMessage, json: string): void {
    this.#parts.board.apply(message)
    const text = eventText(message.type, json)
    const scope = scopeOf(message)
    this.#append(this.all, text, scope)
    const channel = scope === null ? this.general : this.#scopes.get(scope)
    if (channel) this.#append(channel, text, scope)
  }

  /** Up to which seq of `all` everything was handed to these cursors; null while one of them has fallen off its ring. */
  placeOf(cursors: Iterable<{ channel: Channel; cursor: Cursor }>): number | null {
    let place = this.all.head
    for (const { channel, cursor } of cursors) {
      if (cursor.after === channel.head) continue
      const next = channel.at((cursor.after ?? -1) + 1)
      const origin = next && this.#origins.get(next)
      if (!origin) return null
      place = Math.min(place, origin.seq - 1)
    }
    return place
  }

  /** What came after that seq of `all` and concerns these scopes, or everyone; null when the ring has not got all of it. */
  missed(place: number, scopes: ReadonlySet<string>): HubEvent[] | null {
    if (place < this.all.floor) return null
    const missed: HubEvent[] = []
    for (let seq = place + 1; seq <= this.all.head; seq++) {
      const event = this.all.at(seq)
      const origin = event && this.#origins.get(event)
      if (origin && (origin.scope === null || scopes.has(origin.scope))) missed.push(event)
    }
    return missed
  }

  /** The channel of `sector:<id>` or `discussion:<id>`. Whoever takes it gives it back with `release`. */
  scope(scope: string): Channel {
    const known = this.#scopes.get(scope)
    if (known) return known
    const made = this.#open(marketStream(scope))
    this.#scopes.set(scope, made)
    return made
  }

  /** To be called when a subscriber of the scope has gone. */
  release(scope: string): void {
    if (this.#scopes.get(scope)?.size === 0) this.#scopes.delete(scope)
  }

  /** Sectors, agents or discussions were changed: reads them again, and tells everyone. */
  async reload(): Promise<void> {
    const { store, board, now } = this.#parts
    const show = await store.read((tables) => board.read(tables, now()))
    show()
    this.#append(this.all, eventText('market:board', JSON.stringify(board.get())), BOARD)
  }

  /** Tells what moved elsewhere and was not told here since that moment, on the clock of `performance`. */
  async refresh(since: number): Promise<void> {
    const { store, board } = this.#parts
    for (const message of await store.read((tables) => board.corrections(tables, since)))
      this.publish(message, JSON.stringify(message.data))
  }

  #open(id: string): Channel {
    const channel: Channel = new Channel(
      id,
      { epoch: this.#epoch, head: 0 },
      {
        policy: {
          kind: 'resume',
          recover: () => Promise.resolve({ kind: 'snapshot', seq: channel.head, text: this.#snapshotText() }),
        },
        ringSize: RING_SIZE,
        observer: this.#parts.observe(id),
        schedule: paced(PACE_MS),
      },
    )
    return channel
  }

  #append(channel: Channel, text: string, scope: string | null): void {
    channel.publish({ seq: channel.head + 1, text })
    const event = channel.at(channel.head)
    if (event) this.#origins.set(event, { seq: this.all.head, scope })
  }

  /** Made once for all who come at the same moment. */
  #snapshotText(): string {
    const { head } = this.all
    if (this.#snapshot?.head !== head)
      this.#snapshot = { head, text: eventText('market:snapshot', JSON.stringify(this.#parts.board.get())) }
    return this.#snapshot.text
  }
}

function scopeOf({ type, data }: MarketMessage): string | null {
  if (type === 'discussion:new_message') return `discussion:${data.discussionId}`
  return isGiven(data.sectorId) ? `sector:${data.sectorId}` : null
}
