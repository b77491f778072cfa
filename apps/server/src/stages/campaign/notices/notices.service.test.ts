import { openBus } from '@tablecast/bus'
import { startNats, startPostgres, startPushService, until } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { openTestRoom } from '../../../testing/real-calls.ts'
import { newKey, openTestbed, type TestUser } from '../../../testing/testbed.ts'

const applied = { epoch: 'e', seq: 1, hash: 'h', transport: 'websocket', visible: true, healed: 0 } as const

it('two nodes send one notice, and none to somebody who looks at the room on the other node', async () => {
  await using postgres = await startPostgres()
  await using nats = await startNats()
  await using service = await startPushService()
  const environment = {
    DATABASE_URL: await postgres.createDatabase(),
    SESSION_SECRET: 'a secret that is long enough for a test',
    NATS_URL: nats.url,
    PUSH_SERVICES: service.setting,
  }
  const notices = { resolve: service.resolve, delayMs: 1_000 }
  await using bus = await openBus({ natsUrl: nats.url, name: 'there', failed: () => {} })
  const [here, there] = await Promise.all([
    openTestbed(environment, { notices }),
    openTestbed(environment, { notices, bus }),
  ])
  await using nodes = new AsyncDisposableStack()
  nodes.use(here)
  nodes.use(there)
  for (const { anonymous } of [here, there])
    await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))

  const [hidden, visible] = [await openTestRoom(here), await openTestRoom(here)]
  const subscribe = async (user: TestUser, name: string) => {
    const device = service.device(name)
    const { http } = there.withToken(user.session.token)
    const input = { key: newKey(), name, turn: true, opens: false, subscription: device.subscription }
    await http.push.subscribe.mutate(input)
    return { device, http, key: (await http.push.config.query()).key }
  }
  const [phone, other] = [await subscribe(hidden.users.player, 'hidden'), await subscribe(visible.users.player, 'seen')]
  expect((await hidden.users.player.http.push.config.query()).key).toBe(phone.key)
  const begin = ({ users, roomId, campaignId }: typeof hidden) => {
    const patch = { turn: { round: 1, order: ['pc'], current: 'pc' } }
    return users.dm.http.campaign.edit.mutate({ roomId, campaignId, key: newKey(), baseVersion: 1, patch })
  }
  await begin(visible)
  // Their page follows the other node.
  await other.http.presence.set.mutate({ roomId: visible.roomId, applied })
  await begin(hidden)
  await phone.http.presence.set.mutate({ roomId: hidden.roomId, applied: { ...applied, visible: false } })
  await until(() => phone.device.requests().length > 0)
  expect(phone.device.notices()).toEqual([{ kind: 'turn', roomId: hidden.roomId, room: 'A table' }])

  // A node that stops sends nothing again, and the other one does not send in its place.
  await here[Symbol.asyncDispose]()
  await hidden.users.player.http.push.config.query().catch(() => null)
  expect([phone.device.requests().length, other.device.requests().length]).toEqual([1, 0])
})
