// Limits on TCP connections, checked before a byte is read: open connections of one address, and new ones per second.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import proxyAddress from '@fastify/proxy-addr'
import { limitKey } from './client-address.ts'
import { KeyedBuckets, KeyedCount } from './limits.ts'

/** A refused connection stays open for this time without an answer. Waiting for it slows down a client that tries again and again. */
const HOLD_MS = 1_000
const MAX_HELD = 1_000

export type ConnectionGateOptions = {
  maxPerAddress: number
  perSecond: number
  proxies: readonly string[]
  refused(reason: string): void
}

export class ConnectionGate {
  readonly #open: KeyedCount
  readonly #opening: KeyedBuckets
  readonly #refused: (reason: string) => void
  readonly #isProxy: (address: string) => boolean
  readonly #held = new Set<Socket>()
  /** The key of each admitted connection. */
  readonly #keys = new Map<Socket, string>()
  readonly #whenClosed: ((socket: Socket) => void)[] = []

  /** Connections of a trusted proxy stand for many people, so the gate does not count them. */
  constructor(server: Server, { maxPerAddress, perSecond, proxies, refused }: ConnectionGateOptions) {
    this.#refused = refused
    this.#open = new KeyedCount(maxPerAddress)
    this.#opening = new KeyedBuckets(perSecond * 4, perSecond)
    const isTrusted = proxyAddress.compile([...proxies])
    this.#isProxy = (address) => proxies.length > 0 && isTrusted(address, 0)
    const closed = (socket: Socket) => this.#closed(socket)
    // All connections share one listener, which Node calls with the socket as `this`: most of them are idle, and a listener each takes
    // memory.
    const onClose = function (this: Socket) {
      closed(this)
    }
    server.on('connection', (socket: Socket) => {
      socket.on('close', onClose)
      this.#admit(socket)
    })
  }

  /** Calls `work` with each connection that closes, whether or not it was refused. */
  onClose(work: (socket: Socket) => void): void {
    this.#whenClosed.push(work)
  }

  /** True for a refused connection: nothing that arrives on it may get an answer. */
  isHeld(socket: Socket): boolean {
    return this.#held.has(socket)
  }

  #admit(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    if (this.#isProxy(address)) return
    const key = limitKey(address)
    if (this.#opening.get(key).take() && this.#open.add(key)) this.#keys.set(socket, key)
    else this.#refuse(socket)
  }

  #closed(socket: Socket): void {
    const key = this.#keys.get(socket)
    if (key !== undefined && this.#keys.delete(socket)) this.#open.remove(key)
    for (const work of this.#whenClosed) work(socket)
  }

  #refuse(socket: Socket): void {
    this.#refused('address_rate')
    if (this.#held.size >= MAX_HELD) return void socket.destroy()
    this.#held.add(socket)
    const timer = setTimeout(() => socket.destroy(), HOLD_MS)
    socket.once('close', () => {
      clearTimeout(timer)
      this.#held.delete(socket)
    })
  }
}
