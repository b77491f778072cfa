// Puts the reports of all nodes together into one frame for operators.
import type { NodeReport, NodeView, OpsFrame, RoomView, SlowClientView } from '@tablecast/contracts'

/** Reports arrive every two seconds. A node that missed two is gone. */
const GONE_AFTER_MS = 6_000
/** A node that is gone stays on the board for this time. */
const REMEMBER_MS = 10 * 60_000
const MAX_NODES = 100
const TOP = 20

type Entry = { report: NodeReport; heardAt: number; hasLeft: boolean }

/** Times are in milliseconds since 1970. */
export class ReportBoard {
  readonly #entries = new Map<string, Entry>()

  /** Stores a report. True when its node was unknown or gone before. */
  add(report: NodeReport, now: number): boolean {
    const before = this.#entries.get(report.nodeId)
    // Deleting first moves the node to the end of the map, so that the oldest report is at the start.
    this.#entries.delete(report.nodeId)
    this.#entries.set(report.nodeId, { report, heardAt: now, hasLeft: false })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_NODES) break
      this.#entries.delete(oldest)
    }
    return before === undefined || isGone(before, now)
  }

  /** Marks a node as gone, because it has sent that it stops. */
  left(nodeId: string): void {
    const entry = this.#entries.get(nodeId)
    if (entry) entry.hasLeft = true
  }

  clear(): void {
    this.#entries.clear()
  }

  /** The frame for operators on the node with this id. */
  frame(nodeId: string, now: number): OpsFrame {
    for (const [id, { heardAt }] of this.#entries) if (now - heardAt > REMEMBER_MS) this.#entries.delete(id)
    const all = [...this.#entries.values()]
    const present = all.filter((entry) => !isGone(entry, now)).map(({ report }) => report)
    return {
      at: now,
      nodeId,
      nodes: all.map((entry) => viewOf(entry, now)).toSorted(byName),
      rooms: roomsOf(present),
      slow: slowOf(present),
    }
  }
}

const isGone = ({ heardAt, hasLeft }: Entry, now: number): boolean => hasLeft || now - heardAt > GONE_AFTER_MS

function viewOf(entry: Entry, now: number): NodeView {
  const { rooms: _rooms, slow: _slow, ...report } = entry.report
  // The sample of a node of another version can not be read. A node that sends reports counts as ready.
  const state = isGone(entry, now) ? 'gone' : (report.sample?.readiness ?? 'ready')
  return { ...report, state, heardAt: entry.heardAt }
}

/** Adds followers up, since each follows on one node. Takes the highest rate, since every node gets the same events. */
function roomsOf(reports: readonly NodeReport[]): RoomView[] {
  const rooms = new Map<string, RoomView>()
  for (const room of reports.flatMap((report) => report.rooms)) {
    const known = rooms.get(room.id)
    rooms.set(room.id, {
      id: room.id,
      name: known?.name ?? room.name,
      followers: (known?.followers ?? 0) + room.followers,
      eventsPerSecond: Math.max(known?.eventsPerSecond ?? 0, room.eventsPerSecond),
      nodes: (known?.nodes ?? 0) + 1,
    })
  }
  return [...rooms.values()]
    .toSorted((a, b) => b.followers - a.followers || b.eventsPerSecond - a.eventsPerSecond || compare(a.id, b.id))
    .slice(0, TOP)
}

const slowOf = (reports: readonly NodeReport[]): SlowClientView[] =>
  reports
    .flatMap(({ name, slow }) => slow.map((client) => ({ ...client, node: name })))
    .toSorted((a, b) => b.eventsBehind - a.eventsBehind || b.bytesWaiting - a.bytesWaiting)
    .slice(0, TOP)

const byName = (a: NodeView, b: NodeView): number => compare(a.name, b.name) || compare(a.startedAt, b.startedAt)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
