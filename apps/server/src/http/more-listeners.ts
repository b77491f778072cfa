// More listening sockets on the server's own port. Node takes one connection of a listening socket in each turn of its event loop. After
// a restart all clients connect in the same moment, and a turn is long: from one socket a hundred a second would get in.
import { once } from 'node:events'
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'

const LISTENERS = 32
/** With Node's default of 511 the kernel refuses some of the clients. */
const BACKLOG = 4_096
/** Elsewhere the kernel does not share the connections out between the sockets of a port. */
const canShare = process.platform === 'linux'

export class MoreListeners {
  readonly #app: FastifyInstance
  readonly #listeners: Server[] = []

  /** Call it before the server listens. The listeners close with it. */
  constructor(app: FastifyInstance) {
    this.#app = app
    const closed: Promise<unknown>[] = []
    app.addHook('preClose', (done) => {
      for (const listener of this.#listeners) {
        closed.push(once(listener, 'close'))
        listener.close()
      }
      done()
    })
    app.addHook('onClose', async () => void (await Promise.all(closed)))
  }

  /** The options that every socket of the port needs. */
  get options(): { backlog: number; reusePort?: boolean } {
    return { backlog: BACKLOG, ...(canShare && { reusePort: true }) }
  }

  /** Rejects with EADDRINUSE. A port that is shared would not say so: two servers would get half of the connections each. */
  async mustBeFree(address: { port: number; host: string }): Promise<void> {
    if (canShare && address.port !== 0) await closing(await listening(createServer(), address))
  }

  /** Call it once the server listens. */
  async open(): Promise<void> {
    if (!canShare) return
    const { server } = this.#app
    const { port, address } = server.address() as AddressInfo
    for (let n = 1; n < LISTENERS; n++) {
      // As Node's HTTP server makes its own sockets.
      const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        server.emit('connection', socket),
      )
      this.#listeners.push(await listening(listener, { port, host: address, ...this.options }))
    }
  }
}

async function listening(server: Server, options: ListenOptions): Promise<Server> {
  server.listen(options)
  await once(server, 'listening')
  return server
}

async function closing(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
