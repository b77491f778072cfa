// The nodes as operators see them: names and numbers, but no text from a room.
import { z } from 'zod'
import { NodeSample } from './ops.ts'
import { Timestamp } from './ids.ts'

/** A room as one node sees it. `name`: null while the node does not know it. `eventsPerSecond`: events that any node stored. */
export const RoomLoad = z.object({
  id: z.string(),
  name: z.string().nullable(),
  followers: z.int(),
  eventsPerSecond: z.number(),
})
export type RoomLoad = z.infer<typeof RoomLoad>

/**
 * A subscriber that does not read as fast as events come. `stream`: the room, topic, session or feed. `name`: null for a program
 * without a token. `since`: the time when this node first saw the delay, in milliseconds since 1970.
 */
export const SlowClient = z.object({
  stage: z.string(),
  stream: z.string(),
  transport: z.string(),
  name: z.string().nullable(),
  eventsBehind: z.int(),
  bytesWaiting: z.int(),
  since: z.number(),
})
export type SlowClient = z.infer<typeof SlowClient>

/**
 * `at`: the node's own clock, in milliseconds since 1970. `sample`: null from a node of another version with other numbers.
 * `rooms`: those with the most followers. `slow`: the clients that are furthest behind.
 */
export const NodeReport = z.object({
  nodeId: z.string(),
  name: z.string(),
  startedAt: Timestamp,
  version: z.string(),
  at: z.number(),
  sample: NodeSample.nullable().catch(null),
  rooms: z.array(RoomLoad),
  slow: z.array(SlowClient),
})
export type NodeReport = z.infer<typeof NodeReport>

/** `gone`: the node sends no reports any more, or has announced its stop. `heardAt`: milliseconds since 1970. */
export type NodeState = 'starting' | 'ready' | 'draining' | 'gone'
export type NodeView = Omit<NodeReport, 'rooms' | 'slow'> & { state: NodeState; heardAt: number }
/** A room over all nodes. `nodes`: the number of nodes with followers of the room. */
export type RoomView = RoomLoad & { nodes: number }
/** `node`: the name of the client's node. */
export type SlowClientView = SlowClient & { node: string }

/** The current state of all nodes. `nodeId`: the node that sends it. */
export type OpsFrame = {
  at: number
  nodeId: string
  nodes: NodeView[]
  rooms: RoomView[]
  slow: SlowClientView[]
}

/**
 * A service or resource that this node needs. `absent`: it was never there since the start of this node, and nothing waits for it.
 * `since`: the time when its state last changed. `latencyMs`: the duration of the last check; null if there is nothing to call.
 * `error`: the last failure, without credentials.
 */
export type Dependency = {
  name: string
  detail: string
  state: 'up' | 'down' | 'absent'
  since: string
  latencyMs: number | null
  error: string | null
}
/** `node`: the name of the node that answered. */
export type Dependencies = { node: string; dependencies: Dependency[] }
