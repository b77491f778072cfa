// The measured servers: the product's five streams, and other libraries for the same work.

/** The product's servers, by stage. A campaign's players use tRPC or its plain socket, all others a plain socket. */
export const stages = ['campaign', 'campaign-plain', 'arena', 'topics', 'signals'] as const
export type Stage = (typeof stages)[number]

/** Servers in Node. */
const nodePeers = ['ready-frame', 'ws', 'socket.io', 'trpc'] as const
export type NodeServer = Stage | (typeof nodePeers)[number]

export const peers = [...nodePeers, 'fastapi', 'fastapi-browser', 'nats'] as const
export type Peer = (typeof peers)[number]
export type Server = Stage | Peer

export const isStage = (server: Server): server is Stage => stages.some((stage) => stage === server)

export const serverNames: Record<Server, string> = {
  campaign: 'Tablecast, campaign over tRPC',
  'campaign-plain': 'Tablecast, campaign on a plain socket',
  arena: 'Tablecast, arena',
  topics: 'Tablecast, topics',
  signals: 'Tablecast, signals',
  'ready-frame': '`ws`, one ready-made frame',
  ws: '`ws`, one string',
  'socket.io': 'Socket.IO',
  trpc: 'stock tRPC',
  fastapi: 'FastAPI on uvicorn',
  'fastapi-browser': 'FastAPI on uvicorn, compressed as for browsers',
  nats: 'nats-server, its WebSocket listener',
}

export type Shape = { bytes: number; burst: number; subscribers: number }

/** The result of one round. */
export type Measurement = { deliveries: number; wallMs: number; cpuMs: number }

/** A server with its subscribers. */
export type RunningServer = AsyncDisposable & { measure(ms: number): Promise<Measurement> }
