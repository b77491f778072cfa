import { TablecastError } from '@tablecast/contracts'
import { Batch, type Channel, type Cursor } from '@tablecast/hub'
import type { Socket } from 'socket.io'
import { tallyOf } from '../../transport/stage-meter.ts'
import { engineOf } from './engine-connection.ts'
import type { MarketLive } from './live.ts'
import type { Progress } from './returning-clients.ts'
import { Receipt } from './socket-io-receipt.ts'
import { SocketIoSink } from './socket-io-sink.ts'

/** The start of a client's events: the next event, the board, or the events after its progress. */
export type Start = 'next' | 'board' | Progress

/** A seq before every event: the client has confirmed nothing. */
const NOTHING_RECEIVED = -1

type Following = { channel: Channel; cursor: Cursor }

/** A client gets all events until it subscribes to a scope. Then it gets the events of its scopes, and those of no scope. */
export class SocketIoSubscriber {
  readonly #socket: Socket
  readonly #live: MarketLive
  readonly #limits: { maxBufferedBytes: number; maxScopes: number }
  readonly #scopes = new Map<string, Following>()
  /** The subscription to `live.all` or to `live.general`. */
  #main: Following
  #receipt: Receipt | null = null

  constructor(
    socket: Socket,
    live: MarketLive,
    { start, ...limits }: { maxBufferedBytes: number; maxScopes: number; start: Start },
  ) {
    this.#socket = socket
    this.#live = live
    this.#limits = limits
    if (start === 'next') this.#main = this.#subscribe(live.all, live.all.head)
    else if (start === 'board') this.#main = this.#subscribe(live.all, null)
    else if (start.scopes === null) this.#main = this.#subscribe(live.all, start.seq)
    else this.#main = this.#resume(start.seq, start.scopes)
    const received = { next: live.all.head, board: NOTHING_RECEIVED }
    this.#receipt = new Receipt(engineOf(socket), typeof start === 'string' ? received[start] : start.seq, () =>
      this.#live.deliveredSeq([this.#main, ...this.#scopes.values()]),
    )
    if (start !== 'next') this.#receipt.wrote()
  }

  /** The progress from which the client continues if it comes back. */
  get progress(): Progress {
    const isNarrowed = this.#main.channel === this.#live.general
    return { seq: this.#receipt?.received ?? NOTHING_RECEIVED, scopes: isNarrowed ? [...this.#scopes.keys()] : null }
  }

  follow(scope: string): string {
    if (this.#scopes.has(scope)) return scope
    if (this.#scopes.size >= this.#limits.maxScopes)
      throw new TablecastError(
        'RATE_LIMITED',
        `At most ${this.#limits.maxScopes} subscriptions on one connection: end some first.`,
      )
    if (this.#scopes.size === 0) this.#switchTo(this.#live.general)
    this.#add(scope)
    return scope
  }

  /** A client that has left its last scope still gets the events of no scope, until it subscribes again. */
  unfollow(scope: string): string {
    this.#scopes.get(scope)?.cursor.detach()
    if (this.#scopes.delete(scope)) this.#live.release(scope)
    return scope
  }

  followAll(): void {
    for (const scope of this.#scopes.keys()) this.unfollow(scope)
    this.#switchTo(this.#live.all)
  }

  close(): void {
    this.#receipt?.close()
    this.#main.cursor.detach()
    for (const scope of this.#scopes.keys()) this.unfollow(scope)
  }

  #switchTo(channel: Channel): void {
    if (this.#main.channel === channel) return
    this.#main.cursor.detach()
    this.#main = this.#subscribe(channel, channel.head)
  }

  #add(scope: string): void {
    const channel = this.#live.scope(scope)
    this.#scopes.set(scope, this.#subscribe(channel, channel.head))
  }

  /** Writes the missed events of all scopes in their order, then subscribes to each scope. */
  #resume(seq: number, scopes: readonly string[]): Following {
    const missed = this.#live.missed(seq, new Set(scopes))
    const { general } = this.#live
    if (missed && missed.length > 0) this.#sinkFor(general).write(new Batch(missed))
    for (const scope of scopes) this.#add(scope)
    return this.#subscribe(general, missed ? general.head : null)
  }

  #subscribe(channel: Channel, after: number | null): Following {
    const sink = this.#sinkFor(channel)
    const cursor = channel.subscribe(sink, after)
    sink.follow(cursor)
    return { channel, cursor }
  }

  #sinkFor(channel: Channel): SocketIoSink {
    const tally = tallyOf(channel, 'socketio')
    return new SocketIoSink(this.#socket, {
      maxBufferedBytes: this.#limits.maxBufferedBytes,
      tally,
      wrote: () => this.#receipt?.wrote(),
    })
  }
}
