// The nodes as operators see them: names and numbers, never words from a table.
import { z } from 'zod'
import { NodeSample } from './ops.ts'
import { Timestamp } from './ids.ts'

/** A room as one node sees it. `name`: null while it is not known. `eventsPerSecond`: stored events, on whatever node. */
export const RoomLoad = z.object({
  id: z.string(),
  name: z.string().nullable(),
  followers: z.int(),
  eventsPerSecond: z.number(),
})
export type RoomLoad = z.infer<typeof RoomLoad>

/**
 * A subscriber that does not read as fast as events come. `stream`: the room, topic, session or feed. `name`: null for a program
 * without a token. `since`: when this node first saw it behind, in milliseconds since 1970.
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
 * `at`: of the node's own clock, in milliseconds since 1970. `sample`: null from a node of another version, whose numbers are not
 * ours. `rooms` and `slow` are those with the most to show.
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

/** `gone`: it says nothing any more, or has said that it stops. `heardAt`: milliseconds since 1970. */
export type NodeState = 'starting' | 'ready' | 'draining' | 'gone'
export type NodeView = Omit<NodeReport, 'rooms' | 'slow'> & { state: NodeState; heardAt: number }
/** Over all nodes. `nodes`: on how many it is followed. */
export type RoomView = RoomLoad & { nodes: number }
/** `node`: the name of the node that it is connected to. */
export type SlowClientView = SlowClient & { node: string }

/** All that is known at a moment. `nodeId`: of the node that tells it. */
export type OpsFrame = {
  at: number
  nodeId: string
  nodes: NodeView[]
  rooms: RoomView[]
  slow: SlowClientView[]
}

/**
 * Something that this node needs. `absent`: it has never been there since this node began, and nothing waits for it. `since`: when its state was first seen. `latencyMs`: of the last answer; null where there is nothing
 * to ask. `error`: of the last failure, without credentials.
 */
export type Dependency = {
  name: string
  detail: string
  state: 'up' | 'down' | 'absent'
  since: string
  latencyMs: number | null
  error: string | null
}
/** `node`: the one that answered. */
export type Dependencies = { node: string; dependencies: Dependency[] }
