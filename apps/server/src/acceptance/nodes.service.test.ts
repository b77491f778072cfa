// Several nodes on one PostgreSQL and one NATS.
import { startNats, startPostgres, until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { post, spectate, startEngine, wholeGame } from '../stages/arena/testing.ts'
import { newKey, openTestbed } from '../testing/testbed.ts'

describe('two nodes on one database and one bus', () => {
  it('keep the campaign and the arena in step for clients of both, also when the storing node stops', async () => {
    await using postgres = await startPostgres()
    await using nats = await startNats()
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      SESSION_SECRET: 'a secret that is long enough for a test',
      NATS_URL: nats.url,
    }
    await using first = await openTestbed(environment)
    await using second = await openTestbed(environment)
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))

    // The DM uses one node and the player the other.
    const dm = await first.join('Dee', 'owner')
    const player = await second.join('Pia', 'player')
    const client = await player.socket()
    const seqs: number[] = []
    const subscription = client.trpc.campaign.events.subscribe(
      { roomId: 'main' },
      { onData: ({ data }) => seqs.push(data.seq) },
    )
    await until(() => seqs.length === 1)
    for (let n = 0; n < 5; n++)
      await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: `line ${n}` })
    const from = seqs[0] ?? 0
    await until(() => seqs.at(-1) === from + 5)
    expect(seqs).toEqual([0, 1, 2, 3, 4, 5].map((n) => from + n))

    // Both nodes show the same roster.
    const rosters = { here: [] as string[], there: [] as string[] }
    await using dmClient = await dm.socket()
    const watchRoster = (trpc: typeof client.trpc, which: keyof typeof rosters) =>
      trpc.presence.events.subscribe(
        { roomId: 'main' },
        {
          onData(event) {
            if ('roster' in event)
              rosters[which] = event.roster
                .filter(({ online }) => online)
                .map(({ name }) => name)
                .toSorted()
          },
        },
      )
    watchRoster(dmClient.trpc, 'here')
    const watching = watchRoster(client.trpc, 'there')
    await until(() => rosters.here.join() === 'Dee,Pia' && rosters.there.join() === 'Dee,Pia')
    watching.unsubscribe()
    await until(() => rosters.here.join() === 'Dee')

    // The bus loses a hint. The next hint makes the node fill the gap from the log.
    await nats.stop()
    await until(() => first.anonymous.ops.health.query().then(({ nats_connected }) => !nats_connected))
    await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'unheard' })
    await nats.start()
    await until(() => seqs.at(-1) === from + 6)
    expect(seqs).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => from + n))
    subscription.unsubscribe()

    // A removal on one node ends the member's stream on the other before the next event.
    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    const ended: unknown[] = []
    client.trpc.campaign.events.subscribe({ roomId: 'main' }, { onError: ({ data }) => ended.push(data) })
    await until(async () => (await second.anonymous.ops.health.query()).subscribers > 0)
    await dm.http.rooms.kick.mutate({ roomId: 'main', key: newKey(), userId: player.session.userId })
    await until(() => ended.length === 1)
    expect(ended[0]).toMatchObject({ tablecast: { code: 'NOT_A_MEMBER' } })
    await client.close()

    for (const { anonymous } of [first, second])
      await until(() => anonymous.ops.health.query().then(({ nats_connected }) => nats_connected))
    await using _engine = await startEngine(nats.url, { ARENA_PACE_MS: '20' })
    await using there = await spectate(second.wsUrl, 'shared')
    expect((await post(first.url, '/init_session', { session_id: 'shared', seed: 8, rounds: 2 })).status).toBe(200)
    await post(second.url, '/submit_news', { session_id: 'shared', content: 'one' })
    await post(first.url, '/submit_news', { session_id: 'shared', content: 'two' })
    await there.until('round.start')
    await first.server.drain()
    await there.until('event.end')
    const expected = wholeGame({ seed: 8, rounds: 2, agents: 6 }, ['one', 'two'])
    expect(there.seen).toEqual(expected)
    await using late = await spectate(second.wsUrl, 'shared')
    await late.until('event.end')
    expect(late.seen).toEqual(expected)
  })
})
