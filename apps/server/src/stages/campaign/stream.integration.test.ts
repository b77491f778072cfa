// The typed streams, with the client of tRPC over a real socket.
import type { CampaignEvent, PresenceEvent } from '@tablecast/contracts'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed, socketClient, until } from '../../testing/testbed.ts'
import { openServer, parseConfig } from '../../index.ts'

const roomId = 'main'
type Got = { id: string; data: CampaignEvent }
const seqOf = ({ id }: Got) => Number(id.split(':')[1])

describe('campaign.events over a WebSocket', () => {
  it('begins with one snapshot, then sends each event once and in order', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    const player = await testbed.join('Pat', 'player')
    await using socket = await player.socket()
    const got: Got[] = []
    socket.trpc.campaign.events.subscribe({ roomId }, { onData: (event) => void got.push(event) })
    await until(() => got.length === 1)
    for (let count = 0; count < 20; count++)
      await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: `line ${count}` })
    await until(() => got.length === 21)
    expect(got[0]?.data.type).toBe('campaign_active')
    expect(got.map(seqOf)).toEqual(got.map((_, index) => index + 1))
    expect(got.slice(1).map(({ data }) => (data.type === 'campaign_updated' ? data.entries[0]?.text : ''))).toEqual(
      Array.from({ length: 20 }, (_, count) => `line ${count}`),
    )
  })

  it('resumes after a restart of the server, without a gap or a repeat', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    const player = await testbed.join('Pat', 'player')
    await using socket = await player.socket()
    const got: Got[] = []
    socket.trpc.campaign.events.subscribe({ roomId }, { onData: (event) => void got.push(event) })
    await until(() => got.length === 1)
    const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })
    await say('before')
    await until(() => got.length === 2)
    const { port } = testbed.server
    await testbed.server.drain()
    await using again = await openServer(
      parseConfig({ PORT: String(port), DATA_DIR: testbed.folder, LOG_LEVEL: 'silent' }),
    )
    expect(again.port).toBe(port)
    await say('after')
    await until(() => got.length === 3)
    expect(got.map(seqOf)).toEqual([1, 2, 3])
  })

  it('carries several subscriptions on one socket, which end independently', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    await using socket = await dm.socket()
    const first: Got[] = []
    const second: Got[] = []
    const presence: PresenceEvent[] = []
    const one = socket.trpc.campaign.events.subscribe({ roomId }, { onData: (event) => void first.push(event) })
    socket.trpc.campaign.events.subscribe({ roomId }, { onData: (event) => void second.push(event) })
    socket.trpc.presence.events.subscribe({ roomId }, { onData: (event) => void presence.push(event) })
    await until(() => first.length === 1 && second.length === 1 && presence.length > 0)
    const subscribers = async () => (await dm.http.ops.health.query()).subscribers
    expect(await subscribers()).toBe(2)
    one.unsubscribe()
    await until(async () => (await subscribers()) === 1)
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'only the second hears' })
    await until(() => second.length === 2)
    expect(first).toHaveLength(1)
    expect(presence[0]).toMatchObject({ type: 'player_status', roster: [{ name: 'Dee', online: true }] })
  })

  it('does not send a removed player the next event', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    const player = await testbed.join('Pat', 'player')
    await using socket = await player.socket()
    const got: Got[] = []
    const errors: unknown[] = []
    socket.trpc.campaign.events.subscribe(
      { roomId },
      { onData: (event) => void got.push(event), onError: (error) => void errors.push(error.data) },
    )
    await until(() => got.length === 1)
    await dm.http.rooms.kick.mutate({ roomId, key: newKey(), userId: player.session.userId })
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'he is gone' })
    await until(() => errors.length === 1)
    expect(errors).toMatchObject([{ code: 'FORBIDDEN', tablecast: { code: 'NOT_A_MEMBER' } }])
    expect(got).toHaveLength(1)
    await expect(player.http.campaign.since.query({ roomId })).rejects.toMatchObject({ data: { code: 'FORBIDDEN' } })
  })

  it('has no gap for a client that stopped reading during 5 MB of events', async () => {
    await using testbed = await openTestbed({ MAX_BUFFERED_BYTES: '65536' })
    const dm = await testbed.join('Dee', 'owner')
    const player = await testbed.join('Pat', 'player')
    const slow = await rawSubscriber(testbed.server.port, player.session.token)
    await until(() => slow.text().includes('campaign_active'))
    slow.pause()
    const text = 'x'.repeat(3_900)
    for (let count = 0; count < 1_200; count++)
      await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: `${count} ${text}` })
    slow.resume()
    await until(() => slow.seqs().at(-1) === 1_201)
    const seqs = slow.seqs()
    const firstGap = seqs.findIndex((seq, index) => index > 0 && seq !== (seqs[index - 1] ?? 0) + 1)
    // No gap: events that fell behind retention came from the log.
    expect(firstGap).toBe(-1)
    slow.close()
  })

  it('refuses a token that another server signed, as HTTP does', async () => {
    await using testbed = await openTestbed()
    await using other = await openTestbed()
    const foreign = await other.signIn('Eve')
    await using socket = socketClient(`${testbed.wsUrl}/trpc`, foreign.session.token)
    const errors: unknown[] = []
    socket.trpc.campaign.events.subscribe(
      { roomId },
      {
        onError: (error) => void errors.push(error),
        onConnectionStateChange: (state) => void (state.error && errors.push(state.error)),
      },
    )
    await until(() => errors.length > 0)
    const response = await fetch(`${testbed.url}/trpc/rooms.list`, {
      headers: { authorization: `Bearer ${foreign.session.token}` },
    })
    expect(response.status).toBe(401)
  })
})

/** A client that can stop reading. No library allows that, so it does the handshake and frames itself (RFC 6455). */
async function rawSubscriber(port: number, token: string) {
  const socket = rawWebSocket(port, '/trpc?connectionParams=1')
  let text = ''
  socket.on('data', (part) => (text += part.toString('latin1')))
  await until(() => text.includes('\r\n\r\n'))
  const send = (message: object) => socket.write(clientFrame(JSON.stringify(message)))
  // It writes while it does not read: on a busy machine the server would otherwise drop it as silent.
  const answering = setInterval(() => socket.write(clientFrame('PONG')), 1_000)
  send({ method: 'connectionParams', data: { token } })
  send({ id: 1, method: 'subscription', params: { path: 'campaign.events', input: { roomId } } })
  return {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => {
      clearInterval(answering)
      socket.destroy()
    },
    text: () => text,
    seqs: () => [...text.matchAll(/"result":\{"type":"data","id":"[^:"]+:(\d+)"/g)].map(([, seq]) => Number(seq)),
  }
}
