// A table in play, backed up and restored while its server runs: a real process, real clients, the real command.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { CampaignEvent } from '@tablecast/contracts'
import { openProcess } from '@tablecast/server/testing/process'
import { httpClient, socketClient } from '@tablecast/server/testing/testbed'
import { startPostgres, temporaryFolder, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { adminProcess } from './testing/admin.ts'

const roomId = 'main'
const newKey = () => randomUUID()
type Got = { id: string; data: CampaignEvent }
type Client = ReturnType<typeof httpClient>

describe.each(['sqlite', 'postgres'] as const)('a table in play on %s', (kind) => {
  it('a restore under a running server shows nobody a half of it, and every client ends with the restored state', async () => {
    await using folder = await temporaryFolder()
    await using postgres = kind === 'postgres' ? await startPostgres() : null
    const environment = {
      DATA_DIR: join(folder.path, 'data'),
      ...(postgres ? { DATABASE_URL: await postgres.createDatabase() } : {}),
      SESSION_SECRET: 'a secret that is long enough for a test',
      CALLS_PER_SECOND: '10000',
      CALLS_PER_SECOND_PER_IP: '100000',
      CONNECTIONS_PER_SECOND_PER_IP: '10000',
    }
    await using server = await openProcess(environment)
    const url = `http://127.0.0.1:${server.port}`
    const [dmCode = '', playerCode = ''] = [...server.output().matchAll(/\/join\/([\w-]{24})/g)].map(([, code]) => code)
    const dm = await joinRoom(url, 'Dee', dmCode)
    const player = await joinRoom(url, 'Pat', playerCode)
    const say = (message: string, key: string) => dm.http.campaign.say.mutate({ roomId, key, message })
    const oldTimes = newKey()
    const kept = await say('kept', oldTimes)

    await using socket = socketClient(`${url.replace('http', 'ws')}/trpc`, player.token)
    const got: Got[] = []
    socket.trpc.campaign.events.subscribe({ roomId }, { onData: (event) => void got.push(event) })
    await until(() => got.length > 0)

    // A DM who writes on whatever happens, each line once by its key, and somebody who looks again and again.
    let isOver = false
    let acknowledged = 0
    const writing = (async () => {
      for (; !isOver; acknowledged++) {
        const key = newKey()
        await persistently(() => say(`load ${acknowledged}`, key))
      }
    })()
    const looks: number[][] = []
    const looking = (async () => {
      while (!isOver) looks.push(loadOf(await snapshotOf(player.http)))
    })()
    await until(() => acknowledged >= 20)

    const file = join(folder.path, 'table.backup')
    expect(await adminProcess(environment, 'backup', file)).toMatchObject({ code: 0 })
    const backedUp = loadOf(await snapshotOf(player.http)).at(-1) ?? 0
    const lost = newKey()
    await say('lost', lost)
    await until(() => acknowledged >= backedUp + 20)
    const position = got.at(-1)?.id ?? ''
    const [oldEpoch] = position.split(':')

    expect(await adminProcess(environment, 'restore', file)).toMatchObject({ code: 1, noted: /--replace/ })
    expect(await adminProcess(environment, 'restore', '--replace', file)).toMatchObject({ code: 0 })
    const snapshots = () =>
      got.filter(({ id, data }) => data.type === 'campaign_active' && !id.startsWith(`${oldEpoch}:`))
    await until(() => snapshots().length > 0)
    const reached = acknowledged
    await until(() => acknowledged >= reached + 20)
    isOver = true
    await Promise.all([writing, looking])

    // Lines acknowledged after the restore are there; lines between backup and restore are all gone.
    const story = await wholeStory(player.http)
    const numbers = loadOf(story)
    const last = acknowledged - 1
    const gap = numbers.findIndex((number, index) => number !== index)
    expect(gap).toBeGreaterThanOrEqual(20)
    expect(gap).toBeLessThanOrEqual(backedUp + 1)
    expect(numbers[gap]).toBeGreaterThan(backedUp + 15)
    expect(numbers.slice(gap)).toEqual(
      Array.from({ length: last - (numbers[gap] ?? 0) + 1 }, (_, index) => (numbers[gap] ?? 0) + index),
    )
    expect(story).not.toContain('lost')
    // Each look saw one timeline or the other.
    expect(looks.length).toBeGreaterThan(10)
    for (const seen of looks)
      for (const [index, number] of seen.entries()) {
        const before = seen[index - 1]
        if (before !== undefined && number !== before + 1) expect([before, number]).toEqual([gap - 1, numbers[gap]])
      }

    // The client's own stream: one snapshot of the restored state, then every event, once, under the new epoch.
    await until(() => JSON.stringify(got.at(-1)?.data).includes(`"load ${last}"`))
    const from = got.findIndex(({ id }) => !id.startsWith(`${oldEpoch}:`))
    expect(snapshots()).toHaveLength(1)
    expect(got[from]).toBe(snapshots()[0])
    const since = got.slice(from).map(seqOf)
    expect(since).toEqual(since.map((_, index) => (since[0] ?? 0) + index))

    // A cursor from before gets a snapshot, whatever its number.
    for (const cursor of [position, `${oldEpoch}:1`]) {
      const { events, cursor: now } = await player.http.campaign.since.query({ roomId, cursor })
      expect(events.map(({ type }) => type)).toEqual(['campaign_active'])
      expect(now.split(':')[0]).not.toBe(oldEpoch)
    }

    // A key of the lost time is unknown; one of before the backup still has its answer.
    expect(await say('kept', oldTimes)).toEqual(kept)
    await say('lost', lost)
    const after = await wholeStory(player.http)
    expect(after.filter((text) => text === 'kept')).toHaveLength(1)
    expect(after.filter((text) => text === 'lost')).toHaveLength(1)
    expect(await adminProcess({ ...environment, PORT: String(server.port) }, 'doctor')).toMatchObject({ code: 0 })
  })
})

const seqOf = (event: Got | undefined): number => Number(event?.id.split(':')[1])

async function joinRoom(url: string, name: string, code: string) {
  const { token } = await httpClient(url).auth.guest.mutate({ name })
  const http = httpClient(url, token)
  await http.rooms.join.mutate({ key: newKey(), code })
  return { token, http }
}

/** As a client does: the same again until it is answered. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
}

const textsOf = (events: readonly CampaignEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'campaign_active' ? event.snapshot.entries.map(({ text }) => text) : []))

const loadOf = (texts: readonly string[]): number[] =>
  texts.flatMap((text) => (text.startsWith('load ') ? [Number(text.slice(5))] : []))

const snapshotOf = (client: Client): Promise<string[]> =>
  persistently(async () => textsOf((await client.campaign.since.query({ roomId })).events))

async function wholeStory(client: Client): Promise<string[]> {
  const texts: string[] = []
  const { events } = await client.campaign.since.query({ roomId })
  const [active] = events
  if (active?.type !== 'campaign_active') throw new Error('there is no active campaign')
  let { entries, more } = active.snapshot
  texts.unshift(...entries.map(({ text }) => text))
  while (more) {
    const before = entries[0]?.id
    const page = await client.campaign.history.query({ roomId, campaignId: active.campaign_id, before, limit: 100 })
    entries = page.entries
    more = page.more
    texts.unshift(...entries.map(({ text }) => text))
  }
  return texts
}
