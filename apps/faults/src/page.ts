// The product's own page without its pixels: the real connection, fold and link machine, in a process of its own that can be put to
// sleep. It tells its parent what a person would see. What a browser gives the page stands here in the least form that it asks for.
import type { Role, Session } from '@tablecast/contracts'
import type { Heard } from './oracle.ts'
import { SecretWatch } from './secrets.ts'

export type PageStart = { origin: string; session: Session; roomId: string; role: Role }
export type PageNews =
  | { type: 'heard'; heard: Heard }
  | { type: 'connected'; transport: string }
  | { type: 'complaint'; complaint: string }

const { origin, session, roomId, role } = JSON.parse(process.argv[2] ?? '') as PageStart
const tell = (news: PageNews) => void process.send?.(news)
process.once('disconnect', () => process.exit(0))

const watch = new SecretWatch(() => tell({ type: 'complaint', complaint: 'it was sent a secret of the DMs' }))

const CLOSE_MS = 2_000

class WatchedSocket extends WebSocket {
  constructor(url: string | URL) {
    super(url)
    this.addEventListener('message', ({ data }) => watch.see(String(data)))
  }

  /** As browsers do it: an answer to the close that does not come is not waited for. Node's own socket would wait for ever. */
  override close(code?: number, reason?: string): void {
    super.close(code, reason)
    setTimeout(() => {
      if (this.readyState !== WebSocket.CLOSED) this.dispatchEvent(new CloseEvent('close'))
    }, CLOSE_MS)
  }
}

const page = new EventTarget()
const stored = new Map([['tablecast.session', JSON.stringify(session)]])
const given = {
  window: globalThis,
  location: { origin },
  document: Object.assign(new EventTarget(), { visibilityState: 'visible', baseURI: `${origin}/` }),
  localStorage: { getItem: (key: string) => stored.get(key) ?? null },
  addEventListener: page.addEventListener.bind(page),
  WebSocket: WatchedSocket,
  fetch: watchedFetch(fetch),
}
for (const [name, value] of Object.entries(given))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })

// After the page has what it asks for.
const { RoomConnection } = await import('@tablecast/web/live/room-connection')
const { useLive } = await import('@tablecast/web/live/live-store')

useLive.subscribe(({ room, link, healed }, before) => {
  if (link.kind === 'live' && before.link.kind !== 'live') tell({ type: 'connected', transport: link.transport })
  if (healed > before.healed) tell({ type: 'complaint', complaint: 'its view differed from the server’s' })
  if (!room || room === before.room) return
  const known = before.room?.campaign?.entries ?? []
  const all = room.campaign?.entries ?? []
  const newest = known.at(-1)
  // An update keeps the entries that were there; a snapshot brings its own.
  const place = newest === undefined ? -1 : all.lastIndexOf(newest)
  const entryIds = all.slice(place + 1).map(({ id }) => id)
  const { hash } = room.campaign ?? {}
  const { epoch, seq } = room.position
  const kind = place < 0 ? 'snapshot' : 'event'
  tell({ type: 'heard', heard: { kind, epoch, seq, entryIds, ...(hash === undefined ? {} : { hash }) } })
})

const connection = new RoomConnection(roomId, { userId: session.userId, role })
process.once('SIGTERM', () => {
  connection.close()
  process.exit(0)
})

/** Takes the page's own addresses; looks through what comes. */
function watchedFetch(real: typeof fetch): typeof fetch {
  return async (address, init) => {
    const url = typeof address === 'string' ? new URL(address, origin) : address
    const answer = await real(url, init)
    const decoder = new TextDecoder()
    const watched = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        watch.see(decoder.decode(piece, { stream: true }))
        controller.enqueue(piece)
      },
    })
    const { status, statusText, headers } = answer
    return answer.body ? new Response(answer.body.pipeThrough(watched), { status, statusText, headers }) : answer
  }
}
