// Takes the messages out of what nats-server sends to a node, so that they can be dropped, doubled or put in another order (the client
// protocol, https://docs.nats.io/reference/reference-protocols/nats-protocol). All other bytes pass unchanged.
import type { Tap } from '@tablecast/testing'

/** The action of a message. `hold` keeps it until the next one has passed. */
export type MessageAction = 'pass' | 'drop' | 'double' | 'hold'

const END = Buffer.from('\r\n')

export function natsTap(actionFor: (subject: string) => MessageAction): Tap {
  let rest: Buffer = Buffer.alloc(0)
  let held: Buffer[] = []
  return {
    down(piece) {
      rest = Buffer.concat([rest, piece])
      const out: Buffer[] = []
      for (let frame = frameOf(rest); frame; frame = frameOf(rest)) {
        rest = rest.subarray(frame.bytes.length)
        const action = frame.subject === null ? 'pass' : actionFor(frame.subject)
        if (action === 'hold') held.push(frame.bytes)
        if (action === 'pass' || action === 'double') {
          out.push(frame.bytes)
          if (action === 'double') out.push(frame.bytes)
          if (frame.subject !== null) {
            out.push(...held)
            held = []
          }
        }
      }
      return Buffer.concat(out)
    },
  }
}

/** The first whole frame; null while it is not all there. `subject`: null when it is no message. */
function frameOf(bytes: Buffer): { bytes: Buffer; subject: string | null } | null {
  const end = bytes.indexOf(END)
  if (end < 0) return null
  const head = end + END.length
  const words = bytes.toString('latin1', 0, end).split(/\s+/)
  const kind = words[0]?.toUpperCase()
  // MSG <subject> <sid> [reply] <bytes>, HMSG <subject> <sid> [reply] <bytes of the headers> <bytes in all>
  if (kind !== 'MSG' && kind !== 'HMSG') return { bytes: bytes.subarray(0, head), subject: null }
  const size = head + Number(words.at(-1)) + END.length
  return bytes.length < size ? null : { bytes: bytes.subarray(0, size), subject: words[1] ?? '' }
}
