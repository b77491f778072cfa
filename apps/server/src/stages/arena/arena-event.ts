// The stored text of a game's event: the plain socket's envelope with the time at its end. Cutting the end off gives the plain
// form.
import { isNestedDeeper } from '@tablecast/contracts'
import type { BusMessage } from '@tablecast/bus'
import type { WireForm } from '../../transport/socket-sink.ts'

const TAIL = ',"at":"2026-01-01T00:00:00.000Z"}'.length

/** `json`: the text of the payload, which stays as it is. */
export const encodeArenaEvent = (subject: string, json: string, at: string): string =>
  `{"subject":${JSON.stringify(subject)},"data":${json},"at":"${at}"}`

/** `{"subject":"event.death","data":{…}}`, with the payload byte for byte. */
export const plainForm: WireForm = { form: 'arena', encode: ({ text }) => `${text.slice(0, -TAIL)}}` }

/** A payload that is not JSON, or is nested too deep for readers, becomes a JSON string. */
export const readPayload = ({ text, json }: BusMessage): { json: string; value: unknown } =>
  json === undefined || isNestedDeeper(text) ? { json: JSON.stringify(text), value: text } : { json: text, value: json }
