import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MessageAction, natsTap } from './nats-tap.ts'

const message = (subject: string, text: string) => `MSG ${subject} 1 ${Buffer.byteLength(text)}\r\n${text}\r\n`
const withHeaders = (subject: string, text: string) => {
  const headers = 'NATS/1.0\r\nNats-Msg-Id: 1\r\n\r\n'
  return `HMSG ${subject} 2 ${headers.length} ${headers.length + Buffer.byteLength(text)}\r\n${headers}${text}\r\n`
}

/** The output of the tap for bytes that come in these pieces. */
function pass(text: string, fates: MessageAction[], sizes: readonly number[] = [text.length]) {
  const tap = natsTap(() => fates.shift() ?? 'pass')
  const bytes = Buffer.from(text)
  let out = ''
  let at = 0
  for (let n = 0; at < bytes.length; n++) {
    const size = Math.max(1, sizes[n % sizes.length] ?? 1)
    out += String(tap.down?.(bytes.subarray(at, at + size)))
    at += size
  }
  return out
}

describe('the tap of the bus', () => {
  const [one, two, three] = [message('a.b', 'one'), withHeaders('a.c', 'two\r\nlines'), message('a.b', 'dreißig')]

  it('drops, doubles and holds messages, and leaves everything else as it is', () => {
    const all = `PING\r\n${one}${two}+OK\r\n${three}`
    expect(pass(all, [])).toBe(all)
    expect(pass(all, ['drop'])).toBe(`PING\r\n${two}+OK\r\n${three}`)
    expect(pass(all, ['double', 'drop'])).toBe(`PING\r\n${one}${one}+OK\r\n${three}`)
    expect(pass(all, ['hold', 'pass', 'drop'])).toBe(`PING\r\n${two}${one}+OK\r\n`)
  })

  it('does the same however the bytes are cut into pieces', () => {
    const action = fc.constantFrom<MessageAction>('pass', 'drop', 'double', 'hold')
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (fates, sizes) => {
          const all = `PING\r\n${one}${two}${three}${one}-ERR 'no'\r\n${two}${three}`
          expect(pass(all, [...fates], sizes)).toBe(pass(all, [...fates]))
        },
      ),
    )
  })
})
