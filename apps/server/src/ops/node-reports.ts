// What each node tells of itself, while an operator watches on some node.
//
// A node on which somebody watches says so every two seconds; the others answer with a report every two seconds for as long as it
// does. Without a watcher nothing is measured and nothing is sent.
import type { Bus, BusMessage, Subscription } from '@tablecast/bus'
import { NodeReport, type OpsFrame } from '@tablecast/contracts'
import { Channel } from '@tablecast/hub'
import { z } from 'zod'
import { ReportBoard } from './report-board.ts'

type Measured = Pick<NodeReport, 'sample' | 'rooms' | 'slow'>

export type NodeReportsParts = {
  bus: Bus
  /** Another one after each start. */
  nodeId: string
  /** How people know this node. */
  name(): string
  version: string
  /** What is true of this node now; asked only while somebody watches. */
  measure(): Promise<Measured>
  failed(error: unknown): void
  /** Milliseconds since 1970 that never go back. */
  now?: () => number
}

const WATCH = 'tablecast.ops.watch'
const REPORT = 'tablecast.ops.report'
const TICK_MS = 2_000
/** A watching node that says nothing for so long watches no more: it was killed. */
const LEASE_MS = 3 * TICK_MS
/** Who asks without staying connected asks again within this time. */
const GLANCE_MS = 10_000

const Watching = z.object({ node: z.string(), isWatching: z.boolean() })
const Told = z.union([NodeReport, z.object({ leaving: z.string() })])

export class NodeReports implements Disposable {
  /** The newest `OpsFrame` counts. */
  readonly channel = new Channel('ops', { epoch: 'ops', head: 0 }, { policy: { kind: 'latest' }, ringSize: 4 })
  readonly nodeId: string
  readonly #parts: Required<NodeReportsParts>
  readonly #startedAt: string
  readonly #board = new ReportBoard()
  readonly #asked: Subscription
  /** Other nodes on which somebody watches, and until when that holds. */
  readonly #leases = new Map<string, number>()
  #told: Subscription | null = null
  #watchers = 0
  #shownAt = -Infinity
  #timer: ReturnType<typeof setInterval> | undefined
  /** Resolves when there is something to show to the first who watches. */
  #first = Promise.resolve()
  #glance: { timer: ReturnType<typeof setTimeout>; end: () => void } | null = null

  constructor(parts: NodeReportsParts) {
    this.#parts = { now: () => performance.timeOrigin + performance.now(), ...parts }
    this.nodeId = parts.nodeId
    this.#startedAt = new Date(this.#parts.now()).toISOString()
    this.#asked = parts.bus.subscribe(WATCH, (message) => this.#heardWatching(message))
  }

  /** Where a new watcher begins: with the newest frame, unless that is left from an earlier watch. */
  get start(): number {
    const isFresh = this.#parts.now() - this.#shownAt < 2 * TICK_MS
    return isFresh ? Math.max(0, this.channel.head - 1) : this.channel.head
  }

  /** True while this node measures itself. */
  get isReporting(): boolean {
    return this.#timer !== undefined
  }

  /** Somebody watches here until what is returned is called. */
  watch(): () => void {
    this.#watchers += 1
    if (this.#watchers === 1) this.#begin()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#watchers -= 1
      if (this.#watchers === 0) this.#end()
    }
  }

  /** The newest frame, for whoever asks again and again in place of watching. */
  async glance(): Promise<OpsFrame> {
    clearTimeout(this.#glance?.timer)
    const end = this.#glance?.end ?? this.watch()
    const timer = setTimeout(() => {
      this.#glance = null
      end()
    }, GLANCE_MS)
    this.#glance = { timer, end }
    await this.#first
    return this.#board.frame(this.nodeId, this.#parts.now())
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#glance?.timer)
    if (this.#leases.size > 0) this.#publish(REPORT, { leaving: this.nodeId })
    if (this.#watchers > 0) this.#publish(WATCH, { node: this.nodeId, isWatching: false })
    this.#watchers = 0
    this.#leases.clear()
    this.#rest()
    this.#told?.close()
    this.#asked.close()
  }

  #begin(): void {
    // What was known when nobody watched says nothing of what became of those nodes since.
    this.#board.clear()
    this.#told = this.#parts.bus.subscribe(REPORT, (message) => this.#heardReport(message))
    this.#first = this.#tick()
    this.#work()
  }

  #end(): void {
    this.#told?.close()
    this.#told = null
    this.#publish(WATCH, { node: this.nodeId, isWatching: false })
    if (this.#leases.size === 0) this.#rest()
  }

  #work(): void {
    this.#timer ??= setInterval(() => void this.#tick(), TICK_MS)
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #tick(): Promise<void> {
    const now = this.#parts.now()
    for (const [node, until] of this.#leases) if (until < now) this.#leases.delete(node)
    if (this.#watchers === 0 && this.#leases.size === 0) return this.#rest()
    // Asked at once, so that the others have answered when this node has measured itself.
    if (this.#watchers > 0) this.#publish(WATCH, { node: this.nodeId, isWatching: true })
    const report = await this.#measured()
    if (!report) return
    if (this.#leases.size > 0) this.#publish(REPORT, report)
    if (this.#watchers === 0) return
    this.#board.heard(report, this.#parts.now())
    this.#show()
  }

  async #measured(): Promise<NodeReport | null> {
    const { name, version, measure, now, failed } = this.#parts
    try {
      const measured = await measure()
      return { nodeId: this.nodeId, name: name(), startedAt: this.#startedAt, version, at: now(), ...measured }
    } catch (error) {
      failed(error)
      return null
    }
  }

  #show(): void {
    this.#shownAt = this.#parts.now()
    const text = JSON.stringify(this.#board.frame(this.nodeId, this.#shownAt))
    this.channel.publish({ seq: this.channel.head + 1, text })
  }

  #heardWatching({ json }: BusMessage): void {
    const watching = Watching.safeParse(json)
    if (!watching.success || watching.data.node === this.nodeId) return
    const { node, isWatching } = watching.data
    if (!isWatching) return void this.#leases.delete(node)
    const isNew = !this.#leases.has(node)
    this.#leases.set(node, this.#parts.now() + LEASE_MS)
    if (isNew) void this.#tick()
    this.#work()
  }

  #heardReport({ json }: BusMessage): void {
    const told = Told.safeParse(json)
    if (!told.success) return
    if ('leaving' in told.data) this.#board.left(told.data.leaving)
    else if (told.data.nodeId === this.nodeId || !this.#board.heard(told.data, this.#parts.now())) return
    // A node that comes or goes is shown at once.
    this.#show()
  }

  /** While the bus is away the others are silent here too, and shown as gone. */
  #publish(subject: string, told: object): void {
    const { bus, failed } = this.#parts
    if (!bus.isConnected) return
    try {
      bus.publish(subject, JSON.stringify(told))
    } catch (error) {
      failed(error)
    }
  }
}
