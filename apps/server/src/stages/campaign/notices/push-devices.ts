// The devices on which people get notices. Each person sees and removes their own ones alone.
import { createHash, timingSafeEqual } from 'node:crypto'
import {
  type PushDevice,
  type PushDevices as Listed,
  type PushSubscriptionInput,
  TablecastError,
} from '@tablecast/contracts'
import { pushDeviceId, type PushDeviceRow, type Repositories, type Store } from '@tablecast/store'
import { changeAsUser, type KeyedInput, lockUser } from '../../../rooms/change-as-user.ts'
import { isOnCurve } from './push-keys.ts'
import { type PushServices, serviceOf } from './push-services.ts'

export type PushDevicesDeps = {
  store: Store
  services: PushServices
  /** The most devices of one person. */
  max: number
  /** Rejects with `AddressRefused` where the host has an address that is not public. */
  assertPublic(host: string): Promise<void>
}

type Wanted = { subscription: PushSubscriptionInput; name: string; turn: boolean; opens: boolean }

export class PushDevices {
  readonly #deps: PushDevicesDeps

  constructor(deps: PushDevicesDeps) {
    this.#deps = deps
  }

  list(userId: string): Promise<Listed> {
    return this.#deps.store.read(async ({ push }) => ({ devices: (await push.list(userId)).map(shown) }))
  }

  /**
   * Adds the device, or changes its notices. A device without any is removed. One that belonged to somebody else becomes
   * this person's: another person uses the same browser now. Throws BAD_REQUEST, RATE_LIMITED.
   */
  async subscribe(userId: string, { subscription, name, turn, opens }: Wanted, keyed: KeyedInput): Promise<Listed> {
    const { store, max } = this.#deps
    const id = pushDeviceId(subscription.endpoint)
    if (turn || opens) await this.#check(subscription)
    await store.write((tables) =>
      changeAsUser(tables, 'push.subscribe', userId, keyed, async (at) => {
        await tables.locks.hold(`push-device:${id}`)
        if (!turn && !opens) {
          await tables.push.remove(userId, id)
          return null
        }
        const others = (await tables.push.list(userId)).filter((device) => device.id !== id)
        if (others.length >= max)
          throw new TablecastError(
            'RATE_LIMITED',
            `At most ${max} devices get notices for one person: remove one first.`,
          )
        const { endpoint, keys } = subscription
        await tables.push.put({ id, userId, name, endpoint, ...keys, turn, opens, createdAt: at })
        return null
      }),
    )
    return this.list(userId)
  }

  async unsubscribe(userId: string, deviceId: string, keyed: KeyedInput): Promise<Listed> {
    await this.#deps.store.write((tables) =>
      changeAsUser(tables, 'push.unsubscribe', userId, keyed, async () => {
        await tables.push.remove(userId, deviceId)
        return null
      }),
    )
    return this.list(userId)
  }

  /**
   * The browser has a new address. It calls this without a session, and shows by the secret of the old address that it is the same
   * device. Nothing happens, and nobody learns of it, where there is no such device.
   */
  async renew(old: { endpoint: string; auth: string }, subscription: PushSubscriptionInput): Promise<void> {
    const [oldId, id] = [pushDeviceId(old.endpoint), pushDeviceId(subscription.endpoint)]
    const known = await this.#deps.store.read(({ push }) => push.find(oldId))
    if (!known || !isSame(known.auth, old.auth)) return
    await this.#check(subscription)
    await this.#deps.store.write(async (tables) => {
      await tables.locks.hold(`user:${known.userId}`)
      await lockDevices(tables, oldId, id)
      const device = await tables.push.find(oldId)
      if (device?.userId !== known.userId || !isSame(device.auth, old.auth)) return
      await tables.push.forget(oldId)
      const { endpoint, keys } = subscription
      await tables.push.put({ ...device, id, endpoint, ...keys })
    })
  }

  /** The devices of a guest belong to their account now, the newest ones if there are too many. */
  async move(fromUserId: string, toUserId: string): Promise<void> {
    const { store, max } = this.#deps
    await store.write(async (tables) => {
      await lockUser(tables, toUserId)
      await tables.push.move(fromUserId, toUserId)
      const devices = await tables.push.list(toUserId)
      for (const { id } of devices.slice(0, Math.max(0, devices.length - max))) await tables.push.forget(id)
    })
  }

  /** Throws BAD_REQUEST for an address that the server must not call, and for keys that are not valid. */
  async #check({ endpoint, keys }: PushSubscriptionInput): Promise<void> {
    const { services, assertPublic } = this.#deps
    const service = serviceOf(endpoint, services)
    if (!service)
      throw new TablecastError(
        'BAD_REQUEST',
        services.length === 0
          ? 'This server sends no notices.'
          : 'This browser gets its notices from a service that this server does not know. Ask the person who runs it.',
      )
    if (!isOnCurve(keys.p256dh))
      throw new TablecastError('BAD_REQUEST', 'The keys of this browser are not valid: turn notices off and on again.')
    if (!service.isPrivate) await assertPublic(new URL(endpoint).hostname)
  }
}

/** In one order, so that two calls never wait for each other. */
async function lockDevices({ locks }: Repositories, ...ids: string[]): Promise<void> {
  for (const id of ids.toSorted()) await locks.hold(`push-device:${id}`)
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
const isSame = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b))

const shown = ({ id, name, turn, opens, createdAt, lastSentAt }: PushDeviceRow): PushDevice => ({
  id,
  name,
  turn,
  opens,
  createdAt,
  lastSentAt,
})
