// Sends a narrator's turn to its followers while it is written. It is in memory only: a follower that is new, or that missed
// something, gets the turn as it stands.
import {
  type Audience,
  isAtWork,
  type NarratingEvent,
  narratingStream,
  type NarratorTurn,
  roomOfStream,
  type TurnForPlayers,
  turnForPlayers,
} from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { type Channel, Hub, type Observe } from '@tablecast/hub'
import type { TurnBroadcaster } from '@tablecast/orchestrator'
import { z } from 'zod'
import type { NodeChannel } from '../../../cluster/node-channel.ts'

type Turn = NarratorTurn | TurnForPlayers | null

export type NarratingLiveDeps = {
  others: NodeChannel
  observe: Observe
}

/** `current`: the turn as the database has it. `stopHere`: called when another node asks this one to stop writing a turn. */
export type NarrationSource = {
  current(roomId: string): Promise<NarratorTurn | null>
  stopHere(roomId: string, turnId: string): void
}

/**
 * A message between nodes, on the subject of a room and audience. `asks`: a request for the turn that the receiver writes.
 * `stop`: the id of a turn to stop.
 */
const NodeMessage = z.object({
  asks: z.boolean().optional(),
  stop: z.string().optional(),
  event: z.looseObject({ type: z.string() }).optional(),
})

const SWEEP_INTERVAL_MS = 60_000
/**
 * A process that dies sends no more about its turn. So a turn of another process is read from the database again after this
 * time.
 */
const RECHECK_DELAY_MS = 7_000
const audiences: readonly Audience[] = ['dm', 'player']

export class NarratingLive implements TurnBroadcaster, Disposable {
  readonly #deps: NarratingLiveDeps
  readonly #hub: Hub
  #source: NarrationSource = { current: () => Promise.resolve(null), stopHere() {} }
  readonly #turns = new Map<string, Turn>()
  /** Ids of the streams whose turn this process writes. */
  readonly #own = new Set<string>()
  readonly #followed = new Map<string, Subscription>()
  readonly #sweeping: ReturnType<typeof setInterval>
  readonly #rechecks = new Set<ReturnType<typeof setTimeout>>()

  constructor(deps: NarratingLiveDeps) {
    this.#deps = deps
    this.#hub = new Hub({ opening: (id) => this.#follow(id), released: (id) => this.#released(id) }, deps.observe)
    this.#sweeping = setInterval(() => this.#hub.sweep(), SWEEP_INTERVAL_MS)
  }

  /** Call it before the first client connects. */
  watch(source: NarrationSource): void {
    this.#source = source
  }

  get channels(): Iterable<Channel> {
    return this.#hub.channels
  }

  turn(roomId: string, turn: NarratorTurn | null): void {
    for (const audience of audiences) {
      const id = narratingStream(roomId, audience)
      if (turn) {
        this.#own.add(id)
        // Other nodes may ask for the turn, even if this node has no follower.
        this.#follow(id)
      } else this.#own.delete(id)
      this.#send(id, { type: 'campaign_narrating', turn: shownTo(audience, turn) })
      if (!turn && !this.#hub.get(id)) this.#released(id)
    }
  }

  text(roomId: string, { id, mode }: NarratorTurn, at: number, text: string): void {
    const event: NarratingEvent = { type: 'campaign_narrating_text', id, at, text }
    this.#send(narratingStream(roomId, 'dm'), event)
    if (mode === 'auto') this.#send(narratingStream(roomId, 'player'), event)
  }

  stop(roomId: string, turnId: string): void {
    this.#publish(narratingStream(roomId, 'dm'), { stop: turnId })
  }

  channel(roomId: string, audience: Audience): Promise<Channel> {
    const id = narratingStream(roomId, audience)
    const load = async () => {
      await this.#load(roomId, audience)
      return { epoch: this.#deps.others.nodeId.slice(0, 8), head: 0 }
    }
    const recover = () =>
      Promise.resolve({
        kind: 'snapshot' as const,
        seq: this.#hub.get(id)?.head ?? 0,
        text: JSON.stringify(this.#snapshot(id)),
      })
    return this.#hub.open(id, load, { policy: { kind: 'resume', recover }, ringSize: 512 })
  }

  /** The current turn, for clients that poll. */
  async now(roomId: string, audience: Audience): Promise<Turn> {
    await this.channel(roomId, audience)
    return this.#turns.get(narratingStream(roomId, audience)) ?? null
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping)
    for (const timer of this.#rechecks) clearTimeout(timer)
    for (const subscription of this.#followed.values()) subscription.close()
  }

  #snapshot(id: string): NarratingEvent {
    return { type: 'campaign_narrating', turn: this.#turns.get(id) ?? null }
  }

  async #load(roomId: string, audience: Audience): Promise<void> {
    const id = narratingStream(roomId, audience)
    if (this.#turns.has(id)) return
    const turn = await this.#source.current(roomId)
    // A message came during the read, and is newer.
    if (this.#turns.has(id)) return
    this.#turns.set(id, shownTo(audience, turn))
    if (turn && isAtWork(turn.phase)) this.#recheckLater(roomId, audience, turn.id)
  }

  #recheckLater(roomId: string, audience: Audience, turnId: string): void {
    const id = narratingStream(roomId, audience)
    const timer = setTimeout(() => {
      this.#rechecks.delete(timer)
      if (!this.#own.has(id) && this.#turns.get(id)?.id === turnId) void this.#recheck(roomId, audience, turnId)
    }, RECHECK_DELAY_MS)
    this.#rechecks.add(timer)
  }

  async #recheck(roomId: string, audience: Audience, turnId: string): Promise<void> {
    const turn = await this.#source.current(roomId).catch(() => undefined)
    if (turn === undefined || (turn?.id === turnId && isAtWork(turn.phase)))
      this.#recheckLater(roomId, audience, turnId)
    else this.#apply(narratingStream(roomId, audience), { type: 'campaign_narrating', turn: shownTo(audience, turn) })
  }

  #send(id: string, event: NarratingEvent): void {
    this.#apply(id, event)
    this.#publish(id, { event })
  }

  #publish(id: string, message: object): void {
    // A lost message does no harm: the next phase corrects it, and the published entry comes through the log.
    this.#deps.others.publish(subjectOf(id), message)
  }

  #apply(id: string, event: NarratingEvent): void {
    if (event.type === 'campaign_narrating') this.#turns.set(id, event.turn)
    else {
      const turn = this.#turns.get(id)
      // Pieces before this one are missing: ask for the whole turn.
      if (turn?.id !== event.id || turn.text === null || turn.text.length !== event.at) {
        if (turn?.id !== event.id || (turn.text?.length ?? 0) < event.at) this.#publish(id, { asks: true })
        return
      }
      this.#turns.set(id, { ...turn, text: turn.text + event.text })
    }
    const channel = this.#hub.get(id)
    if (channel) channel.publish({ seq: channel.head + 1, text: JSON.stringify(event) })
  }

  #follow(id: string): void {
    const { others } = this.#deps
    if (others.isAlone || this.#followed.has(id)) return
    const subscription = others.subscribe(subjectOf(id), ({ json }) => {
      const { data: message } = NodeMessage.safeParse(json)
      if (!message) return
      if (message.asks && this.#own.has(id)) this.#publish(id, { event: this.#snapshot(id) })
      if (message.stop !== undefined) this.#source.stopHere(roomOfStream(id) ?? '', message.stop)
      // Every node of a server writes this shape.
      if (message.event) this.#apply(id, message.event as unknown as NarratingEvent)
    })
    this.#followed.set(id, subscription)
    this.#publish(id, { asks: true })
  }

  #released(id: string): void {
    if (this.#own.has(id)) return
    this.#followed.get(id)?.close()
    this.#followed.delete(id)
    this.#turns.delete(id)
  }
}

const shownTo = (audience: Audience, turn: NarratorTurn | null): Turn =>
  turn && audience === 'player' ? turnForPlayers(turn) : turn

/** Ids hold no dots, so each part becomes one token. */
const subjectOf = (id: string): string => `tablecast.${id.replaceAll(':', '.')}`
