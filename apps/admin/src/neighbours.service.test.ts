// The commands where there is PostgreSQL, NATS and Redis.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { CampaignEvent } from '@tablecast/contracts'
import { openProcess } from '@tablecast/server/testing/process'
import { httpClient, socketClient } from '@tablecast/server/testing/testbed'
import { startNats, startPostgres, startRedis, temporaryFolder, until } from '@tablecast/testing'
import { expect, it } from 'vitest'
import type { Finding } from './doctor/finding.ts'
import { adminProcess } from './testing/admin.ts'

const SESSION_SECRET = 'a secret that is long enough for a test'

it('the doctor finds the services of the server, and the missing ones', async () => {
  await using folder = await temporaryFolder()
  await using postgres = await startPostgres()
  await using nats = await startNats({ jetstream: true })
  await using bare = await startNats()
  await using redis = await startRedis()
  const environment = {
    SESSION_SECRET,
    DATA_DIR: folder.path,
    PORT: '0',
    DATABASE_URL: await postgres.createDatabase(),
  }
  const examined = async (more: Record<string, string>) => {
    const { said } = await adminProcess({ ...environment, ...more }, 'doctor', '--json')
    return Object.fromEntries((JSON.parse(said) as Finding[]).map((finding) => [finding.check, finding]))
  }
  const empty = await examined({ NATS_URL: bare.url })
  expect(empty['schema']).toMatchObject({ state: 'warn', found: expect.stringContaining('steps behind') as string })
  expect(empty['nats']).toMatchObject({ state: 'warn', found: expect.stringContaining('no JetStream') as string })
  {
    await using server = await openProcess({ ...environment, MARKET_SIM: 'off' })
    expect(server.output()).toContain('ready at')
  }
  const whole = await examined({ NATS_URL: nats.url, REDIS_URL: redis.url })
  expect(Object.values(whole).filter(({ state }) => state !== 'ok')).toEqual([])
  expect(whole['database']?.found).toMatch(/^postgres PostgreSQL \d/)
  expect(whole['nats']?.found).toContain('JetStream')
  expect(whole['redis']?.found).toMatch(/redis-server \d/)
})

it('a restore reaches every node: a client of either gets the restored state, and both go on together', async () => {
  await using folder = await temporaryFolder()
  await using postgres = await startPostgres()
  await using nats = await startNats()
  const environment = { SESSION_SECRET, DATABASE_URL: await postgres.createDatabase(), NATS_URL: nats.url }
  await using first = await openProcess(environment)
  await using second = await openProcess(environment)
  const urlOf = ({ port }: { port: number }) => `http://127.0.0.1:${port}`
  const codes = [...first.output().matchAll(/\/join\/([\w-]{24})/g)].map(([, code]) => code ?? '')
  const { token } = await httpClient(urlOf(first)).auth.guest.mutate({ name: 'Dee' })
  const dm = httpClient(urlOf(first), token)
  await dm.rooms.join.mutate({ key: randomUUID(), code: codes[0] ?? '' })
  await using there = socketClient(`${urlOf(second).replace('http', 'ws')}/trpc`, token)
  const got: { id: string; data: CampaignEvent }[] = []
  there.trpc.campaign.events.subscribe({ roomId: 'main' }, { onData: (event) => void got.push(event) })
  const say = (message: string) => dm.campaign.say.mutate({ roomId: 'main', key: randomUUID(), message })
  const holds = (text: string) => JSON.stringify(got.at(-1)?.data ?? null).includes(text)
  await until(() => got.length > 0)
  await say('before the backup')
  await until(() => holds('before the backup'))
  const file = join(folder.path, 'backup')
  expect(await adminProcess(environment, 'backup', file)).toMatchObject({ code: 0 })
  await say('after the backup')
  await until(() => holds('after the backup'))
  const known = got.length
  expect(await adminProcess(environment, 'restore', '--replace', file)).toMatchObject({ code: 0 })
  await until(() => [first, second].every((node) => node.output().includes('The database was restored')))
  await until(() => got.length > known)
  expect(got[known]?.data.type).toBe('campaign_active')
  expect(holds('before the backup')).toBe(true)
  expect(holds('after the backup')).toBe(false)
  await say('and on')
  await until(() => holds('and on'))
  expect(got).toHaveLength(known + 2)
})
