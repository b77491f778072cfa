// A server's address as browsers see it: what lies between them and the server. A test takes the server away, lets it answer nothing,
// and puts another version of the pages in front of it.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Duplex } from 'node:stream'

type Answer = { status: number; type: string; body: string }

export class Front {
  readonly port: number
  readonly #to: number
  #server: Server | null = null
  readonly #sockets = new Set<Duplex>()
  #change: { isFor(path: string): boolean; change(answer: Answer): Answer } | null = null
  /** A proxy whose server is gone answers with it. */
  #gatewayStatus: number | null = null

  /** `to`: the port of the server. */
  constructor(port: number, to: number) {
    this.port = port
    this.#to = to
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async open(): Promise<void> {
    this.#gatewayStatus = null
    this.#server = createServer((asked, answer) => void this.#forward(asked, answer))
    this.#server.on('connection', (socket) => this.#keep(socket))
    this.#server.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#join(asked, socket, head),
    )
    await once(this.#server.listen(this.port, '127.0.0.1'), 'listening')
  }

  /** From now on nothing listens at the address. */
  async close(): Promise<void> {
    this.#server?.close()
    this.#server = null
    this.#cut()
  }

  failAsProxy(status: number): void {
    this.#gatewayStatus = status
    this.#cut()
  }

  /** Changes the answers for these paths, in place of an earlier change. */
  change(isFor: (path: string) => boolean, change: (answer: Answer) => Answer): void {
    this.#change = { isFor, change }
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    // A browser that goes away, or the test that ends its connections.
    socket.on('error', () => {})
  }

  async #forward(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (this.#gatewayStatus !== null) return void answer.writeHead(this.#gatewayStatus).end()
    const { method, url, headers } = asked
    const change = this.#change?.isFor(url ?? '') ? this.#change.change : null
    const { 'if-none-match': _tag, 'if-modified-since': _time, 'accept-encoding': _encoding, ...plain } = headers
    const onward = request({ port: this.#to, method, path: url, headers: change ? plain : headers })
    onward.on('error', () => answer.destroy())
    onward.on('response', (given) => void (change ? changed(given, answer, change) : passOn(given, answer)))
    asked.pipe(onward)
  }

  #join(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onward = connect(this.#to, '127.0.0.1')
    this.#keep(onward)
    const lines = asked.rawHeaders.reduce(
      (told, part, at) => told + part + (at % 2 === 0 ? ': ' : '\r\n'),
      `${asked.method} ${asked.url} HTTP/1.1\r\n`,
    )
    onward.write(`${lines}\r\n`)
    onward.write(head)
    socket.pipe(onward).pipe(socket)
  }
}

function passOn(given: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(given.statusCode ?? 500, given.headers)
  given.pipe(answer)
}

async function changed(
  given: IncomingMessage,
  answer: ServerResponse,
  change: (answer: Answer) => Answer,
): Promise<void> {
  const { 'content-length': _length, etag: _tag, 'last-modified': _time, ...headers } = given.headers
  const { status, type, body } = change({
    status: given.statusCode ?? 500,
    type: headers['content-type'] ?? '',
    body: await text(given),
  })
  answer.writeHead(status, { ...headers, 'content-type': type }).end(body)
}
