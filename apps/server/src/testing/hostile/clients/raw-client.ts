// A client that writes raw bytes to one kind of endpoint. It knows its targets and the schema of their input.
import type { JsonSchema } from '../inputs.ts'

/**
 * A call, route or event of an endpoint. `schema` describes the body or message, and is null without one. `head` describes the
 * address. `largest` is the size in bytes above which an input is not worth sending.
 */
export type Target = { name: string; schema: JsonSchema | null; head?: JsonSchema; largest: number }

/** An input as text, which may be invalid JSON. */
export type SentRequest = { text: string; head: string }

/** The received text. `status` is null on sockets. `earlier`: text about earlier calls that came meanwhile. */
export type Answer = { status: number | null; text: string; earlier?: string }

export const endpointKinds = ['trpc-http', 'trpc-websocket', 'rest', 'plain-socket', 'socket.io'] as const
export type EndpointKind = (typeof endpointKinds)[number]

export interface RawClient extends AsyncDisposable {
  readonly kind: EndpointKind
  readonly targets: readonly Target[]
  /** Resolves with all text up to the server's answer. Throws without an answer in `ANSWER_TIMEOUT_MS`. */
  send(target: Target, sent: SentRequest, token: string | null): Promise<Answer>
}

export const ANSWER_TIMEOUT_MS = 20_000
/** The largest inputs, in bytes. The server refuses longer ones before it reads them. */
export const LARGEST = {
  frame: 65_000,
  body: 130_000,
  importedBody: 1_000_000,
  /** An encoded URL: Node refuses a longer request head. */
  query: 12_000,
}
