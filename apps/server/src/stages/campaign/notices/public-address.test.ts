import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address.ts'

type Range = [first: number, bits: number]
/** RFC 6890 and its successors, in plain numbers, so that this list is independent of the library's. */
const notPublicV4: Record<string, Range> = {
  'this network': [0x00_00_00_00, 8],
  'private 10': [0x0a_00_00_00, 8],
  'shared by providers': [0x64_40_00_00, 10],
  loopback: [0x7f_00_00_00, 8],
  'link-local, with metadata': [0xa9_fe_00_00, 16],
  'private 172.16': [0xac_10_00_00, 12],
  'documentation 1': [0xc0_00_02_00, 24],
  'private 192.168': [0xc0_a8_00_00, 16],
  benchmarks: [0xc6_12_00_00, 15],
  'documentation 2': [0xc6_33_64_00, 24],
  'documentation 3': [0xcb_00_71_00, 24],
  multicast: [0xe0_00_00_00, 4],
  'reserved and broadcast': [0xf0_00_00_00, 4],
}
const inRange = ([first, bits]: Range) =>
  fc.nat({ max: 2 ** (32 - bits) - 1 }).map((offset) => dotted((first + offset) >>> 0))
const dotted = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')
const hexadecimal = (v4: string) => {
  const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number)
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}
const group = fc.nat({ max: 0xffff }).map((value) => value.toString(16))
const below = (prefix: string, groups: number) =>
  fc.array(group, { minLength: groups, maxLength: groups }).map((rest) => `${prefix}${rest.join(':')}`)

describe('a public address', () => {
  it.each(Object.entries(notPublicV4))(
    'does not lie in a range of IPv4: %s, in any way of writing it',
    (_name, range) => {
      fc.assert(
        fc.property(inRange(range), (v4) => {
          const written = [
            v4,
            `::ffff:${v4}`,
            `::ffff:${hexadecimal(v4)}`,
            `64:ff9b::${v4}`,
            `64:ff9b::${hexadecimal(v4)}`,
          ]
          expect(written.filter(isPublicAddress)).toEqual([])
        }),
      )
    },
  )

  it.each([
    ['unique local', below('fd', 7).map((text) => text.replace(/^fd/, 'fd00:'))],
    ['link-local', below('fe80:', 7)],
    ['link-local of an interface', below('fe80:', 7).map((text) => `${text}%eth0`)],
    ['site-local', below('fec0:', 7)],
    ['multicast', below('ff02:', 7)],
    ['loopback and IPv4-compatible', below('0:0:0:0:0:0:', 2)],
    ['6to4', below('2002:', 7)],
    ['Teredo', below('2001:0:', 6)],
    ['documentation', below('2001:db8:', 6)],
    ['local NAT64', below('64:ff9b:1:', 5)],
    ['discarded', below('100:0:0:0:', 4)],
    ['not given out yet', below('4000:', 7)],
  ])('does not lie in a range of IPv6: %s', (_name, addresses) => {
    fc.assert(
      fc.property(addresses, (text) => {
        expect(isPublicAddress(text)).toBe(false)
      }),
    )
  })

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '[::1]',
    '0x7f.1',
    '2130706433',
    '127.1',
    '8.8.8.8 ',
    '::ffff:999.1.1.1',
  ])('is not “%s”', (text) => {
    expect(isPublicAddress(text)).toBe(false)
  })

  it.each([
    '8.8.8.8',
    '142.250.74.10',
    '2606:4700::1111',
    '2a00:1450:4001::200a',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('is %s', (text) => {
    expect(isPublicAddress(text)).toBe(true)
  })

  it('is every address of IPv4 that no range names', () => {
    const ranges = [
      ...Object.values(notPublicV4),
      [0xc0_00_00_00, 24],
      [0xc0_58_63_00, 24],
      [0xc0_1f_c4_00, 24],
      [0xc0_34_c1_00, 24],
      [0xc0_af_30_00, 24],
    ] as Range[]
    const isNamed = (address: number) =>
      ranges.some(([first, bits]) => address >>> (32 - bits) === first >>> (32 - bits))
    fc.assert(
      fc.property(
        fc.nat({ max: 0xffff_ffff }).map((value) => value >>> 0),
        (address) => {
          fc.pre(!isNamed(address))
          expect(isPublicAddress(dotted(address))).toBe(true)
        },
      ),
    )
  })
})
