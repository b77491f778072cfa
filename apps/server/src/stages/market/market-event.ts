// The text of a market event in the ring. The payload of a channel message goes out byte for byte.
import type { MarketEvent } from '@tablecast/contracts'
import type { WireForm } from '../../transport/socket-sink.ts'

const HEAD = '{"type":"'
const MIDDLE = '","data":'

export const eventText = (type: MarketEvent['type'], json: string): string => `${HEAD}${type}${MIDDLE}${json}}`

/**
 * The event as a packet of Socket.IO (https://socket.io/docs/v4/socket-io-protocol/#event): `2["market:update",{…}]`. Null for an
 * event that only clients with a whole board need.
 */
export function packetOf(text: string): string | null {
  const end = text.indexOf(MIDDLE)
  const type = text.slice(HEAD.length, end)
  return type === 'market:board' ? null : `2["${type}",${text.slice(end + MIDDLE.length, -1)}]`
}

/** A frame has one message of Engine.IO: `4` and the packet. */
export const socketIoForm: WireForm = {
  form: 'socket.io',
  encode({ text }) {
    const packet = packetOf(text)
    return packet === null ? '' : `4${packet}`
  },
}
