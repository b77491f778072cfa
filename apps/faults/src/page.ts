// The product's own page without its pixels: the real connection, fold and link machine, in a process of its own that can be put to
// sleep. It tells its parent what a person would see. This file has the least of a browser that the page asks for.
import type { Role, Session } from '@tablecast/contracts'
import type { ReceivedEvent } from './oracle.ts'
import { type OidcClient, RefusedByProvider, renewAtProvider } from '@tablecast/testing'
import { SecretWatch } from './secrets.ts'

/** `account`: the session is an account's, and this is how it is renewed. */
type Member = {
  kind: 'member'
  session: Session
  role: Role
  account?: { client: OidcClient; refreshToken: string }
}
/** `token`: of the link of a screen. */
export type Viewer = Member | { kind: 'screen'; token: string }
export type PageStart = { origin: string; roomId: string; viewer: Viewer }
export type PageNews =
  | { type: 'heard'; heard: ReceivedEvent }
  | { type: 'connected'; transport: string }
  | { type: 'link'; kind: string }
  | { type: 'complaint'; complaint: string }

const { origin, roomId, viewer } = JSON.parse(process.argv[2] ?? '') as PageStart
const member = viewer.kind === 'member' ? viewer : null
const tell = (news: PageNews) => void process.send?.(news)
process.once('disconnect', () => process.exit(0))

const watch = new SecretWatch(() => tell({ type: 'complaint', complaint: 'it was sent a secret of the DMs' }))

const CLOSE_TIMEOUT_MS = 2_000

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
    }, CLOSE_TIMEOUT_MS)
  }
}

const page = new EventTarget()
const stored = new Map(member && !member.account ? [['tablecast.session', JSON.stringify(member.session)]] : [])
const given = {
  window: globalThis,
  location: { origin },
  document: Object.assign(new EventTarget(), { visibilityState: 'visible', baseURI: `${origin}/` }),
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  },
  addEventListener: page.addEventListener.bind(page),
  WebSocket: WatchedSocket,
  fetch: watchedFetch(fetch),
}
for (const [name, value] of Object.entries(given))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })

// After the page has what it asks for.
const { RoomConnection } = await import('@tablecast/web/live/room-connection')
const { ScreenConnection } = await import('@tablecast/web/stages/screens/screen-connection')
const { useLive } = await import('@tablecast/web/live/live-store')

useLive.subscribe(({ room, link, healed }, before) => {
  if (link.kind !== before.link.kind) tell({ type: 'link', kind: link.kind })
  if (link.kind === 'live' && before.link.kind !== 'live') tell({ type: 'connected', transport: link.transport })
  if (healed > before.healed) tell({ type: 'complaint', complaint: 'its view differed from the server’s' })
  if (!room || room === before.room) return
  const known = before.room?.campaign?.entries ?? []
  const all = room.campaign?.entries ?? []
  const newest = known.at(-1)
  // An update keeps the entries that were there; a snapshot brings its own.
  const index = newest === undefined ? -1 : all.lastIndexOf(newest)
  const entryIds = all.slice(index + 1).map(({ id }) => id)
  const { hash } = room.campaign ?? {}
  const { epoch, seq } = room.position
  const kind = index < 0 ? 'snapshot' : 'event'
  tell({ type: 'heard', heard: { kind, epoch, seq, entryIds, ...(hash === undefined ? {} : { hash }) } })
})

if (member?.account) await keepAccount(member.account, member.session.name)
const connection =
  viewer.kind === 'screen'
    ? new ScreenConnection(roomId, viewer.token)
    : new RoomConnection(roomId, { userId: viewer.session.userId, role: viewer.role })
process.once('SIGTERM', () => {
  connection.close()
  process.exit(0)
})

/** As the page does it, with a provider's tokens in place of the provider's library. Resolves when it is signed in. */
async function keepAccount({ client, refreshToken }: NonNullable<Member['account']>, name: string): Promise<void> {
  const [{ AccountKeeper }, { session: own }, { apiAs, refusalOf }, { browser }] = await Promise.all([
    import('@tablecast/web/auth/account-keeper'),
    import('@tablecast/web/auth/session'),
    import('@tablecast/web/api'),
    import('@tablecast/web/live/browser-environment'),
  ])
  const { promise, resolve } = Promise.withResolvers<void>()
  let newest = refreshToken
  const keeper = new AccountKeeper({
    async token() {
      const tokens = await renewAtProvider(client, newest)
      newest = tokens.refreshToken
      return tokens.accessToken
    },
    isRefusal: (error) => error instanceof RefusedByProvider,
    forget: () => Promise.resolve(),
    arrive: (token) => apiAs(token).auth.account.mutate({ name, guestToken: null }),
    me: (token) => apiAs(token).auth.me.query(),
    isUnauthorized: (error) => refusalOf(error)?.code === 'UNAUTHORIZED',
    isSameProvider: () => Promise.resolve(true),
    session: own,
    tabs: { tell() {}, watch: () => () => {} },
    watchBrowser: browser.watch,
    random: Math.random,
    changed(state) {
      if (state.kind === 'here') resolve()
      if (state.kind === 'over') tell({ type: 'complaint', complaint: `its account was signed out: ${state.end}` })
    },
  })
  process.once('SIGTERM', () => keeper.close())
  await promise
}

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
