// What is being written, told as it comes. In no log: a newcomer gets the turn as it stands, and so does who missed something.
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

export type NarratingLiveParts = {
  others: NodeChannel
  observe: Observe
}

/** `current`: the turn as the database has it. `stopHere`: another node asks that this one stops writing a turn. */
export type NarrationSource = {
  current(roomId: string): Promise<NarratorTurn | null>
  stopHere(roomId: string, turnId: string): void
}

/** What nodes tell each other of a room and audience. `asks`: tell what is being written with you. `stop`: a turn's id. */
const Told = z.object({
  asks: z.boolean().optional(),
  stop: z.string().optional(),
  event: z.looseObject({ type: z.string() }).optional(),
})

const SWEEP_MS = 60_000
/** A turn that another process writes and that nobody tells of any more was cut off with it. */
const LOOK_AGAIN_MS = 7_000
const audiences: readonly Audience[] = ['dm', 'player']

export class NarratingLive implements TurnBroadcaster, Disposable {
  readonly #parts: NarratingLiveParts
  readonly #hub: Hub
  #source: NarrationSource = { current: () => Promise.resolve(null), stopHere() {} }
  readonly #known = new Map<string, Turn>()
  /** Written by this process. */
  readonly #own = new Set<string>()
  readonly #followed = new Map<string, Subscription>()
  readonly #sweeping: ReturnType<typeof setInterval>
  readonly #looking = new Set<ReturnType<typeof setTimeout>>()

  constructor(parts: NarratingLiveParts) {
    this.#parts = parts
    this.#hub = new Hub({ opening: (id) => this.#follow(id), released: (id) => this.#released(id) }, parts.observe)
    this.#sweeping = setInterval(() => this.#hub.sweep(), SWEEP_MS)
  }

  /** To be called before the first client comes. */
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
        // Others ask for it, also where nobody follows here.
        this.#follow(id)
      } else this.#own.delete(id)
      this.#tell(id, { type: 'campaign_narrating', turn: shownTo(audience, turn) })
      if (!turn && !this.#hub.get(id)) this.#released(id)
    }
  }

  text(roomId: string, { id, mode }: NarratorTurn, at: number, text: string): void {
    const event: NarratingEvent = { type: 'campaign_narrating_text', id, at, text }
    this.#tell(narratingStream(roomId, 'dm'), event)
    if (mode === 'auto') this.#tell(narratingStream(roomId, 'player'), event)
  }

  stop(roomId: string, turnId: string): void {
    this.#publish(narratingStream(roomId, 'dm'), { stop: turnId })
  }

  channel(roomId: string, audience: Audience): Promise<Channel> {
    const id = narratingStream(roomId, audience)
    const load = async () => {
      await this.#load(roomId, audience)
      return { epoch: this.#parts.others.nodeId.slice(0, 8), head: 0 }
    }
    const recover = () =>
      Promise.resolve({
        kind: 'snapshot' as const,
        seq: this.#hub.get(id)?.head ?? 0,
        text: JSON.stringify(this.#snapshot(id)),
      })
    return this.#hub.open(id, load, { policy: { kind: 'resume', recover }, ringSize: 512 })
  }

  /** For those whom nothing live reaches. */
  async now(roomId: string, audience: Audience): Promise<Turn> {
    await this.channel(roomId, audience)
    return this.#known.get(narratingStream(roomId, audience)) ?? null
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping)
    for (const timer of this.#looking) clearTimeout(timer)
    for (const subscription of this.#followed.values()) subscription.close()
  }

  #snapshot(id: string): NarratingEvent {
    return { type: 'campaign_narrating', turn: this.#known.get(id) ?? null }
  }

  async #load(roomId: string, audience: Audience): Promise<void> {
    const id = narratingStream(roomId, audience)
    if (this.#known.has(id)) return
    const turn = await this.#source.current(roomId)
    // Told meanwhile: that is newer.
    if (this.#known.has(id)) return
    this.#known.set(id, shownTo(audience, turn))
    if (turn && isAtWork(turn.phase)) this.#lookAgain(roomId, audience, turn.id)
  }

  #lookAgain(roomId: string, audience: Audience, turnId: string): void {
    const id = narratingStream(roomId, audience)
    const timer = setTimeout(() => {
      this.#looking.delete(timer)
      if (!this.#own.has(id) && this.#known.get(id)?.id === turnId) void this.#look(roomId, audience, turnId)
    }, LOOK_AGAIN_MS)
    this.#looking.add(timer)
  }

  async #look(roomId: string, audience: Audience, turnId: string): Promise<void> {
    const turn = await this.#source.current(roomId).catch(() => undefined)
    if (turn === undefined || (turn?.id === turnId && isAtWork(turn.phase))) this.#lookAgain(roomId, audience, turnId)
    else this.#apply(narratingStream(roomId, audience), { type: 'campaign_narrating', turn: shownTo(audience, turn) })
  }

  #tell(id: string, event: NarratingEvent): void {
    this.#apply(id, event)
    this.#publish(id, { event })
  }

  #publish(id: string, told: object): void {
    // A message that is lost is made up for by the next phase; what is published comes over the log.
    this.#parts.others.tell(subjectOf(id), told)
  }

  #apply(id: string, event: NarratingEvent): void {
    if (event.type === 'campaign_narrating') this.#known.set(id, event.turn)
    else {
      const turn = this.#known.get(id)
      // A piece without the ones before it: the whole is asked for.
      if (turn?.id !== event.id || turn.text === null || turn.text.length !== event.at) {
        if (turn?.id !== event.id || (turn.text?.length ?? 0) < event.at) this.#publish(id, { asks: true })
        return
      }
      this.#known.set(id, { ...turn, text: turn.text + event.text })
    }
    const channel = this.#hub.get(id)
    if (channel) channel.publish({ seq: channel.head + 1, text: JSON.stringify(event) })
  }

  #follow(id: string): void {
    const { others } = this.#parts
    if (others.isAlone || this.#followed.has(id)) return
    const subscription = others.hear(subjectOf(id), ({ json }) => {
      const told = Told.safeParse(json)
      if (!told.success) return
      if (told.data.asks && this.#own.has(id)) this.#publish(id, { event: this.#snapshot(id) })
      if (told.data.stop !== undefined) this.#source.stopHere(roomOfStream(id) ?? '', told.data.stop)
      // Written by another node of ours, in the shape that this one writes.
      if (told.data.event) this.#apply(id, told.data.event as unknown as NarratingEvent)
    })
    this.#followed.set(id, subscription)
    this.#publish(id, { asks: true })
  }

  #released(id: string): void {
    if (this.#own.has(id)) return
    this.#followed.get(id)?.close()
    this.#followed.delete(id)
    this.#known.delete(id)
  }
}

const shownTo = (audience: Audience, turn: NarratorTurn | null): Turn =>
  turn && audience === 'player' ? turnForPlayers(turn) : turn

/** Ids hold no dots, so each part becomes one token. */
const subjectOf = (id: string): string => `tablecast.${id.replaceAll(':', '.')}`
