// The frames of tRPC over WebSocket: what a client may send in one, and what the server's answers begin with.
import { jsonExcess, parseJson, TablecastError } from '@tablecast/contracts'
import { type AnyTRPCRouter, TRPCError } from '@trpc/server'
import { parseTRPCMessage, type TRPCClientOutgoingMessage } from '@trpc/server/rpc'
import { type InputText, jsonPart } from './json-text.ts'

/** The most calls in one frame. The stock client batches the calls of one tick. */
const MAX_BATCH = 100
const MAX_ID_LENGTH = 64

export type RequestId = number | string
export type Call = Extract<TRPCClientOutgoingMessage, { params: unknown }>
export type RequestHead = {
  id?: RequestId | null
  jsonrpc?: '2.0' | undefined
  method?: string
  params?: { path: string; input?: unknown }
}

/** `inputText`: the input of the message with this index, as the client wrote it. */
type ParsedFrame = { messages: readonly TRPCClientOutgoingMessage[]; inputText: InputText }
/** `ids`: those of the requests that get the error, so that none waits for ever; null for an error about no request. */
export type RefusedFrame = { ids: readonly (RequestId | null)[]; error: TRPCError }

/** `text` is null for a binary frame. */
export function parseFrame(text: string | null, router: AnyTRPCRouter): ParsedFrame | RefusedFrame {
  try {
    if (text === null) throw new TablecastError('BAD_REQUEST', 'Send text frames.')
    const excess = jsonExcess(text)
    if (excess?.kind === 'values') throw new TablecastError('BAD_REQUEST', excess.reason)
    const json = parseJson(text)
    const isBatch = Array.isArray(json)
    const messages = isBatch ? (json as unknown[]) : [json]
    const reason = messages.length > MAX_BATCH ? `at most ${MAX_BATCH} calls in one frame` : excess?.reason
    if (reason !== undefined)
      return { ids: requestIds(messages), error: new TRPCError({ code: 'BAD_REQUEST', message: reason }) }
    return {
      messages: messages.map((message) => parseTRPCMessage(message, router._def._config.transformer)),
      inputText: (index) => jsonPart(text, [...(isBatch ? [index] : []), 'params', 'input']),
    }
  } catch (cause) {
    return { ids: [null], error: new TRPCError({ code: 'PARSE_ERROR', cause }) }
  }
}

function requestIds(messages: readonly unknown[]): readonly (RequestId | null)[] {
  const ids = messages.flatMap((message) => {
    const { id, method } = (message ?? {}) as { id?: unknown; method?: unknown }
    return method !== 'subscription.stop' && (typeof id === 'number' || typeof id === 'string') ? [id] : []
  })
  return ids.length > 0 ? ids : [null]
}

/** The id is part of every frame of a stream, and frames stay in memory for a while. Throws PARSE_ERROR, BAD_REQUEST. */
export function requestIdOf({ id }: TRPCClientOutgoingMessage): RequestId {
  if (id === null) throw new TRPCError({ code: 'PARSE_ERROR', message: '`id` is required' })
  if (String(id).length > MAX_ID_LENGTH)
    throw new TRPCError({ code: 'BAD_REQUEST', message: `an id of ${MAX_ID_LENGTH} characters at most` })
  return id
}

export const envelopeOf = ({ id, jsonrpc }: RequestHead) => (jsonrpc === undefined ? { id } : { id, jsonrpc })

/** The input of a call, with the position from which a subscription resumes. */
export function inputOf({ input, lastEventId }: Call['params']): unknown {
  if (lastEventId === undefined) return input
  return typeof input === 'object' && input !== null ? { ...input, lastEventId } : (input ?? { lastEventId })
}
