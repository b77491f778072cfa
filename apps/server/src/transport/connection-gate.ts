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

  /** Connections of a trusted proxy stand for many people, so the gate does not count them. */
  constructor(server: Server, { maxPerAddress, perSecond, proxies, refused }: ConnectionGateOptions) {
    this.#refused = refused
    this.#open = new KeyedCount(maxPerAddress)
    this.#opening = new KeyedBuckets(perSecond * 4, perSecond)
    const isTrusted = proxyAddress.compile([...proxies])
    this.#isProxy = (address) => proxies.length > 0 && isTrusted(address, 0)
    server.on('connection', (socket: Socket) => this.#admit(socket))
  }

  /** True for a refused connection: nothing that arrives on it may get an answer. */
  isHeld(socket: Socket): boolean {
    return this.#held.has(socket)
  }

  #admit(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    if (this.#isProxy(address)) return
    const key = limitKey(address)
    const release = this.#opening.get(key).take() ? this.#open.take(key) : null
    if (release) socket.once('close', release)
    else this.#refuse(socket)
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
