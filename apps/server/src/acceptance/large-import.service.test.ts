// An import of a campaign of 30 MB, beside a table that plays on.
import { setTimeout as sleep } from 'node:timers/promises'
import { emptyState } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MIB, people, post, type Server } from '../testing/body-requests.ts'
import { httpClient, newKey } from '../testing/testbed.ts'
import { openWatched } from '../testing/watched.ts'

/** Between two messages of the DM at the table beside. */
const MESSAGE_INTERVAL_MS = 20
const roomId = 'main'

describe('an import of a campaign of 30 MB', () => {
  const at = '2026-01-01T00:00:00.000Z'
  const entry = (n: number) => ({
    id: `entry-${n}-of-a-story-that-went-on-for-two-years`,
    at,
    kind: 'narration',
    author: { id: 'dm', name: 'The DM', role: 'dm' },
    text: 'The bell tolls in the drowned crypt, and something answers.',
    rolls: n % 4 ? [] : [{ notation: '1d20+5', output: '1d20+5: [7]+5 = 12', total: 12, label: 'attack' }],
    audience: 'all',
    withdrawn: false,
  })
  const entries = Array.from({ length: 110_000 }, (_, n) => JSON.stringify(entry(n)))
  const bodyOf = (key: string, all: readonly string[]) =>
    `{"roomId":"main","key":"${key}","document":{"format":"tablecast-campaign","formatVersion":1,"exportedAt":"${at}","name":"Two years","state":${JSON.stringify(emptyState)},"entries":[${all.join()}]}}`
  let server: Server
  let table: Awaited<ReturnType<typeof people>>
  beforeAll(async () => {
    server = await openWatched({
      MAX_IMPORT_BYTES: String(48 * MIB),
      MAX_BODY_BYTES_IN_FLIGHT_PER_IP: String(128 * MIB),
    })
    table = await people(server)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const send = async (body: string) => {
    const { status, text } = await post(server, '/trpc/campaign.import', body, table.token)
    const answer = JSON.parse(text) as { result?: { data: { id: string } }; error?: { message: string } }
    return { status, id: answer.result?.data.id, message: answer.error?.message }
  }
  const campaigns = async () => (await table.dm.campaign.list.query({ roomId })).campaigns

  it('runs beside other calls, happens once for its key, and keeps the order of entries', async () => {
    const bystander = httpClient(server.url, table.guestToken)
    const { room } = await bystander.rooms.create.mutate({ key: newKey(), name: 'Beside' })
    const beside = await bystander.campaign.create.mutate({ roomId: room.id, key: newKey(), name: 'B' })
    await bystander.campaign.activate.mutate({ roomId: room.id, key: newKey(), campaignId: beside.id })
    const before = await campaigns()
    const key = newKey()
    const body = bodyOf(key, entries)
    expect(body.length).toBeGreaterThan(30 * MIB)
    let isOver = false
    let said = 0
    const saying = (async () => {
      for (; !isOver; said++) {
        await bystander.campaign.say.mutate({ roomId: room.id, key: newKey(), message: 'hi' })
        await sleep(MESSAGE_INTERVAL_MS)
      }
    })()
    await server.worstStall()
    const imported = await send(body)
    const { cpuMs } = await server.worstStall()
    isOver = true
    await saying
    expect(imported.status).toBe(200)
    expect(cpuMs).toBeLessThan(100)
    expect(said).toBeGreaterThan(20)
    // Repeats with the same key, also at the same time, get the same answer and import nothing.
    expect(await send(body)).toEqual(imported)
    const twice = bodyOf(newKey(), entries.slice(0, 2_000))
    const [first, second] = await Promise.all([send(twice), send(twice)])
    expect(first).toEqual(second)
    expect(new Set((await campaigns()).map(({ id }) => id))).toEqual(
      new Set([...before.map(({ id }) => id), imported.id, first.id]),
    )
    expect(await campaigns()).toHaveLength(before.length + 2)
    const campaignId = imported.id ?? ''
    const page = await table.dm.campaign.history.query({ roomId, campaignId, limit: 100 })
    expect(page.entries).toEqual(entries.slice(-100).map((text) => JSON.parse(text) as unknown))
    const exported = await table.dm.campaign.export.query({ roomId, campaignId, format: 'json' })
    expect((JSON.parse(exported.text) as { entries: unknown[] }).entries).toHaveLength(entries.length)
  })

  it('with an invalid entry is refused with a reason and stores nothing', async () => {
    const before = await campaigns()
    const some = entries.slice(0, 3_000)
    const refused = async (all: readonly string[]) => send(bodyOf(newKey(), all))
    expect(await refused([...some, '{"id":"x"}'])).toMatchObject({
      status: 422,
      message: 'Entry 3,001 of the story is damaged, or was changed by hand. Export the campaign again.',
    })
    expect(await refused([...some, some[7] ?? ''])).toMatchObject({
      status: 422,
      message: 'The file holds the same item twice. Export the campaign again.',
    })
    expect(await refused([...some, ''])).toMatchObject({ status: 400 })
    expect(await refused([...some, '{]'])).toMatchObject({ status: 400 })
    expect(await refused([...some, JSON.stringify({ ...entry(-1), text: 'x'.repeat(300_000) })])).toMatchObject({
      status: 400,
      message: expect.stringContaining('too long') as string,
    })
    expect(
      await refused(Array.from({ length: 200_001 }, (_, n) => JSON.stringify({ ...entry(n), text: '' }))),
    ).toMatchObject({
      status: 422,
      message: expect.stringContaining('200,000') as string,
    })
    expect(await send(bodyOf(newKey(), some).replace('"formatVersion":1', '"formatVersion":2'))).toMatchObject({
      status: 400,
    })
    expect(await campaigns()).toEqual(before)
  })
})
