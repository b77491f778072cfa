// The entry for every socket. It checks the path, the Origin and the limits before it answers with 101.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AddressOf } from './client-address.ts'
import type { ConnectionGate } from './connection-gate.ts'
import { KeyedCount } from './limits.ts'

/** Completes the handshake, or refuses the socket. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer, url: URL) => void

export type UpgradeOptions = {
  addressOf: AddressOf
  gate: Pick<ConnectionGate, 'isHeld' | 'onClose'>
  isAllowedOrigin(origin: string, path: string): boolean
  maxSockets: number
  maxSocketsPerAddress: number
  /** Called with the reason of each refusal. */
  refused(reason: string): void
  /** The function that takes the sockets of a path; null for an unknown path. */
  route(path: string): UpgradeHandler | null
}

/** Admits and counts sockets. While `isOpen` is false it refuses new ones. */
export class Upgrades {
  readonly #options: UpgradeOptions
  readonly #perAddress: KeyedCount
  /** The address of each open socket. */
  readonly #open = new Map<Socket, string>()
  isOpen = true

  constructor(server: Server, options: UpgradeOptions) {
    this.#options = options
    this.#perAddress = new KeyedCount(options.maxSocketsPerAddress)
    options.gate.onClose((socket) => this.#closed(socket))
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Must come first: an error on a socket without a listener ends the process.
      socket.on('error', destroyOnError)
      this.#upgrade(request, socket, head)
    })
  }

  get count(): number {
    return this.#open.size
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { addressOf, gate, isAllowedOrigin, maxSockets, route } = this.#options
    const turnAway = (status: string, reason: string) => {
      this.#options.refused(reason)
      refuse(socket, status)
    }
    if (gate.isHeld(request.socket)) return
    if (!URL.canParse(request.url ?? '', 'http://server')) return turnAway('400 Bad Request', 'bad_request')
    const url = new URL(request.url ?? '', 'http://server')
    const handler = route(url.pathname)
    if (!handler) return turnAway('404 Not Found', 'not_found')
    const { origin } = request.headers
    // Programs send no Origin; a browser always does.
    if (origin !== undefined && !isAllowedOrigin(origin, url.pathname)) return turnAway('403 Forbidden', 'origin')
    if (!this.isOpen) return turnAway('503 Service Unavailable', 'closing')
    if (this.#open.size >= maxSockets) return turnAway('503 Service Unavailable', 'full')
    const address = addressOf(request)
    if (!this.#perAddress.add(address)) return turnAway('429 Too Many Requests', 'address_limit')
    this.#open.set(request.socket, address)
    handler(request, socket, head, url)
  }

  #closed(socket: Socket): void {
    const address = this.#open.get(socket)
    if (address !== undefined && this.#open.delete(socket)) this.#perAddress.remove(address)
  }
}

/** The error listener of a socket whose handshake is under way. Later `ws` has its own. */
export const destroyOnError = function (this: Duplex): void {
  this.destroy()
}

/** Answers with this status instead of 101. */
export function refuse(socket: Duplex, status: string): void {
  const retry = /^(429|503)/.test(status) ? ['Retry-After: 5'] : []
  const head = [`HTTP/1.1 ${status}`, 'Cache-Control: no-store', 'Connection: close', 'Content-Length: 0', ...retry]
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy())
}
