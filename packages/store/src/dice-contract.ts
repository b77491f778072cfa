// The promises of stored dice, as tests that each database runs.
import { describe, expect, it } from 'vitest'
import type { DiceRollRow } from './dice.ts'
import { campaignOf, entryOf } from './testing/rows.ts'
import type { Store } from './store.ts'

const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`
const roll = (counter: number): DiceRollRow => ({
  counter,
  nonce: `nonce-${counter}`,
  notation: '2d6+0.5',
  draws: [
    [6, 1],
    [6, 1 + (counter % 6)],
  ],
  total: 2.5 + (counter % 6),
  entryId: counter % 2 === 0 ? `e${counter}` : null,
  at: at(1),
})
const chain = (id: string, kind: 'open' | 'secret', minute = 1) => ({
  id,
  kind,
  hash: `hash of ${id}`,
  seed: `seed of ${id}`,
  at: at(minute),
})

async function withCampaign(store: Store, id = 'c'): Promise<void> {
  await store.write(async ({ rooms, campaigns }) => {
    await rooms.insert({ id: `room of ${id}`, name: 'R', activeCampaignId: null, createdAt: at(0) })
    await campaigns.insert(campaignOf(id, `room of ${id}`))
  })
}

export function diceContract(open: () => Promise<Store>): void {
  describe('stored dice', () => {
    it('go on where the chain ended, and refuse a number that is taken or not the next', async () => {
      await using store = await open()
      await withCampaign(store)
      await store.write(({ dice }) => dice.begin('c', chain('a', 'open')))
      await store.write(({ dice }) => dice.add('a', [roll(0), roll(1)]))
      for (const counter of [0, 1, 3])
        await expect(store.write(({ dice }) => dice.add('a', [roll(counter)]))).rejects.toThrow('does not go on')
      await store.write(({ dice }) =>
        dice.add(
          'a',
          Array.from({ length: 250 }, (_, more) => roll(2 + more)),
        ),
      )
      await store.read(async ({ dice }) => {
        expect(await dice.current('c')).toEqual([{ id: 'a', kind: 'open', seed: 'seed of a', rolls: 252 }])
        expect(await dice.rolls('a', { from: 250, limit: 1 })).toEqual([roll(250)])
        expect(await dice.rolls('a', { from: 250, limit: 9 })).toEqual([roll(250), roll(251)])
      })
    })

    it('show a seed only once it is revealed, and take no roll after that', async () => {
      await using store = await open()
      await withCampaign(store)
      await store.write(async ({ dice }) => {
        await dice.begin('c', chain('a', 'open'))
        await dice.begin('c', chain('b', 'secret'))
      })
      const found = () => store.read(({ dice }) => dice.get('c', 'a'))
      expect(await found()).toMatchObject({ seed: null, revealedAt: null, isCurrent: true })
      await store.write(({ dice }) => dice.reveal('a', at(2)))
      expect(await found()).toMatchObject({ seed: 'seed of a', revealedAt: at(2), isCurrent: false })
      await expect(store.write(({ dice }) => dice.add('a', [roll(0)]))).rejects.toThrow('does not go on')
      expect(await store.read(({ dice }) => dice.current('c'))).toMatchObject([{ id: 'b' }])
      expect(await store.read(({ dice }) => dice.get('another', 'a'))).toBeNull()
    })

    it('list the chains of the kinds that are asked for, the newest first', async () => {
      await using store = await open()
      await withCampaign(store)
      for (const [minute, id] of ['a', 'b', 'c', 'd'].entries())
        await store.write(async ({ dice }) => {
          await dice.begin('c', chain(id, id === 'b' ? 'secret' : 'open', minute))
          await dice.reveal(id, at(minute))
        })
      const list = (before?: string) =>
        store.read(async ({ dice }) => {
          const { chains, more } = await dice.list('c', ['open'], { before, limit: 2 })
          return [...chains.map(({ id }) => id), more]
        })
      expect(await list()).toEqual(['d', 'c', true])
      expect(await list('c')).toEqual(['a', false])
      // The id of a secret chain is as unknown as any other.
      expect(await list('b')).toEqual([false])
      expect(await list('unknown')).toEqual([false])
    })

    it('know whether the story held rolls before the first chain', async () => {
      await using store = await open()
      for (const [id, rolls] of [
        ['told', []],
        ['rolled', [{ notation: '1d6', output: '', total: 3, label: '' }]],
      ] as const) {
        await withCampaign(store, id)
        await store.write(async ({ dice, entries }) => {
          await entries.append(id, [
            { ...entryOf('words'), text: '"rolls":[{' },
            { ...entryOf('dice'), rolls: [...rolls] },
          ])
          await dice.begin(id, chain(`of ${id}`, 'open'))
          await dice.reveal(`of ${id}`, at(2))
          await dice.begin(id, chain(`next of ${id}`, 'open', 2))
        })
        const { chains } = await store.read(({ dice }) => dice.list(id, ['open'], { limit: 9 }))
        expect(chains.map(({ earlierRolls }) => earlierRolls)).toEqual([false, id === 'rolled'])
      }
    })

    it('go with their campaign, in parts', async () => {
      await using store = await open()
      await withCampaign(store)
      await store.write(async ({ dice, campaigns }) => {
        await dice.begin('c', chain('a', 'open'))
        await dice.add(
          'a',
          Array.from({ length: 1_500 }, (_, counter) => roll(counter)),
        )
        await campaigns.setDeleted('c', at(1))
        await campaigns.giveUpDeleted(at(2))
      })
      const discard = () => store.write(({ campaigns }) => campaigns.discardArriving('c'))
      expect(await discard()).toBe(false)
      expect(await discard()).toBe(true)
      await store.read(async ({ dice }) => {
        expect(await dice.get('c', 'a')).toBeNull()
        expect(await dice.rolls('a', { from: 0, limit: 9 })).toEqual([])
      })
    })
  })
}
