// What is known of all nodes, put together from what each of them tells.
import type { NodeReport, NodeView, OpsFrame, RoomView, SlowClientView } from '@tablecast/contracts'

/** Reports come every two seconds: two were missed. */
const SILENT_MS = 6_000
/** A node that is gone is shown for so long. */
const REMEMBER_MS = 10 * 60_000
const MAX_NODES = 100
const TOP = 20

type Told = { report: NodeReport; heardAt: number; hasLeft: boolean }

/** Times are in milliseconds since 1970. */
export class ReportBoard {
  readonly #told = new Map<string, Told>()

  /** True when nothing was known of that node, or it was taken for gone. */
  heard(report: NodeReport, now: number): boolean {
    const before = this.#told.get(report.nodeId)
    // The newest stands last.
    this.#told.delete(report.nodeId)
    this.#told.set(report.nodeId, { report, heardAt: now, hasLeft: false })
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= MAX_NODES) break
      this.#told.delete(oldest)
    }
    return before === undefined || isGone(before, now)
  }

  /** The node has said that it stops. */
  left(nodeId: string): void {
    const told = this.#told.get(nodeId)
    if (told) told.hasLeft = true
  }

  clear(): void {
    this.#told.clear()
  }

  /** Everything together, for the node with that id. */
  frame(nodeId: string, now: number): OpsFrame {
    for (const [id, { heardAt }] of this.#told) if (now - heardAt > REMEMBER_MS) this.#told.delete(id)
    const all = [...this.#told.values()]
    const here = all.filter((told) => !isGone(told, now)).map(({ report }) => report)
    return {
      at: now,
      nodeId,
      nodes: all.map((told) => viewOf(told, now)).toSorted(byName),
      rooms: roomsOf(here),
      slow: slowOf(here),
    }
  }
}

const isGone = ({ heardAt, hasLeft }: Told, now: number): boolean => hasLeft || now - heardAt > SILENT_MS

function viewOf(told: Told, now: number): NodeView {
  const { rooms: _rooms, slow: _slow, ...report } = told.report
  // A node of another version that tells of itself is ready for all that is known.
  const state = isGone(told, now) ? 'gone' : (report.sample?.readiness ?? 'ready')
  return { ...report, state, heardAt: told.heardAt }
}

/** Followers are of different nodes; events are the same ones on each. */
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
