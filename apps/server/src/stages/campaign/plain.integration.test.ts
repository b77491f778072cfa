// The plain sockets, as the document that specifies them describes them.
import { WebSocket } from 'ws'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'

type Message = Record<string, unknown> & { type: string }

function open(url: string, options: { origin?: string } = {}) {
  const socket = new WebSocket(url, options)
  const messages: Message[] = []
  let closed: number | null = null
  let status: number | null = null
  socket.on('message', (data) => void messages.push(JSON.parse((data as Buffer).toString()) as Message))
  socket.on('close', (code) => (closed = code))
  socket.on('unexpected-response', (_request, response) => (status = response.statusCode ?? 0))
  socket.on('error', () => {})
  const opened = new Promise((resolve) => socket.once('open', resolve))
  return {
    socket,
    messages,
    opened,
    closed: () => closed,
    status: () => status,
    send: (message: object | string) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    of: (type: string) => messages.filter((message) => message.type === type),
    close: () => socket.terminate(),
  }
}

describe('the plain sockets', () => {
  it('send a player the active campaign at once and the whole state with every update', async () => {
    await using testbed = await openTestbed()
    const player = open(`${testbed.wsUrl}/ws/campaign/player?player_id=Zoe`)
    await until(() => player.of('campaign_active').length === 1)
    const [active] = player.of('campaign_active')
    expect(active).toMatchObject({
      campaign_id: expect.any(String) as string,
      timestamp: expect.stringMatching(/\.\d{3}Z$/) as string,
      seq: 1,
    })
    expect(Object.keys(active?.['structured_data'] as object).toSorted()).toEqual([
      'all_narratives',
      'characters',
      'environmental_conditions',
      'immediate_threats',
      'narrative',
      'status',
      'story_progression',
      'turn',
      'turn_info',
    ])
    const dm = open(`${testbed.wsUrl}/ws/campaign/dm`)
    await until(() => dm.of('campaign_active').length === 1)
    dm.send({ type: 'chat', message: 'The tide rises.', request_id: 'r1' })
    await until(() => player.of('campaign_updated').length === 1 && dm.of('ack').length === 1)
    expect(dm.of('ack')[0]).toMatchObject({ request_id: 'r1', status: 'ok', seq: 2 })
    expect(player.of('campaign_updated')[0]).toMatchObject({
      seq: 2,
      structured_data: { narrative: 'The tide rises.' },
    })
    dm.send({ type: 'deactivate', request_id: 'r2' })
    await until(() => player.of('campaign_deactivated').length === 1)
    dm.send({ type: 'chat', message: 'anyone?', request_id: 'r3' })
    await until(() => dm.of('error').length === 1)
    expect(dm.of('error')[0]).toMatchObject({ request_id: 'r3', error: { code: 'NO_ACTIVE_CAMPAIGN' } })
    dm.send({ type: 'activate', campaign_id: String(active?.['campaign_id']), request_id: 'r4' })
    await until(() => player.of('campaign_loaded').length === 1)
    player.send({ type: 'status', status: 'ready' })
    await until(() => dm.of('player_status').some(({ roster }) => JSON.stringify(roster).includes('"ready"')))
    player.send({ type: 'ping', request_id: 'p1' })
    await until(() => player.of('pong').length === 1)
    expect(player.of('pong')[0]).toMatchObject({ request_id: 'p1' })
    expect(player.of('player_joined').length).toBeGreaterThan(0)
    player.close()
    dm.close()
  })

  it.each([7, 0, -1.5, 'seven', ''])(
    'answer a request with the request_id %j with the same request_id',
    async (request_id) => {
      await using testbed = await openTestbed()
      const dm = open(`${testbed.wsUrl}/ws/campaign/dm`)
      await until(() => dm.of('campaign_active').length === 1)
      dm.send({ type: 'ping', request_id })
      await until(() => dm.of('pong').length === 1)
      expect(dm.of('pong')[0]?.['request_id']).toBe(request_id)
      dm.send({ type: 'dance', request_id })
      await until(() => dm.of('error').length === 1)
      expect(dm.of('error')[0]?.['request_id']).toBe(request_id)
      dm.close()
    },
  )

  it('treat a request with the same id and the same words as a repeat, on one connection', async () => {
    await using testbed = await openTestbed()
    const player = open(`${testbed.wsUrl}/ws/campaign/player`)
    await until(() => player.of('campaign_active').length === 1)
    const chat = (message: string, request_id?: string) => ({
      type: 'chat',
      message,
      ...(request_id ? { request_id } : {}),
    })
    type Structured = { all_narratives: { text: string }[] }
    const latestTexts = () => {
      const newest = player.of('campaign_updated').at(-1)?.['structured_data'] as Structured | undefined
      return (newest?.all_narratives ?? []).map(({ text }) => text).slice(-8)
    }
    for (let connection = 0; connection < 2; connection++) {
      const dm = open(`${testbed.wsUrl}/ws/campaign/dm`)
      await until(() => dm.of('campaign_active').length === 1)
      for (const frame of [chat('One', '1'), chat('One', '1'), chat('Two', '1'), chat('Three'), chat('Three')])
        dm.send(frame)
      await until(() => dm.of('ack').length === 5)
      const acks = dm.of('ack')
      expect(acks[1]).toEqual(acks[0])
      expect(acks[2]?.['seq']).not.toBe(acks[0]?.['seq'])
      dm.close()
    }
    await until(() => latestTexts().join() === 'One,Two,Three,Three,One,Two,Three,Three')
    player.close()
  })

  it('answer bad input with an error and stay open, and close after binary or oversized frames', async () => {
    await using testbed = await openTestbed()
    const player = open(`${testbed.wsUrl}/ws/campaign/player`)
    await until(() => player.of('campaign_active').length === 1)
    const bad = [
      '{',
      '[]',
      '"x"',
      'null',
      '{"type":"nope"}',
      '{"type":"status","status":"flying"}',
      '{"type":"activate","campaign_id":"x"}',
    ]
    for (const text of bad) player.send(text)
    await until(() => player.of('error').length === bad.length)
    for (const message of player.of('error'))
      expect(message).toMatchObject({ error: { code: 'BAD_REQUEST' }, ts: expect.any(String) as string })
    expect(player.closed()).toBeNull()
    player.socket.send(Buffer.from('x'), { binary: true })
    await until(() => player.closed() !== null)
    expect(player.closed()).toBe(1003)
    const large = open(`${testbed.wsUrl}/ws/campaign/player`)
    await large.opened
    large.send('x'.repeat(100_000))
    await until(() => large.closed() !== null)
    expect(large.closed()).toBe(1009)
    expect((await testbed.anonymous.ops.health.query()).status).toBe('ok')
  })

  it('refuse a foreign Origin before the handshake, and admit programs without one', async () => {
    await using testbed = await openTestbed()
    for (const origin of ['https://evil.example', 'null', `${testbed.url}.evil.example`]) {
      const refused = open(`${testbed.wsUrl}/ws/campaign/player`, { origin })
      await until(() => refused.status() !== null)
      expect([origin, refused.status()]).toEqual([origin, 403])
    }
    const own = open(`${testbed.wsUrl}/ws/campaign/player`, { origin: testbed.url })
    await own.opened
    own.close()
  })

  it('require a token if COMPAT_AUTH is token, with the roles of the typed API', async () => {
    await using testbed = await openTestbed({ COMPAT_AUTH: 'token' })
    expect((await testbed.anonymous.auth.config.query()).sample).toBeNull()
    const nobody = open(`${testbed.wsUrl}/ws/campaign/player`)
    await until(() => nobody.closed() !== null)
    expect([nobody.messages[0], nobody.closed()]).toMatchObject([
      { type: 'error', error: { code: 'UNAUTHORIZED' } },
      1008,
    ])
    const user = await testbed.join('Pat', 'player')
    const player = open(`${testbed.wsUrl}/ws/campaign/player?token=${user.session.token}`)
    await until(() => player.of('campaign_active').length === 1)
    const notDm = open(`${testbed.wsUrl}/ws/campaign/dm?token=${user.session.token}`)
    await until(() => notDm.closed() !== null)
    expect(notDm.messages[0]).toMatchObject({ error: { code: 'NOT_THE_DM' } })
    player.close()
  })

  it('send no secret of the DM, live or replayed, nor does any endpoint that a player can reach', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    const user = await testbed.join('Pat', 'player')
    const spectator = await testbed.join('Sue', 'spectator')
    const campaignId = dm.details.room.activeCampaignId ?? ''
    const canary = 'CANARY'
    const bytes: string[] = []
    const plain = open(`${testbed.wsUrl}/ws/campaign/player`)
    plain.socket.on('message', (data) => void bytes.push((data as Buffer).toString()))
    await until(() => plain.of('campaign_active').length === 1)
    const overSocket = new WebSocket(`${testbed.wsUrl}/trpc?connectionParams=1`)
    overSocket.on('message', (data) => void bytes.push((data as Buffer).toString()))
    await new Promise((resolve) => overSocket.once('open', resolve))
    overSocket.send(JSON.stringify({ method: 'connectionParams', data: { token: spectator.session.token } }))
    for (const [id, path] of [
      [1, 'campaign.events'],
      [2, 'presence.events'],
    ] as const)
      overSocket.send(JSON.stringify({ id, method: 'subscription', params: { path, input: { roomId: 'main' } } }))
    await until(() => bytes.join('').includes('"id":1'))
    const { campaign } = await dm.http.campaign.get.query({ roomId: 'main', campaignId })
    await dm.http.campaign.edit.mutate({
      roomId: 'main',
      key: newKey(),
      campaignId,
      baseVersion: campaign.version,
      patch: {
        dmNotes: `${canary} notes`,
        characters: {
          upsert: [
            { id: 'hag', name: `${canary} hag` },
            { id: 'mira', dmNotes: canary },
          ],
        },
        threats: { upsert: [{ id: 't2', name: `${canary} threat`, detail: canary, visible: false }] },
        beats: { upsert: [{ id: 'b2', text: canary, done: false, visible: false }] },
      },
    })
    for (const message of [
      `/secret ${canary}`,
      `/note ${canary}`,
      `/hp ${canary} -5`,
      `/turn ${canary}`,
      '/turn next',
      'All is told.',
    ])
      await dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message })
    await until(() => bytes.join('').split('All is told.').length > 2)
    for (const path of [
      `campaign.since?input=${JSON.stringify({ roomId: 'main', cursor: null })}`,
      `campaign.history?input=${JSON.stringify({ roomId: 'main', campaignId, limit: 100 })}`,
      `rooms.get?input=${JSON.stringify({ roomId: 'main' })}`,
      'auth.config',
      'ops.health',
    ])
      bytes.push(
        await (
          await fetch(`${testbed.url}/trpc/${encodeURI(path)}`, {
            headers: { authorization: `Bearer ${user.session.token}` },
          })
        ).text(),
      )
    expect(bytes.join('\n')).toContain('All is told.')
    expect(bytes.join('\n')).not.toContain(canary)
    expect(bytes.join('\n')).not.toContain('Old Marrow')
    plain.close()
    overSocket.terminate()
  })
})
