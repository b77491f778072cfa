// A TCP proxy on loopback that imitates a bad network: it delays, freezes, cuts and changes connections.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Gets all bytes of one connection in order, and returns the bytes to pass on instead. */
export type Tap = { up?(piece: Buffer): Buffer; down?(piece: Buffer): Buffer }

export type TcpProxyOptions = {
  /** The targets of a new connection: ports on loopback, tried in this order until one accepts. */
  route(): readonly number[]
  /** Made for each connection. `up` is what the client sends. */
  tap?(connection: ProxiedConnection): Tap
}

/** A connection through the proxy, from its first byte until either end is gone. */
export class ProxiedConnection {
  readonly #client: Socket
  readonly #target: Socket
  readonly #delayMs: () => number
  /** The port that it leads to. */
  readonly port: number
  #isFrozen = false
  #left = Infinity

  constructor(client: Socket, target: Socket, port: number, delayMs: () => number) {
    this.#client = client
    this.#target = target
    this.#delayMs = delayMs
    this.port = port
  }

  /** Both ends see the connection reset. Bytes that were not passed on yet are lost. */
  cut(): void {
    this.#client.resetAndDestroy()
    this.#target.resetAndDestroy()
  }

  /** Passes this number of bytes more to the client, then cuts, also in the middle of a message. */
  cutAfter(bytes: number): void {
    this.#left = bytes
  }

  /** Nothing passes in either direction, and neither end notices. */
  freeze(): void {
    this.#isFrozen = true
    this.#client.pause()
    this.#target.pause()
  }

  thaw(): void {
    this.#isFrozen = false
    this.#client.resume()
    this.#target.resume()
  }

  /** For the proxy: begins to pass on. */
  start(tap: Tap): void {
    this.#pump(this.#client, this.#target, (piece) => tap.up?.(piece) ?? piece)
    this.#pump(this.#target, this.#client, (piece) => this.#counted(tap.down?.(piece) ?? piece))
  }

  #pump(from: Socket, to: Socket, through: (piece: Buffer) => Buffer): void {
    const resume = () => {
      if (!this.#isFrozen) from.resume()
    }
    to.on('drain', resume)
    from.on('data', (piece: Buffer) => {
      const delayMs = this.#delayMs()
      if (delayMs === 0) {
        if (!this.#pass(to, through(piece))) from.pause()
        return
      }
      from.pause()
      setTimeout(() => {
        if (this.#pass(to, through(piece))) resume()
      }, delayMs)
    })
    from.once('end', () => to.end())
    from.once('close', () => to.destroy())
  }

  #pass(to: Socket, piece: Buffer): boolean {
    return to.destroyed || piece.length === 0 || to.write(piece)
  }

  #counted(piece: Buffer): Buffer {
    if (piece.length < this.#left) {
      this.#left -= piece.length
      return piece
    }
    const last = piece.subarray(0, this.#left)
    this.#client.write(last, () => this.cut())
    this.#left = Infinity
    return Buffer.alloc(0)
  }
}

export class TcpProxy implements AsyncDisposable {
  /** The time that each piece of each connection waits. */
  delayMs = 0
  readonly #options: TcpProxyOptions
  readonly #server: Server
  readonly #connections = new Set<ProxiedConnection>()
  #port = 0
  #isFrozen = false

  private constructor(options: TcpProxyOptions) {
    this.#options = options
    this.#server = createServer({ allowHalfOpen: true }, (client) => void this.#serve(client))
  }

  /** `port`: a free one by default. */
  static async listen(options: TcpProxyOptions, port = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy(options)
    proxy.#server.listen(port, '127.0.0.1')
    await once(proxy.#server, 'listening')
    const address = proxy.#server.address()
    if (typeof address === 'object' && address) proxy.#port = address.port
    return proxy
  }

  get port(): number {
    return this.#port
  }

  get connections(): ReadonlySet<ProxiedConnection> {
    return this.#connections
  }

  cut(): void {
    for (const connection of this.#connections) connection.cut()
  }

  /** Freezes all connections, also new ones. */
  freeze(): void {
    this.#isFrozen = true
    for (const connection of this.#connections) connection.freeze()
  }

  thaw(): void {
    this.#isFrozen = false
    for (const connection of this.#connections) connection.thaw()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  async #serve(client: Socket): Promise<void> {
    client.on('error', () => client.destroy())
    client.pause()
    for (const port of this.#options.route()) {
      const target = await opened(port)
      if (!target) continue
      if (client.destroyed || !this.#server.listening) {
        client.destroy()
        target.destroy()
        return
      }
      const connection = new ProxiedConnection(client, target, port, () => this.delayMs)
      this.#connections.add(connection)
      client.once('close', () => this.#connections.delete(connection))
      connection.start(this.#options.tap?.(connection) ?? {})
      if (this.#isFrozen) connection.freeze()
      else connection.thaw()
      return
    }
    client.resetAndDestroy()
  }
}

async function opened(port: number): Promise<Socket | null> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  const { promise, resolve } = Promise.withResolvers<Socket | null>()
  socket.once('connect', () => resolve(socket))
  socket.on('error', () => {
    socket.destroy()
    resolve(null)
  })
  return promise
}
