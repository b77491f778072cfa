// An event of a session as it is stored: the plain socket's envelope with the time at its end, so that both forms cost one cut.
import { isNestedDeeper } from '@tablecast/contracts'
import type { BusMessage } from '@tablecast/bus'
import type { WireForm } from '../../transport/socket-sink.ts'

const TAIL = ',"at":"2026-01-01T00:00:00.000Z"}'.length

/** `json`: the payload's own text, passed through as it came. */
export const encodeArenaEvent = (subject: string, json: string, at: string): string =>
  `{"subject":${JSON.stringify(subject)},"data":${json},"at":"${at}"}`

/** `{"subject":"event.death","data":{…}}`, to the letter. */
export const plainForm: WireForm = { form: 'arena', encode: ({ text }) => `${text.slice(0, -TAIL)}}` }

/** A payload that is no JSON, or nested so deep that readers would give up, becomes a JSON string. */
export const readPayload = ({ text, json }: BusMessage): { json: string; value: unknown } =>
  json === undefined || isNestedDeeper(text) ? { json: JSON.stringify(text), value: text } : { json: text, value: json }
