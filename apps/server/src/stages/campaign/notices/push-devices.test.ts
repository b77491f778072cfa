import { openStore, type Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aBrowser } from '../../../testing/browsers.ts'
import { newKey } from '../../../testing/testbed.ts'
import { PushDevices } from './push-devices.ts'
import { pushServices } from './push-services.ts'

describe('the devices of a person', () => {
  let store: Store
  let devices: PushDevices
  beforeAll(async () => {
    store = await openStore({ dataDir: ':memory:' })
    const services = pushServices.parse('fcm.googleapis.com')
    devices = new PushDevices({ store, services, max: 3, assertPublic: () => Promise.resolve() })
  })
  afterAll(() => store[Symbol.asyncDispose]())

  const add = (userId: string, name: string, subscription = aBrowser()) => {
    const wanted = { subscription, name, turn: true, opens: false }
    return devices.subscribe(userId, wanted, { key: newKey(), input: wanted })
  }
  const namesOf = async (userId: string) => (await devices.list(userId)).devices.map(({ name }) => name)

  it('go with a guest to their account, the newest ones where there are too many', async () => {
    for (const name of ['one', 'two']) await add('account', name)
    for (const name of ['three', 'four']) await add('guest', name)
    await devices.move('guest', 'account')
    expect(await namesOf('guest')).toEqual([])
    expect((await namesOf('account')).toSorted((a, b) => a.localeCompare(b))).toEqual(['four', 'three', 'two'])
  })

  it('are refused to a guest who has an account by now', async () => {
    const row = { id: 'merged', subject: null, name: 'M', mergedInto: 'account', createdAt: '2026-01-01' }
    await store.write(({ users }) => users.put(row))
    await expect(add('merged', 'late')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})
