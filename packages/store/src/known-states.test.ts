import { type CampaignState, emptyState } from '@tablecast/contracts'
import { temporaryFolder } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { KnownStates, StatesOfTransaction } from './known-states.ts'
import { openStore } from './open.ts'
import { StateText } from './state-text.ts'
import { campaignOf } from './testing/rows.ts'
import type { Store } from './store.ts'

const rowOf = (id: string, version = 1) => ({ id, version, updated_at: 'now', state_version: 1 })
const state = (scene: string): CampaignState => ({ ...emptyState, scene })

const storeWithCampaign = async () => withCampaign(await openStore({ dataDir: ':memory:' }))

async function withCampaign(store: Store) {
  await store.write(async ({ rooms, campaigns }) => {
    await rooms.insert({ id: 'r', name: 'R', activeCampaignId: null, createdAt: '' })
    await campaigns.insert(campaignOf('c', 'r'))
  })
  const read = () => store.read(async ({ campaigns }) => (await campaigns.get('c'))?.state)
  const save = (scene: string, { notes = '', fails = false } = {}) =>
    store.write(async ({ campaigns }) => {
      await campaigns.save({ ...campaignOf('c', 'r'), version: 1, state: { ...state(scene), dmNotes: notes } })
      if (fails) throw new Error('no')
    })
  return { store, read, save }
}

describe('known states', () => {
  it('are the same object for the next change, which nobody can change', async () => {
    const { store, read, save } = await storeWithCampaign()
    await using _store = store
    await save('A road')
    const known = await read()
    expect(known).toEqual(state('A road'))
    expect(await read()).toBe(known)
    expect(Object.isFrozen(known)).toBe(true)
  })

  it('hold nothing of a transaction that was rolled back, also when the next one has the same version and time', async () => {
    const { store, read, save } = await storeWithCampaign()
    await using _store = store
    await expect(save('never', { fails: true })).rejects.toThrow('no')
    expect(await read()).toEqual(emptyState)
    await save('A road')
    expect(await read()).toEqual(state('A road'))
  })

  it('leave nothing of a change that failed in what the next one writes', async () => {
    await using folder = await temporaryFolder()
    const stateAfter = async (work: (store: Store) => Promise<unknown>) => {
      await using store = await openStore({ dataDir: folder.path })
      await work(store)
      return await store.read(async ({ campaigns }) => (await campaigns.get('c'))?.state)
    }
    await stateAfter(async (store) => {
      const { save } = await withCampaign(store)
      await save('A road')
      await expect(save('A road', { notes: 'Never', fails: true })).rejects.toThrow('no')
      await save('A gate')
    })
    // Another store remembers nothing, and reads what is written.
    expect(await stateAfter(async () => {})).toEqual(state('A gate'))
  })

  it('give their text to one change alone', () => {
    const known = new KnownStates()
    const text = new StateText(emptyState)
    known.keep({ row: rowOf('c'), state: emptyState, size: 1, text })
    const [one, other] = [new StatesOfTransaction(known), new StatesOfTransaction(known)]
    expect([one.takeText('c'), other.takeText('c'), known.takeText('c')]).toEqual([text, null, null])
    one.meet(rowOf('c', 2), { state: emptyState, size: 1, text })
    expect([one.takeText('c'), one.takeText('c')]).toEqual([text, null])
  })

  it('show a transaction its own changes', async () => {
    const { store, read, save } = await storeWithCampaign()
    await using _store = store
    await save('A road')
    await read()
    const own = await store.write(async ({ campaigns }) => {
      await campaigns.save({ ...campaignOf('c', 'r'), version: 2, state: state('A river') })
      return (await campaigns.get('c'))?.state
    })
    expect(own).toEqual(state('A river'))
  })

  it('count only for the row that they were read with', () => {
    const known = new KnownStates()
    known.keep({ row: rowOf('c'), state: emptyState, size: 1, text: null })
    expect(known.find(rowOf('c'))).toBe(emptyState)
    for (const other of [{ version: 2 }, { updated_at: 'later' }, { state_version: 2 }])
      expect(known.find({ ...rowOf('c'), ...other })).toBeNull()
  })

  it('are forgotten, the oldest first, when they are too large together', () => {
    const known = new KnownStates(10)
    for (const id of ['a', 'b', 'a', 'c']) known.keep({ row: rowOf(id), state: state(id), size: 4, text: null })
    expect(['a', 'b', 'c'].filter((id) => known.find(rowOf(id)))).toEqual(['a', 'c'])
    known.keep({ row: rowOf('d'), state: state('d'), size: 11, text: null })
    expect(['a', 'b', 'c', 'd'].filter((id) => known.find(rowOf(id)))).toEqual([])
  })

  it('count the same for a state, whether it was written here or read, in any alphabet', async () => {
    await using folder = await temporaryFolder()
    const campaign = { ...campaignOf('c', 'r'), version: 1, state: state('“Дорога” → 道 🗺') }
    const sizeAfter = async (work: (store: Store) => Promise<unknown>) => {
      await using store = await openStore({ dataDir: folder.path })
      await work(store)
      return store.knownStates?.size
    }
    const written = await sizeAfter((store) =>
      store.write(async ({ rooms, campaigns }) => {
        await rooms.insert({ id: 'r', name: 'R', activeCampaignId: null, createdAt: '' })
        await campaigns.insert(campaignOf('c', 'r'))
        await campaigns.save(campaign)
      }),
    )
    const read = await sizeAfter(async (store) => {
      const found = await store.read(({ campaigns }) => campaigns.get('c'))
      expect(found?.state).toEqual(campaign.state)
    })
    expect(written).toBeGreaterThan(0)
    expect(read).toBe(written)
  })

  it('belong to others only after the commit', () => {
    const known = new KnownStates()
    const transaction = new StatesOfTransaction(known)
    transaction.meet(rowOf('c'), { state: emptyState, size: 1, text: null })
    expect(known.find(rowOf('c'))).toBeNull()
    transaction.committed()
    expect(known.find(rowOf('c'))).toBe(emptyState)
  })
})
