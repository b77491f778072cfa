import { beforeAll, describe, expect, it } from 'vitest'
import { pushDeviceId, type PushDeviceRow } from './push-devices.ts'
import type { Store } from './store.ts'

const at = '2026-01-01T00:00:00.000Z'

const device = (userId: string, name: string, changes: Partial<PushDeviceRow> = {}): PushDeviceRow => ({
  id: pushDeviceId(`https://push.example/${name}`),
  userId,
  name,
  endpoint: `https://push.example/${name}`,
  p256dh: `key of ${name}`,
  auth: `secret of ${name}`,
  turn: true,
  opens: false,
  createdAt: at,
  lastSentAt: null,
  ...changes,
})

export function pushContract(open: () => Promise<Store>): void {
  describe('devices that get notices', () => {
    const phone = device('pat', 'phone')
    const laptop = device('pat', 'laptop', { opens: true, createdAt: '2026-01-02' })
    const other = device('pia', 'other', { turn: false, opens: true })
    let store: Store
    beforeAll(async () => {
      store = await open()
      await store.write(async ({ rooms, push }) => {
        await rooms.insert({ id: 'table', name: 'T', activeCampaignId: null, createdAt: at })
        for (const userId of ['pat', 'pia'])
          await rooms.putMember('table', { userId, name: userId, role: 'player', joinedAt: at })
        for (const one of [laptop, phone, other, device('stranger', 'stranger')]) await push.put(one)
      })
      return () => store[Symbol.asyncDispose]()
    })
    const wanting = (kind: 'turn' | 'opens', which: { userId: string | null; after?: string; limit?: number }) =>
      store.read(({ push }) => push.idsWanting(kind, 'table', { after: '', limit: 10, ...which }))

    it('are listed for their person, the oldest first, and are found while that is a member who wants it', async () => {
      await store.read(async ({ push }) => {
        expect(await push.list('pat')).toEqual([phone, laptop])
        expect(await push.count()).toBe(4)
        expect(await push.wanting('turn', 'table', phone.id)).toEqual(phone)
        expect(await push.wanting('opens', 'table', phone.id)).toBeNull()
        expect(await push.wanting('turn', 'elsewhere', phone.id)).toBeNull()
        expect(await push.wanting('turn', 'table', pushDeviceId('https://push.example/stranger'))).toBeNull()
      })
      const idsOf = (found: { id: string }[]) => found.map(({ id }) => id).toSorted()
      expect(idsOf(await wanting('turn', { userId: 'pat' }))).toEqual([phone.id, laptop.id].toSorted())
      expect(await wanting('turn', { userId: 'pia' })).toEqual([])
      const [first] = await wanting('opens', { userId: null, limit: 1 })
      const [second, ...more] = await wanting('opens', { userId: null, after: first?.id ?? '' })
      expect(new Set([first?.userId, second?.userId])).toEqual(new Set(['pat', 'pia']))
      expect(more).toEqual([])
    })

    it('change, go to another person, and are removed by their own person alone', async () => {
      await store.write(async ({ push }) => {
        await push.sent(phone.id, '2026-02-01')
        await push.put({ ...phone, opens: true, createdAt: '2026-03-01' })
        await push.remove('pia', laptop.id)
        await push.put({ ...other, userId: 'pat' })
        await push.forget(pushDeviceId('https://push.example/stranger'))
      })
      const changed = { ...phone, opens: true, lastSentAt: '2026-02-01' }
      const listed = await store.read(({ push }) => push.list('pat'))
      expect(listed.map(({ name }) => name).toSorted()).toEqual(['laptop', 'other', 'phone'])
      expect(listed).toContainEqual(changed)
      await store.write(async ({ push }) => {
        await push.move('pat', 'account')
        await push.remove('account', other.id)
        // The laptop never got a notice.
        await push.prune('2026-01-15')
      })
      expect(await store.read(({ push }) => push.list('account'))).toEqual([{ ...changed, userId: 'account' }])
    })

    it('belong to one pair of keys, also when two nodes make them at once', async () => {
      const keysOf = (name: string) => ({ publicKey: `public ${name}`, privateKey: `private ${name}` })
      expect(await store.read(({ push }) => push.keys())).toBeNull()
      await Promise.all(['a', 'b'].map((name) => store.write(({ push }) => push.addKeys(keysOf(name), at))))
      const kept = await store.read(({ push }) => push.keys())
      expect([keysOf('a'), keysOf('b')]).toContainEqual(kept)
    })
  })
}
