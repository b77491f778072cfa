// The market's channels in this process. They have no log: a client that missed more than the ring holds gets the present board.
import { randomUUID } from 'node:crypto'
import { isGiven, type MarketMessage, marketStream } from '@tablecast/contracts'
import { Channel, type Cursor, type HubEvent, type Observe, paced } from '@tablecast/hub'
import type { Store } from '@tablecast/store'
import type { Board } from './board.ts'
import { eventText } from './market-event.ts'

/** About the time of one frame of a screen. Events within it go out in one write. */
const WRITE_INTERVAL_MS = 16
const RING_SIZE = 2_048
/** The scope of list changes. No client follows it alone. */
const BOARD = 'board'

export type MarketLiveDeps = { store: Store; board: Board; observe: Observe; now?: () => Date }

export class MarketLive {
  /** All events. */
  readonly all: Channel
  /** Events of no sector and no discussion. Clients that follow single scopes get them too. */
  readonly general: Channel
  readonly #deps: Required<MarketLiveDeps>
  readonly #scopes = new Map<string, Channel>()
  /** The seq in `all` and the scope of each event, in every channel. */
  readonly #origins = new WeakMap<HubEvent, { seq: number; scope: string | null }>()
  /** Random for each process, because a position of one process means nothing to the next. */
  readonly #epoch = randomUUID().slice(0, 8)
  #snapshot: { head: number; text: string } | null = null

  constructor(deps: MarketLiveDeps) {
    this.#deps = { now: () => new Date(), ...deps }
    this.all = this.#open(marketStream(null))
    this.general = this.#open(marketStream('general'))
  }

  get channels(): Iterable<Channel> {
    return [this.all, this.general, ...this.#scopes.values()]
  }

  /** `json`: the text of the message's data, which goes out byte for byte. */
  publish(message: MarketMessage, json: string): void {
    this.#deps.board.apply(message)
    const text = eventText(message.type, json)
    const scope = scopeOf(message)
    this.#append(this.all, text, scope)
    const channel = scope === null ? this.general : this.#scopes.get(scope)
    if (channel) this.#append(channel, text, scope)
  }

  /** The seq of `all` up to which these cursors got every event of theirs; null while one of them is behind its ring. */
  deliveredSeq(cursors: Iterable<{ channel: Channel; cursor: Cursor }>): number | null {
    let delivered = this.all.head
    for (const { channel, cursor } of cursors) {
      if (cursor.after === channel.head) continue
      const next = channel.at((cursor.after ?? -1) + 1)
      const origin = next && this.#origins.get(next)
      if (!origin) return null
      delivered = Math.min(delivered, origin.seq - 1)
    }
    return delivered
  }

  /** The events after that seq of `all` in these scopes or in none; null when the ring no longer has all of them. */
  missed(after: number, scopes: ReadonlySet<string>): HubEvent[] | null {
    if (after < this.all.floor) return null
    const missed: HubEvent[] = []
    for (let seq = after + 1; seq <= this.all.head; seq++) {
      const event = this.all.at(seq)
      const origin = event && this.#origins.get(event)
      if (origin && (origin.scope === null || scopes.has(origin.scope))) missed.push(event)
    }
    return missed
  }

  /** The channel of `sector:<id>` or `discussion:<id>`. A caller that stops using it calls `release`. */
  scope(scope: string): Channel {
    const known = this.#scopes.get(scope)
    if (known) return known
    const made = this.#open(marketStream(scope))
    this.#scopes.set(scope, made)
    return made
  }

  /** To be called after a cursor of the scope was detached. */
  release(scope: string): void {
    if (this.#scopes.get(scope)?.size === 0) this.#scopes.delete(scope)
  }

  /** Reads sectors, agents and discussions again, and publishes the board. */
  async reload(): Promise<void> {
    const { store, board, now } = this.#deps
    const show = await store.read((tables) => board.read(tables, now()))
    show()
    this.#append(this.all, eventText('market:board', JSON.stringify(board.get())), BOARD)
  }

  /** Publishes stored values and statuses that no message brought here after `since`, a time on the clock of `performance`. */
  async refresh(since: number): Promise<void> {
    const { store, board } = this.#deps
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
        observer: this.#deps.observe(id),
        schedule: paced(WRITE_INTERVAL_MS),
      },
    )
    return channel
  }

  #append(channel: Channel, text: string, scope: string | null): void {
    channel.publish({ seq: channel.head + 1, text })
    const event = channel.at(channel.head)
    if (event) this.#origins.set(event, { seq: this.all.head, scope })
  }

  /** Cached, because many clients may come at the same moment. */
  #snapshotText(): string {
    const { head } = this.all
    if (this.#snapshot?.head !== head)
      this.#snapshot = { head, text: eventText('market:snapshot', JSON.stringify(this.#deps.board.get())) }
    return this.#snapshot.text
  }
}

function scopeOf({ type, data }: MarketMessage): string | null {
  if (type === 'discussion:new_message') return `discussion:${data.discussionId}`
  return isGiven(data.sectorId) ? `sector:${data.sectorId}` : null
}
