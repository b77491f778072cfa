// Sends gestures on maps to the members who are there, on all nodes. They are in memory only, and nobody gets one again.
import {
  type Audience,
  audienceOf,
  type CampaignState,
  formatPosition,
  type GameMap,
  type GestureInput,
  GESTURES_PER_SECOND,
  type GesturesSinceAnswer,
  gesturesStream,
  type MapGesture,
  MapGestureEvent,
  mapShown,
  type Member,
  playerView,
  roomOfStream,
  TablecastError,
} from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { type Channel, Hub, type Observe } from '@tablecast/hub'
import { type Fog, hiddenFog } from '@tablecast/maps/fog'
import type { Store } from '@tablecast/store'
import { z } from 'zod'
import type { NodeChannel } from '../../../cluster/node-channel.ts'
import { KeyedBuckets } from '../../../transport/limits.ts'
import { resumePoint } from '../../../transport/resume-point.ts'
import { gestureForPlayers } from './gesture-for-players.ts'

export type MapGesturesDeps = {
  store: Store
  others: NodeChannel
  observe: Observe
  now?: () => number
}

type Author = Pick<Member, 'userId' | 'name' | 'role'>
type Gesture = z.infer<typeof GestureInput>
/** Checks the author, and sends the gesture. Throws NOT_FOUND, FORBIDDEN. */
type SendAs = (author: Author) => void
type Shown = { state: CampaignState; fogs: ReadonlyMap<string, Fog> }

/** One message between nodes: the gesture as each audience gets it. Null: nothing. */
const NodeMessage = z.object({ dm: MapGestureEvent, player: MapGestureEvent.nullable() })

const SWEEP_INTERVAL_MS = 60_000
/** A follower that is further behind misses gestures. Each one replaces the one before. */
const PENDING = 32
/** The newest gesture that players saw of a person is forgotten after this time: pages have taken it away by then. */
const REMEMBERED_MS = 10_000
const MAX_FOGS = 16

export class MapGestures implements Disposable {
  readonly #deps: MapGesturesDeps
  readonly #now: () => number
  readonly #hub: Hub
  readonly #buckets: KeyedBuckets
  readonly #followed = new Map<string, Subscription>()
  readonly #sweeping: ReturnType<typeof setInterval>
  /** When players last saw a gesture of a person that has not ended, by room and person. */
  readonly #seen = new Map<string, number>()
  /** The newest fogs, by campaign, map and version. */
  readonly #fogs = new Map<string, Fog>()

  constructor(deps: MapGesturesDeps) {
    this.#deps = deps
    this.#now = deps.now ?? (() => performance.now())
    this.#hub = new Hub(
      {
        opening: (id) => this.#follow(roomOfStream(id) ?? ''),
        released: (id) => this.#released(roomOfStream(id) ?? ''),
      },
      deps.observe,
    )
    this.#buckets = new KeyedBuckets(GESTURES_PER_SECOND, GESTURES_PER_SECOND, deps.now)
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS)
  }

  get channels(): Iterable<Channel> {
    return this.#hub.channels
  }

  channel(roomId: string, audience: Audience): Promise<Channel> {
    return this.#hub.open(
      gesturesStream(roomId, audience),
      () => Promise.resolve({ epoch: this.#deps.others.nodeId.slice(0, 8), head: 0 }),
      { policy: { kind: 'dropOldest', pending: PENDING }, ringSize: PENDING * 2 },
    )
  }

  /** The gestures after a cursor, as far as they are remembered. Without a cursor of this node it begins now. */
  async since(roomId: string, audience: Audience, cursor: string | null | undefined): Promise<GesturesSinceAnswer> {
    const channel = await this.channel(roomId, audience)
    const { epoch, head } = channel
    const after = resumePoint(channel, cursor)
    const events: MapGestureEvent[] = []
    for (let seq = after === null ? head : channel.resumeAfter(after); seq < head; seq++) {
      const text = channel.at(seq + 1)?.text
      // Our own text.
      if (text !== undefined) events.push(JSON.parse(text) as MapGestureEvent)
    }
    return { cursor: formatPosition({ epoch, seq: head }), events }
  }

  /** Reads what a gesture is checked against. The answer sends it, at once. Throws RATE_LIMITED. */
  async prepare(userId: string, input: Gesture): Promise<SendAs> {
    if (!this.#buckets.get(userId).take())
      throw new TablecastError('RATE_LIMITED', `At most ${GESTURES_PER_SECOND} gestures a second: wait a moment.`)
    const shown = await this.#read(input)
    return (author) => this.#send(author, input, shown)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping)
    for (const subscription of this.#followed.values()) subscription.close()
  }

  /** Null without an active campaign. */
  async #read({ roomId, mapId }: Gesture): Promise<Shown | null> {
    return this.#deps.store.read(async (tables) => {
      const room = await tables.rooms.get(roomId)
      const campaign = room?.activeCampaignId ? await tables.campaigns.get(room.activeCampaignId) : null
      if (!campaign) return null
      const map = mapShown(campaign.state)
      // The gesture is about another map, which only DMs see.
      if (map?.id !== mapId) return { state: campaign.state, fogs: new Map() }
      const key = `${campaign.id} ${map.id} ${map.name} ${map.fog.version}`
      const known = this.#fogs.get(key)
      if (known) return { state: campaign.state, fogs: new Map([[map.id, known]]) }
      const row = await tables.maps.fog(campaign.id, map.id)
      const nothing = hiddenFog(map)
      const fog = row?.bits.length === nothing.bits.length ? { ...nothing, bits: row.bits } : nothing
      this.#remember(key, fog)
      return { state: campaign.state, fogs: new Map([[map.id, fog]]) }
    })
  }

  #remember(key: string, fog: Fog): void {
    this.#fogs.set(key, fog)
    for (const oldest of this.#fogs.keys()) {
      if (this.#fogs.size <= MAX_FOGS) return
      this.#fogs.delete(oldest)
    }
  }

  #send(author: Author, { roomId, mapId, gesture, shows }: Gesture, shown: Shown | null): void {
    const isByDm = audienceOf(author.role) === 'dm'
    const map = shown && mapFor(shown.state, mapId, isByDm)
    if (!map) throw new TablecastError('NOT_FOUND', 'This map is not on the table any more.')
    if (!isByDm) mustBeOwn(shown.state, map, gesture, author.userId)
    const eventOf = (part: MapGesture): MapGestureEvent => ({
      type: 'gesture',
      mapId,
      by: { id: author.userId, name: author.name, isDm: isByDm },
      gesture: part,
    })
    const fog = shown.fogs.get(mapId)
    const part = fog ? gestureForPlayers({ state: shown.state, map, fog, gesture, isByDm, shows }) : null
    const forPlayers = this.#afterEarlier(`${roomId} ${author.userId}`, part)
    const message = { dm: eventOf(gesture), player: forPlayers && eventOf(forPlayers) }
    this.#deliver(roomId, message)
    // A lost message does no harm: the next gesture replaces it.
    this.#deps.others.publish(subjectOf(roomId), message)
  }

  /** Ends what players saw of the person before, once, when they may not see the next gesture. */
  #afterEarlier(key: string, part: MapGesture | null): MapGesture | null {
    const wasSeen = this.#seen.has(key)
    this.#seen.delete(key)
    if (part && part.kind !== 'end') this.#seen.set(key, this.#now())
    else if (wasSeen) return { kind: 'end' }
    else return null
    return part
  }

  #deliver(roomId: string, { dm, player }: z.infer<typeof NodeMessage>): void {
    this.#append(gesturesStream(roomId, 'dm'), dm)
    if (player) this.#append(gesturesStream(roomId, 'player'), player)
  }

  #append(id: string, event: MapGestureEvent): void {
    const channel = this.#hub.get(id)
    if (channel) channel.publish({ seq: channel.head + 1, text: JSON.stringify(event) })
  }

  #follow(roomId: string): void {
    const { others } = this.#deps
    if (others.isAlone || this.#followed.has(roomId)) return
    const subscription = others.subscribe(subjectOf(roomId), ({ json }) => {
      const message = NodeMessage.safeParse(json)
      if (message.success) this.#deliver(roomId, message.data)
    })
    this.#followed.set(roomId, subscription)
  }

  #released(roomId: string): void {
    if (this.#hub.has(gesturesStream(roomId, 'dm')) || this.#hub.has(gesturesStream(roomId, 'player'))) return
    this.#followed.get(roomId)?.close()
    this.#followed.delete(roomId)
  }

  #sweep(): void {
    this.#hub.sweep()
    for (const [key, at] of this.#seen) if (this.#now() - at > REMEMBERED_MS) this.#seen.delete(key)
  }
}

/** A DM's map may be any. A player's is the one that is shown. */
function mapFor(state: CampaignState, mapId: string, isByDm: boolean): GameMap | null {
  if (isByDm) return state.maps?.find(({ id }) => id === mapId) ?? null
  const map = mapShown(state)
  return map?.id === mapId ? map : null
}

/** A player drags the tokens of their own characters, as far as a DM lets them. */
function mustBeOwn(state: CampaignState, map: GameMap, gesture: MapGesture, userId: string): void {
  if (gesture.kind === 'view') throw new TablecastError('FORBIDDEN', 'Only a DM shows the table where to look.')
  if (gesture.kind !== 'drag') return
  const { tokens, characters } = playerView(state)
  const token = tokens.find(({ id }) => id === gesture.tokenId)
  const isOwn = characters.some(({ id, ownerId }) => id === token?.characterId && ownerId === userId)
  if (!token || !isOwn || token.isLocked || map.isLocked)
    throw new TablecastError('FORBIDDEN', 'You can only move the tokens of your own characters.')
}

/** Ids hold no dots, so a room is one token. */
const subjectOf = (roomId: string): string => `tablecast.map-gestures.${roomId}`
