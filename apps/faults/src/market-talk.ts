// Discussions of the market: people who write on every node, stock clients that listen on every node, and the messages that
// each of them received.
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import type { Cluster } from './cluster.ts'
import type { Verdict } from './oracle.ts'
import { within } from './within.ts'

const DISCUSSION = 'disc-123'
const DELIVERY_TIMEOUT_MS = 60_000
const AT_A_TIME = 4
const MAX_PROBLEMS = 10

type Listener = { name: string; heard: string[]; close(): void }
type Said = { discussionId: string; message: { id: string } }

export class MarketTalk implements Disposable {
  readonly #urls: readonly string[]
  readonly #listeners: readonly Listener[]
  readonly #said: string[] = []

  private constructor(urls: readonly string[], listeners: readonly Listener[]) {
    this.#urls = urls
    this.#listeners = listeners
  }

  static async open({ nodes }: Cluster): Promise<MarketTalk> {
    const urls = nodes.map(({ port }) => `http://127.0.0.1:${port}`)
    const listeners = urls.flatMap((url, node) => [listenBySocketIo(url, node), listenByTrpc(url, node)])
    const talk = new MarketTalk(urls, listeners)
    // A client that receives the first message is connected.
    await talk.say(1)
    await talk.heard()
    return talk
  }

  /** Posts `count` messages, in turn on each node; each is acknowledged. */
  async say(count: number): Promise<void> {
    const from = this.#said.length
    let next = 0
    const speak = async () => {
      for (let n = next++; n < count; n = next++) {
        const id = `said-${from + n}`
        const url = this.#urls[n % this.#urls.length] ?? ''
        const answer = await fetch(`${url}/api/discussions/${DISCUSSION}/messages`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id, content: id }),
        })
        await answer.arrayBuffer()
        if (answer.status !== 201) throw new Error(`the market answered ${answer.status} for ${id}`)
        this.#said.push(id)
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, speak))
  }

  /** Resolves when everybody heard everything; who lacks something then never gets it. */
  async heard(): Promise<void> {
    const late = () =>
      this.#listeners
        .filter(({ heard }) => new Set(heard).size < this.#said.length)
        .map(({ name, heard }) => `${name} has ${new Set(heard).size} of ${this.#said.length}`)
    await within(
      DELIVERY_TIMEOUT_MS,
      () => `everybody hears everything: ${late().join(', ')}`,
      () => late().length === 0,
    )
  }

  verdict(): Partial<Verdict> {
    const verdict = { acknowledged: this.#said.length, delivered: 0, lost: 0, repeated: 0, problems: [] as string[] }
    for (const { name, heard } of this.#listeners) {
      const known = new Set(heard)
      const lost = this.#said.filter((id) => !known.has(id))
      verdict.delivered += heard.length
      verdict.lost += lost.length
      verdict.repeated += heard.length - known.size
      if (lost.length > 0) verdict.problems.push(`${name} never heard ${lost.slice(0, 3).join(', ')} …`)
      if (heard.length > known.size) verdict.problems.push(`${name} heard ${heard.length - known.size} twice`)
    }
    return { ...verdict, problems: verdict.problems.slice(0, MAX_PROBLEMS) }
  }

  [Symbol.dispose](): void {
    for (const { close } of this.#listeners) close()
  }
}

function listenBySocketIo(url: string, node: number): Listener {
  const heard: string[] = []
  const socket = io(url, { path: '/socket.io/', transports: ['websocket'], forceNew: true })
  socket.on('discussion:new_message', ({ message }: Said) => heard.push(message.id))
  return { name: `Socket.IO on node ${node + 1}`, heard, close: () => void socket.close() }
}

/** As the page does it. */
function listenByTrpc(url: string, node: number): Listener {
  const heard: string[] = []
  const client = createWSClient({ url: `${url.replace('http', 'ws')}/trpc`, WebSocket: WebSocket as never })
  const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client })] })
  trpc.market.events.subscribe(
    { lastEventId: null },
    {
      onData({ data }) {
        if (data.type === 'discussion:new_message') heard.push(data.data.message.id)
      },
    },
  )
  return { name: `tRPC on node ${node + 1}`, heard, close: () => void client.close() }
}
