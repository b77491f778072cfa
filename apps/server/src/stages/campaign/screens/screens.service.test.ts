import { openBus } from '@tablecast/bus'
import { startNats, startPostgres } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../../testing/testbed.ts'

const roomId = 'main'
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

it('screens on another node follow the DM, and go dark with their link before the next event', async () => {
  await using postgres = await startPostgres()
  await using nats = await startNats()
  const environment = {
    DATABASE_URL: await postgres.createDatabase(),
    SESSION_SECRET: 'a secret that is long enough for a test',
    NATS_URL: nats.url,
  }
  await using here = await openTestbed(environment)
  await using bus = await openBus({ natsUrl: nats.url, name: 'there', failed: () => {} })
  await using there = await openTestbed(environment, { bus })
  for (const { anonymous } of [here, there])
    await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
  const dm = await here.join('DM', 'owner')
  const request = { roomId, key: newKey(), kind: 'tv' as const, name: 'TV' }
  const { link, token } = await dm.http.screens.create.mutate(request)
  await using client = await there.withToken('').socket()
  const seen = { texts: '', shows: [] as string[], ends: [] as unknown[] }
  const onError = (error: unknown) => seen.ends.push(codeOf(error))
  client.trpc.screens.events.subscribe(
    { roomId, token },
    { onError, onData: ({ data }) => (seen.texts += JSON.stringify(data)) },
  )
  client.trpc.screens.shown.subscribe({ roomId, token }, { onError, onData: ({ data }) => seen.shows.push(data.show) })
  await until(() => seen.texts !== '' && seen.shows.length === 1)
  await dm.http.screens.show.mutate({ roomId, key: newKey(), show: 'black' })
  await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'The bell rings.' })
  await until(() => seen.shows.length === 2 && seen.texts.includes('The bell rings.'))
  expect(seen.shows).toEqual(['auto', 'black'])
  await dm.http.screens.revoke.mutate({ roomId, key: newKey(), linkId: link.id })
  await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'After the revocation.' })
  await until(() => seen.ends.length === 2)
  expect(seen.ends).toEqual(['SCREEN_LINK_INVALID', 'SCREEN_LINK_INVALID'])
  expect(seen.texts).not.toContain('After the revocation.')
})
