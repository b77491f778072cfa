import { describe, expect, it } from 'vitest'
import { limitKey } from './client-address.ts'
import { KeyedBuckets, KeyedCount, Rate, TokenBucket } from './limits.ts'

describe('Limits', () => {
  it('a bucket gives its burst at once, then `perSecond` tokens each second, and names the seconds to wait', () => {
    let now = 0
    const bucket = new TokenBucket(new Rate(3, 2, () => now))
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false])
    expect([bucket.isEmpty, bucket.waitSeconds]).toEqual([true, 1])
    now = 500
    expect([bucket.take(), bucket.take()]).toEqual([true, false])
    now = 60_000
    expect([bucket.isFull, bucket.take()]).toEqual([true, true])
  })

  it('keyed buckets are dropped when they are full again, so that 50,000 addresses do not fill the memory', () => {
    let now = 0
    const buckets = new KeyedBuckets(2, 1, () => now)
    for (let n = 0; n < 50_000; n++) {
      now += 10
      buckets.get(`stranger-${n}`).take()
    }
    expect(buckets.size).toBeLessThan(2_500)
    const mine = buckets.get('mine')
    mine.take()
    expect(buckets.get('mine')).toBe(mine)
  })

  it('a keyed count is reduced once, although the function that gives back is called twice', () => {
    const count = new KeyedCount(2)
    const [first, second] = [count.take('a'), count.take('a')]
    expect(count.take('a')).toBeNull()
    first?.()
    first?.()
    expect(count.get('a')).toBe(1)
    expect(count.take('a')).not.toBeNull()
    second?.()
  })

  it('IPv6 addresses of one /64 network count as one, and IPv4 addresses each for itself', () => {
    expect(limitKey('192.0.2.7')).toBe('192.0.2.7')
    expect(limitKey('::ffff:192.0.2.7')).toBe('192.0.2.7')
    const same = ['2001:db8:1:2:3:4:5:6', '2001:DB8:1:2::9', '2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::1%eth0']
    expect(new Set(same.map(limitKey))).toEqual(new Set(['2001:db8:1:2::/64']))
    expect(limitKey('2001:db8:1:3::1')).not.toBe(limitKey('2001:db8:1:2::1'))
    expect(limitKey('::1')).toBe('0:0:0:0::/64')
  })
})
