import { Channel, type ChannelOptions, type Published } from './channel.ts'
import type { ChannelObserver } from './observer.ts'

type Opening = { channel: Promise<Channel>; early: Published[] }

/** `opening`: a channel is about to be opened, and its log is not read yet. `released`: the channel is gone. */
export type HubListener = { opening?(id: string): void; released?(id: string): void }

/** Makes the observer of the channel with that id. Undefined: the channel is not measured. */
export type Observe = (id: string) => ChannelObserver | undefined

/** The open channels of this process, by id. */
export class Hub {
  readonly #listener: HubListener
  readonly #observe: Observe
  readonly #channels = new Map<string, Channel>()
  readonly #opening = new Map<string, Opening>()
  #idle = new Set<string>()

  constructor(listener: HubListener = {}, observe: Observe = () => undefined) {
    this.#listener = listener
    this.#observe = observe
  }

  /** The channel of that id. `load` reads the epoch and the head of its log; calls at the same time share one `load`. */
  open(id: string, load: () => Promise<{ epoch: string; head: number }>, options: ChannelOptions): Promise<Channel> {
    const open = this.#channels.get(id)
    // The caller needs a moment to subscribe.
    this.#idle.delete(id)
    if (open) return Promise.resolve(open)
    const opening = this.#opening.get(id)
    if (opening) return opening.channel
    this.#listener.opening?.(id)
    const early: Opening['early'] = []
    const channel = load()
      .then((start) => {
        const made = new Channel(id, start, { observer: this.#observe(id), ...options })
        this.#channels.set(id, made)
        // Events that were published since the head was read. Events up to the head are ignored.
        for (const event of early.toSorted((a, b) => a.seq - b.seq)) made.publish(event)
        return made
      })
      .catch((error: unknown) => {
        this.#opening.delete(id)
        this.#listener.released?.(id)
        throw error
      })
      .finally(() => this.#opening.delete(id))
    this.#opening.set(id, { channel, early })
    return channel
  }

  get(id: string): Channel | undefined {
    return this.#channels.get(id)
  }

  /** Open, or being opened. */
  has(id: string): boolean {
    return this.#channels.has(id) || this.#opening.has(id)
  }

  get channels(): Iterable<Channel> {
    return this.#channels.values()
  }

  /** Hands the event to the channel, if one is open. Without one there is no subscriber, and the log has the event. */
  publish(id: string, event: Published): void {
    this.#opening.get(id)?.early.push(event)
    this.#channels.get(id)?.publish(event)
  }

  /** Drops a channel at once, when its log has a new epoch. The owners of its cursors must end them. */
  forget(id: string): void {
    if (this.#channels.delete(id)) this.#listener.released?.(id)
  }

  /** Releases the channels that had no subscriber at this and at the last call. Call it regularly. */
  sweep(): void {
    const idle = new Set<string>()
    for (const [id, channel] of this.#channels) {
      if (channel.size > 0) continue
      if (this.#idle.has(id)) this.forget(id)
      else idle.add(id)
    }
    this.#idle = idle
  }
}
