// The reports of all nodes, for operators.
//
// A node with a watcher sends a watch message every two seconds. As long as these arrive, every other node sends a report of itself
// every two seconds. Without a watcher no node measures or sends anything.
import type { Bus, BusMessage, Subscription } from '@tablecast/bus'
import { NodeReport, type OpsFrame } from '@tablecast/contracts'
import { Channel } from '@tablecast/hub'
import { z } from 'zod'
import { ReportBoard } from './report-board.ts'

type Measured = Pick<NodeReport, 'sample' | 'rooms' | 'slow'>

export type NodeReportsDeps = {
  bus: Bus
  /** A new id after each start. */
  nodeId: string
  /** The name of this node for people. */
  name(): string
  version: string
  /** Measures this node. Called only while there is a watcher. */
  measure(): Promise<Measured>
  failed(error: unknown): void
  /** Milliseconds since 1970. Never goes back. */
  now?: () => number
}

const WATCH = 'tablecast.ops.watch'
const REPORT = 'tablecast.ops.report'
const REPORT_INTERVAL_MS = 2_000
/** A node that sends no watch message for this time was killed, and does not watch any more. */
const LEASE_MS = 3 * REPORT_INTERVAL_MS
/** The watch that `glance` starts ends after this time, unless `glance` is called again. */
const GLANCE_WATCH_MS = 10_000

const WatchMessage = z.object({ node: z.string(), isWatching: z.boolean() })
const ReportMessage = z.union([NodeReport, z.object({ leaving: z.string() })])

export class NodeReports implements Disposable {
  /** The events are `OpsFrame`s. A slow subscriber skips to the newest. */
  readonly channel = new Channel('ops', { epoch: 'ops', head: 0 }, { policy: { kind: 'latest' }, ringSize: 4 })
  readonly nodeId: string
  readonly #deps: Required<NodeReportsDeps>
  readonly #startedAt: string
  readonly #board = new ReportBoard()
  readonly #watchMessages: Subscription
  /** Other nodes with a watcher, and until when each of these watches holds. */
  readonly #leases = new Map<string, number>()
  #reportMessages: Subscription | null = null
  #watchers = 0
  #shownAt = -Infinity
  #timer: ReturnType<typeof setInterval> | undefined
  /** Resolves when the first frame for a first watcher is ready. */
  #firstFrame = Promise.resolve()
  #glance: { timer: ReturnType<typeof setTimeout>; end: () => void } | null = null

  constructor(deps: NodeReportsDeps) {
    this.#deps = { now: () => performance.timeOrigin + performance.now(), ...deps }
    this.nodeId = deps.nodeId
    this.#startedAt = new Date(this.#deps.now()).toISOString()
    this.#watchMessages = deps.bus.subscribe(WATCH, (message) => this.#receiveWatch(message))
  }

  /** The seq after which a new watcher begins: before the newest frame, or after it when that is left from an earlier watch. */
  get start(): number {
    const isFresh = this.#deps.now() - this.#shownAt < 2 * REPORT_INTERVAL_MS
    return isFresh ? Math.max(0, this.channel.head - 1) : this.channel.head
  }

  /** True while this node measures itself. */
  get isReporting(): boolean {
    return this.#timer !== undefined
  }

  /** Starts a watch. Returns a function that ends it. */
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

  /** The newest frame, for a caller that polls instead of watching. */
  async glance(): Promise<OpsFrame> {
    clearTimeout(this.#glance?.timer)
    const end = this.#glance?.end ?? this.watch()
    const timer = setTimeout(() => {
      this.#glance = null
      end()
    }, GLANCE_WATCH_MS)
    this.#glance = { timer, end }
    await this.#firstFrame
    return this.#board.frame(this.nodeId, this.#deps.now())
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#glance?.timer)
    if (this.#leases.size > 0) this.#publish(REPORT, { leaving: this.nodeId })
    if (this.#watchers > 0) this.#publish(WATCH, { node: this.nodeId, isWatching: false })
    this.#watchers = 0
    this.#leases.clear()
    this.#stopTicking()
    this.#reportMessages?.close()
    this.#watchMessages.close()
  }

  #begin(): void {
    // Old reports say nothing about what became of those nodes since the last watch.
    this.#board.clear()
    this.#reportMessages = this.#deps.bus.subscribe(REPORT, (message) => this.#receiveReport(message))
    this.#firstFrame = this.#tick()
    this.#startTicking()
  }

  #end(): void {
    this.#reportMessages?.close()
    this.#reportMessages = null
    this.#publish(WATCH, { node: this.nodeId, isWatching: false })
    if (this.#leases.size === 0) this.#stopTicking()
  }

  #startTicking(): void {
    this.#timer ??= setInterval(() => void this.#tick(), REPORT_INTERVAL_MS)
  }

  #stopTicking(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #tick(): Promise<void> {
    const now = this.#deps.now()
    for (const [node, until] of this.#leases) if (until < now) this.#leases.delete(node)
    if (this.#watchers === 0 && this.#leases.size === 0) return this.#stopTicking()
    // Sent before the measurement, so that the other nodes measure themselves at the same time.
    if (this.#watchers > 0) this.#publish(WATCH, { node: this.nodeId, isWatching: true })
    const report = await this.#measured()
    if (!report) return
    if (this.#leases.size > 0) this.#publish(REPORT, report)
    if (this.#watchers === 0) return
    this.#board.add(report, this.#deps.now())
    this.#show()
  }

  async #measured(): Promise<NodeReport | null> {
    const { name, version, measure, now, failed } = this.#deps
    try {
      const measured = await measure()
      return { nodeId: this.nodeId, name: name(), startedAt: this.#startedAt, version, at: now(), ...measured }
    } catch (error) {
      failed(error)
      return null
    }
  }

  #show(): void {
    this.#shownAt = this.#deps.now()
    const text = JSON.stringify(this.#board.frame(this.nodeId, this.#shownAt))
    this.channel.publish({ seq: this.channel.head + 1, text })
  }

  #receiveWatch({ json }: BusMessage): void {
    const watching = WatchMessage.safeParse(json)
    if (!watching.success || watching.data.node === this.nodeId) return
    const { node, isWatching } = watching.data
    if (!isWatching) return void this.#leases.delete(node)
    const isNew = !this.#leases.has(node)
    this.#leases.set(node, this.#deps.now() + LEASE_MS)
    if (isNew) void this.#tick()
    this.#startTicking()
  }

  #receiveReport({ json }: BusMessage): void {
    const { data: message } = ReportMessage.safeParse(json)
    if (!message) return
    if ('leaving' in message) this.#board.left(message.leaving)
    else if (message.nodeId === this.nodeId || !this.#board.add(message, this.#deps.now())) return
    // Show at once that a node has come or gone.
    this.#show()
  }

  /** Sends nothing while the bus is disconnected. This node then receives no reports either, and shows the other nodes as gone. */
  #publish(subject: string, message: object): void {
    const { bus, failed } = this.#deps
    if (!bus.isConnected) return
    try {
      bus.publish(subject, JSON.stringify(message))
    } catch (error) {
      failed(error)
    }
  }
}
