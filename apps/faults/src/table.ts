// A table in full play: DMs who write without rest, and players who follow in every way that there is.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type CampaignEvent, parsePosition, type Session } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { type OidcClient, signInAtProvider, temporaryFolder } from '@tablecast/testing'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import type { Cluster } from './cluster.ts'
import { type Follower, type FollowerOptions, followOverSse, followOverWebSocket, followPlain } from './followers.ts'
import { Ledger } from './ledger.ts'
import { judge, type Verdict } from './oracle.ts'
import type { Viewer } from './page.ts'
import { PageFollower, type PageFollowerOptions } from './page-follower.ts'
import { RosterWatch } from './roster-watch.ts'
import { codeOf } from './refusal.ts'
import { within } from './within.ts'
import { Writer } from './writer.ts'

const ROOM = 'main'
const SIGN_INS_AT_ONCE = 6
const SIGN_IN_TRIES = 10
const RETRY_DELAY_MS = 2_000
/** One process plays the crowd, and may be late itself. */
const CROWD_SILENCE_MS = 20_000
/** With a crowd the DMs write this much less often: one process reads all that everybody receives. */
const CROWD_CHANGE_INTERVAL_MS = 1_000

/** `players`: of each kind. `crowd`: people over a WebSocket beside them, with the role `crowdRole`. */
export type TableOptions = { players: number; crowd: number; crowdRole: 'player' | 'spectator'; random: () => number }
/** A client that has not caught up by then never will. */
const CATCH_UP_TIMEOUT_MS = 90_000

export class Table implements AsyncDisposable {
  readonly roomId = ROOM
  readonly writers: readonly Writer[]
  readonly followers: Follower[]
  readonly pages: readonly PageFollower[]
  readonly ledger: Ledger
  readonly #cluster: Cluster
  readonly #player: TRPCClient<AppRouter>
  readonly #dm: Session
  readonly #playerCode: string
  readonly #crowd: number
  readonly #random: () => number
  readonly #complaints: string[] = []
  readonly #owned: AsyncDisposableStack
  /** The longest that all clients together took to be up to date after a fault, in milliseconds. */
  longestCatchUpMs = 0

  private constructor(
    cluster: Cluster,
    parts: Pick<Table, 'writers' | 'followers' | 'pages' | 'ledger'>,
    {
      player,
      dm,
      playerCode,
      crowd,
      random,
    }: { player: TRPCClient<AppRouter>; dm: Session; playerCode: string; crowd: number; random: () => number },
    owned: AsyncDisposableStack,
  ) {
    this.#cluster = cluster
    this.writers = parts.writers
    this.followers = parts.followers
    this.pages = parts.pages
    this.ledger = parts.ledger
    this.#player = player
    this.#dm = dm
    this.#playerCode = playerCode
    this.#crowd = crowd
    this.#random = random
    this.#owned = owned
  }

  static async open(cluster: Cluster, { players, crowd, crowdRole, random }: TableOptions): Promise<Table> {
    await using opened = new AsyncDisposableStack()
    const { url } = cluster
    const folder = opened.use(await temporaryFolder())
    const ledger = opened.use(new Ledger(join(folder.path, 'acknowledged')))
    const client = (token?: string) => callerAt(url, token)
    const { sample } = await client().auth.config.query()
    const signIn = async (name: string, code: string | null) => {
      const session = await client().auth.guest.mutate({ name })
      await client(session.token).rooms.join.mutate({ key: `join-${name}-key`, code: code ?? '' })
      return session
    }
    const dm = await signIn('Dee', sample?.ownerCode ?? null)
    const playerCode = sample?.playerCode ?? null
    const { invites } = await client(dm.token).rooms.get.query({ roomId: ROOM })
    const crowdCode = invites.find(({ role }) => role === crowdRole)?.code ?? null
    const signInPatiently = async (name: string) => {
      for (let tries = 1; ; tries++)
        try {
          return await signIn(name, crowdCode)
        } catch (error) {
          // A busy server asks to come again later.
          if (tries >= SIGN_IN_TRIES) throw error
          await pause(RETRY_DELAY_MS * random())
        }
    }
    const followers: Follower[] = []
    const pages: PageFollower[] = []
    const options = (name: string, token: string, audience: FollowerOptions['audience']): FollowerOptions => ({
      name,
      url,
      token,
      roomId: ROOM,
      audience,
      random,
    })
    for (let n = 0; n < players; n++) {
      const player = await signIn(`Pia-${n}`, sample?.playerCode ?? null)
      const seat = { kind: 'member', session: player, role: 'player' } as const
      const page = opened.use(new PageFollower(options(`page-${n}`, player.token, 'player'), seat))
      pages.push(page)
      followers.push(
        page,
        opened.use(followOverWebSocket(options(`websocket-${n}`, player.token, 'player'))),
        opened.use(followOverSse(options(`sse-${n}`, player.token, 'player'))),
        opened.use(followPlain(options(`plain-${n}`, player.token, 'player'))),
      )
    }
    for (let n = 0; n < crowd; n += SIGN_INS_AT_ONCE) {
      const names = Array.from({ length: Math.min(SIGN_INS_AT_ONCE, crowd - n) }, (_, i) => `crowd-${n + i}`)
      const tokens = await Promise.all(names.map(async (name) => (await signInPatiently(name)).token))
      for (const [i, token] of tokens.entries()) {
        const own = { ...options(names[i] ?? '', token, 'player'), isPresent: true, silenceMs: CROWD_SILENCE_MS }
        followers.push(opened.use(followOverWebSocket(own)))
      }
    }
    followers.push(opened.use(followOverWebSocket(options('dm', dm.token, 'dm'))))
    await within(CATCH_UP_TIMEOUT_MS, 'every client is connected', () => followers.every(({ seq }) => seq > 0))
    const writers = (['http', 'websocket'] as const).map((over) =>
      opened.use(new Writer({ name: over, url, token: dm.token, roomId: ROOM, over, ledger, random })),
    )
    const reader = await signIn('Rea', sample?.playerCode ?? null)
    if (crowd > 0) for (const writer of writers) writer.changeIntervalMs = CROWD_CHANGE_INTERVAL_MS
    const callers = { player: client(reader.token), dm, playerCode: playerCode ?? '', crowd, random }
    return new Table(cluster, { writers, followers, pages, ledger }, callers, opened.move())
  }

  /** One more player with the product's page, at an address of their own. */
  async sitAt(url: string, name: string): Promise<PageFollower> {
    const session = await callerAt(this.#cluster.url).auth.guest.mutate({ name })
    await this.#join(name, session.token)
    return this.#watch({ url, name }, { kind: 'member', session, role: 'player' })
  }

  /** The same, with an account of that provider. */
  async sitWithAccount(client: OidcClient, name: string): Promise<PageFollower> {
    const { url } = this.#cluster
    for (let tries = 1; ; tries++) {
      const { accessToken, refreshToken } = await signInAtProvider(client, name)
      try {
        const me = await callerAt(url, accessToken).auth.account.mutate({ name, guestToken: null })
        const session = { token: accessToken, ...me }
        await this.#join(name, accessToken)
        return await this.#watch(
          { url, name },
          { kind: 'member', session, role: 'player', account: { client, refreshToken } },
        )
      } catch (error) {
        // These tokens live for seconds, and a busy machine may take longer for a call.
        if (codeOf(error) !== 'UNAUTHORIZED' || tries >= SIGN_IN_TRIES) throw error
      }
    }
  }

  /** One more player over a WebSocket, at an address of their own. */
  async followAt(url: string, name: string, hear: (event: CampaignEvent) => void): Promise<void> {
    const { token } = await callerAt(this.#cluster.url).auth.guest.mutate({ name })
    await this.#join(name, token)
    const options = { name, url, token, roomId: ROOM, audience: 'player' as const, random: this.#random, hear }
    const follower = this.#owned.use(followOverWebSocket(options))
    this.followers.push(follower)
    await this.#within(`${name} is connected`, () => follower.seq > 0)
  }

  /** A television more, which comes by a link of the DM's. */
  async watchOnTelevision(name: string): Promise<void> {
    const request = { roomId: ROOM, key: `make-${name}-link`, kind: 'tv' as const, name }
    const { token } = await this.dmAt().screens.create.mutate(request)
    await this.#watch({ name, url: this.#cluster.url }, { kind: 'screen', token })
  }

  get dmToken(): string {
    return this.#dm.token
  }

  /** A client with the DM's token. */
  dmAt(url = this.#cluster.url): TRPCClient<AppRouter> {
    return callerAt(url, this.#dm.token)
  }

  watchRoster(): RosterWatch {
    return new RosterWatch({ url: this.#cluster.url, token: this.#dm.token, roomId: ROOM })
  }

  async #join(name: string, token: string): Promise<void> {
    await callerAt(this.#cluster.url, token).rooms.join.mutate({ key: `join-${name}-key`, code: this.#playerCode })
  }

  async #watch(given: Pick<PageFollowerOptions, 'url' | 'name'>, viewer: Viewer): Promise<PageFollower> {
    const page = this.#owned.use(new PageFollower({ ...given, roomId: ROOM, audience: 'player' }, viewer))
    this.followers.push(page)
    await this.#within(`${given.name} is connected`, () => page.seq > 0 && page.link === 'live')
    return page
  }

  /** Notes a fault that the oracle does not look for. */
  complain(complaint: string): void {
    if (!this.#complaints.includes(complaint)) this.#complaints.push(complaint)
  }

  /** Reads the stream as a player without a position. */
  async readAnew(): Promise<{ seq: number }> {
    const { cursor } = await this.#player.campaign.since.query({ roomId: ROOM, cursor: null })
    return { seq: parsePosition(cursor)?.seq ?? 0 }
  }

  /** Resolves when everybody has received all that is in the log now. Measured from `since`, on the clock of `performance`. */
  async caughtUp(since: number): Promise<void> {
    const heads = await this.#cluster.log.heads(ROOM)
    await this.#within(`everybody is at ${heads.player} and ${heads.dm}`, () =>
      this.followers.every(({ seq, record }) => seq >= heads[record.audience]),
    )
    this.longestCatchUpMs = Math.max(this.longestCatchUpMs, performance.now() - since)
  }

  /** Resolves when the DMs have put their pens down, and all that they wrote is acknowledged. */
  async paused(): Promise<void> {
    for (const writer of this.writers) writer.pause()
    await this.#within('every DM has put the pen down', () => this.writers.every(({ isResting }) => isResting))
  }

  resume(): void {
    for (const writer of this.writers) writer.resume()
  }

  /** Resolves when each writer was acknowledged something that it was not before now. */
  async acknowledged(): Promise<void> {
    const now = performance.now()
    await this.#within('every DM is acknowledged something', () =>
      this.writers.every(({ acknowledgedAt }) => acknowledgedAt > now),
    )
  }

  /** The DMs put their pens down, everybody catches up; then all is compared with the log. */
  async end(): Promise<Verdict> {
    await Promise.all(this.writers.map((writer) => writer.stop()))
    await this.caughtUp(performance.now())
    await this.#within('the roster counts everybody', async () => (await this.#present()) >= this.#crowd)
    const log = await this.#cluster.log.read(ROOM)
    const followers = this.followers.map(({ record }) => record)
    const verdict = judge({ acknowledged: this.ledger.read(), log, followers })
    return { ...verdict, problems: [...this.#complaints, ...verdict.problems] }
  }

  /** The number of people in the roster, those included whom it only counts. */
  async #present(): Promise<number> {
    const { events } = await this.#player.presence.since.query({ roomId: ROOM, cursor: null })
    const roster = events.find((event) => event.type === 'roster')
    return roster ? roster.roster.filter(({ online }) => online).length + roster.unlisted : 0
  }

  /** When it does not happen, the error says how things stand. */
  async #within(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await within(CATCH_UP_TIMEOUT_MS, what, () => {
      for (const { complaint } of this.#cluster.nodes) if (complaint !== null) throw new Error(complaint)
      return holds()
    }).catch((error: unknown) => {
      const places = this.followers.map(({ record, seq }) => `${record.name} ${seq}`)
      const refusals = this.writers.map(
        ({ name, refusals: all }) => `${name} ${all.at(-1)?.code} ${all.at(-1)?.message}`,
      )
      throw new Error([error instanceof Error ? error.message : String(error), ...places, ...refusals].join('; '))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync()
  }
}

const callerAt = (url: string, token?: string): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${url}/trpc`, headers: token ? { authorization: `Bearer ${token}` } : {} })],
  })
