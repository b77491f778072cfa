// All that each caller of a table can receive: over every live connection, and as the answer to every query.
import { WebSocket } from 'ws'
import type { TestUser } from '../testbed.ts'
import { type CanaryTable, roomId } from './table.ts'

export class Callers implements Disposable {
  readonly #table: CanaryTable
  readonly #received = new Map<string, string[]>()
  readonly #sockets: WebSocket[] = []
  readonly #aborting = new AbortController()

  constructor(table: CanaryTable) {
    this.#table = table
  }

  /** All texts that a caller received. */
  received(who: string): string[] {
    const all = this.#received.get(who) ?? []
    this.#received.set(who, all)
    return all
  }

  /** Opens every live connection that each caller can try. */
  listenAll(): void {
    for (const [who, user] of this.#table.others) this.#listen(who, user)
  }

  /** Sends every query that each caller can send. */
  async askAll(): Promise<void> {
    for (const [who, user] of this.#table.others) await this.#ask(who, user)
  }

  #listen(who: string, user: TestUser | null): void {
    const { testbed, robin, screenToken, before } = this.#table
    const all = this.received(who)
    const token = user?.session.token ?? ''
    const open = (path: string, first: (socket: WebSocket) => void = () => {}) => {
      const socket = new WebSocket(testbed.wsUrl + path)
      this.#sockets.push(socket)
      socket.on('open', () => first(socket))
      socket.on('message', (data: Buffer) => all.push(data.toString()))
      socket.on('error', () => {})
    }
    open('/trpc?connectionParams=1', (socket) => {
      socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
      const paths = ['campaign.events', 'campaign.whispers', 'presence.events', 'narrator.events', 'market.events']
      const inputs = paths.map((path) => ({ path, input: { roomId } }))
      const back = [
        { path: 'campaign.events', input: { roomId, lastEventId: before.events } },
        { path: 'campaign.whispers', input: { roomId, lastEventId: before.whispers } },
      ]
      const access = { roomId, token: who === 'screen' ? screenToken : 'made-up' }
      const ofScreens = [
        { path: 'screens.events', input: access },
        { path: 'screens.events', input: { ...access, lastEventId: before.events } },
        { path: 'screens.shown', input: access },
        { path: 'viewAs.players', input: { roomId } },
        { path: 'viewAs.member', input: { roomId, memberId: robin.session.userId } },
      ]
      for (const [index, params] of [...inputs, ...back, ...ofScreens].entries())
        socket.send(JSON.stringify({ id: index + 1, method: 'subscription', params }))
    })
    const query = token ? `&token=${token}` : ''
    open(`/ws/campaign/player?room=${roomId}${query}`)
    if (user) open(`/ws/campaign/dm?room=${roomId}${query}`)
    open(`/ws/arena/canary?x=1${query}`)
    open(`/ws/stream?x=1${query}`)
    open(`/socket.io/?EIO=4&transport=websocket`, (socket) => socket.send('40'))
    const input = encodeURIComponent(JSON.stringify({ roomId }))
    for (const path of ['campaign.events', 'campaign.whispers', 'narrator.events', 'presence.events'])
      void fetch(`${testbed.url}/trpc/${path}?input=${input}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: this.#aborting.signal,
      })
        .then((response) => readInto(all, response))
        .catch(() => {})
  }

  async #ask(who: string, user: TestUser | null): Promise<void> {
    const { testbed, campaignId, ids, before } = this.#table
    const all = this.received(who)
    const headers = user ? { authorization: `Bearer ${user.session.token}` } : {}
    const inputs = [
      { roomId },
      { roomId, cursor: null },
      { roomId, cursor: before.events },
      { roomId, cursor: before.whispers },
      { roomId, campaignId },
      { roomId, campaignId: ids.closed },
      { roomId, campaignId, format: 'json' },
      { roomId, campaignId, format: 'markdown', audience: 'player' },
      { roomId, campaignId: ids.adventure, pageId: ids.page, format: 'json' },
      { roomId, campaignId: ids.adventure, pageId: ids.page, format: 'markdown' },
      { roomId, campaignId, encounterId: ids.encounter, creatures: [] },
      { roomId, campaignId, chainId: ids.secretChain },
      { roomId, campaignId, mapId: ids.shownMap },
      { roomId, campaignId, mapId: ids.hiddenMap },
      { roomId, block: { source: 'room', id: 'canary' }, query: 'canary', text: '{}' },
      {},
    ]
    const paths = [
      'auth.config',
      'auth.me',
      'ops.health',
      'rooms.list',
      'rooms.get',
      'rooms.addresses',
      'rooms.audit',
      'narrator.status',
      'screens.list',
      'narrator.recap',
      'narrator.now',
      'push.config',
      'push.devices',
      'market.board',
      'topics.list',
      'arena.sessions',
      ...['list', 'get', 'export', 'history', 'since', 'whispersSince', 'whisperHistory', 'pages', 'page'].map(
        (one) => `campaign.${one}`,
      ),
      ...['list', 'get', 'difficulty'].map((one) => `encounters.${one}`),
      ...['search', 'get', 'export', 'previewImport'].map((one) => `statBlocks.${one}`),
      ...['fog', 'walls'].map((one) => `maps.${one}`),
      ...['chains', 'rolls'].map((one) => `dice.${one}`),
    ]
    for (const path of paths)
      for (const input of inputs) {
        const response = await fetch(`${testbed.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
          headers,
        })
        all.push(await response.text())
      }
    for (const path of ['/health', '/health/ready', '/docs/json', '/topics', '/stats', '/api/sectors', '/'])
      all.push(await (await fetch(testbed.url + path, { headers })).text())
    const metrics = await (await fetch(`${testbed.url}/metrics`, { headers })).text()
    // A measured value may contain a planted number by chance.
    all.push(metrics.replaceAll(/ \S+$/gm, ''))
  }

  [Symbol.dispose](): void {
    this.#aborting.abort()
    for (const socket of this.#sockets) socket.terminate()
  }
}

async function readInto(all: string[], { body }: Response): Promise<void> {
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) all.push(part)
}
