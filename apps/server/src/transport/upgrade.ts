// The one door for sockets: Origin and caps are checked before 101, then the path decides.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AddressOf } from './client-address.ts'
import { KeyedCount } from './limits.ts'

/** Takes the socket over, or refuses it. */
export type Take = (request: IncomingMessage, socket: Duplex, head: Buffer, url: URL) => void

export type UpgradeOptions = {
  addressOf: AddressOf
  /** A connection that is refused already: nothing on it gets an answer. */
  isHeld(socket: Socket): boolean
  isAllowedOrigin(origin: string, path: string): boolean
  maxSockets: number
  maxSocketsPerAddress: number
  /** Told why one was turned away. */
  refused(reason: string): void
  /** What takes the sockets of a path over; null when there is nothing. */
  route(path: string): Take | null
}

/** Counts the open sockets. `isOpen` false refuses new ones. */
export class Upgrades {
  readonly #options: UpgradeOptions
  readonly #perAddress: KeyedCount
  #open = 0
  isOpen = true

  constructor(server: Server, options: UpgradeOptions) {
    this.#options = options
    this.#perAddress = new KeyedCount(options.maxSocketsPerAddress)
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // First of all: a socket that breaks without a listener would end the process.
      socket.on('error', () => socket.destroy())
      this.#upgrade(request, socket, head)
    })
  }

  get count(): number {
    return this.#open
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { addressOf, isHeld, isAllowedOrigin, maxSockets, route } = this.#options
    const turnAway = (status: string, reason: string) => {
      this.#options.refused(reason)
      refuse(socket, status)
    }
    if (isHeld(request.socket)) return
    if (!URL.canParse(request.url ?? '', 'http://server')) return turnAway('400 Bad Request', 'bad_request')
    const url = new URL(request.url ?? '', 'http://server')
    const take = route(url.pathname)
    if (!take) return turnAway('404 Not Found', 'not_found')
    const { origin } = request.headers
    // Programs send no Origin; a browser always does.
    if (origin !== undefined && !isAllowedOrigin(origin, url.pathname)) return turnAway('403 Forbidden', 'origin')
    if (!this.isOpen) return turnAway('503 Service Unavailable', 'closing')
    if (this.#open >= maxSockets) return turnAway('503 Service Unavailable', 'full')
    const release = this.#perAddress.take(addressOf(request))
    if (!release) return turnAway('429 Too Many Requests', 'address_limit')
    this.#open += 1
    socket.once('close', () => {
      this.#open -= 1
      release()
    })
    take(request, socket, head, url)
  }
}

/** Answers in place of 101. */
export function refuse(socket: Duplex, status: string): void {
  const retry = /^(429|503)/.test(status) ? ['Retry-After: 5'] : []
  const head = [`HTTP/1.1 ${status}`, 'Cache-Control: no-store', 'Connection: close', 'Content-Length: 0', ...retry]
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy())
}
