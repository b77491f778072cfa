// The frames on the wire; see docs/protocols.md, Topics.

/** `ts`: when the hub took it, ISO 8601. `id`: the publisher's UUID. */
export type TopicMessage<Payload = unknown> = { topic: string; id: string; payload: Payload; ts: string }

/** `dropped`: this subscriber was too slow for `count` messages. `topic_deleted`: nothing more will come. */
export type Notice = { kind: 'dropped'; count: number } | { kind: 'topic_deleted' }

export type ServerFrame =
  | { type: 'ack' | 'pong'; request_id?: string }
  | { type: 'event'; topic: string; message: { id: string; payload: unknown }; ts: string }
  | { type: 'info'; topic: string; msg: string; count?: number }
  | { type: 'error'; request_id?: string; error: { code: string; message: string } }

export type ClientFrame =
  | { type: 'subscribe'; topic: string; client_id: string; last_n: number }
  | { type: 'unsubscribe'; topic: string; client_id: string }
  | { type: 'publish'; topic: string; message: { id: string; payload: unknown } }
  | { type: 'ping' }
