import { isNestedDeeper, MAX_JSON_DEPTH, TablecastError, type TopicMessage } from '@tablecast/contracts'
import { jsonPart } from '../../transport/json-text.ts'

/** `payloadText`: the JSON that subscribers get byte for byte. */
export type PublishedMessage = { id: string; payloadText: string }

/** `text`: the bytes of the call, if they are known. They keep the payload as the client wrote it. */
export const publishedMessage = ({ id, payload }: TopicMessage, text: string | null | undefined): PublishedMessage => ({
  id,
  payloadText: (text ? jsonPart(text, ['message', 'payload']) : null) ?? JSON.stringify(payload),
})

/** Throws BAD_REQUEST. */
export function assertPayloadDepth({ payloadText }: PublishedMessage): void {
  if (isNestedDeeper(payloadText))
    throw new TablecastError('BAD_REQUEST', `The payload is nested too deep: at most ${MAX_JSON_DEPTH} levels.`)
}

/** The text of a `TopicEvent`. The server never parses the payload in it. */
export const eventText = (topic: string, { id, payloadText }: PublishedMessage, at: string): string =>
  `{"type":"event","topic":${JSON.stringify(topic)},"message":{"id":${JSON.stringify(id)},"payload":${payloadText}},"ts":"${at}"}`

/**
 * A message on its way into its topic. `keyId`: the API key that publishes. `deadline`: the moment until which the call may wait for
 * the database, on the clock of `performance`.
 */
export type TopicText = { name: string; text: string; keyId: string | null; deadline: number }
