import { Channel, type ChannelOptions, type Published } from './channel.ts'
import type { ChannelObserver } from './observer.ts'

type Opening = { channel: Promise<Channel>; early: Published[] }

/** Told when a channel begins to be opened, before its log is read, and when it is gone. */
export type HubListener = { opening?(id: string): void; released?(id: string): void }

/** Makes the observer of the channel with that id; undefined: nobody measures it. */
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

  /** The channel of that id. `load` tells where its log stands and runs once, however many ask at the same time. */
  open(id: string, load: () => Promise<{ epoch: string; head: number }>, options: ChannelOptions): Promise<Channel> {
    const open = this.#channels.get(id)
    // Whoever asked for it needs a moment to subscribe.
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
        // Published between the reading of the head and now: those that the head counts already are ignored.
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

  /** Hands the event to the channel; without one there is nobody to serve, and the log has it. */
  publish(id: string, event: Published): void {
    this.#opening.get(id)?.early.push(event)
    this.#channels.get(id)?.publish(event)
  }

  /** Drops a channel at once: its log has a new epoch. Its cursors must be ended by their owners. */
  forget(id: string): void {
    if (this.#channels.delete(id)) this.#listener.released?.(id)
  }

  /** Releases the channels that had no subscriber at this and at the last call. To be called now and then. */
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
