import { once } from 'node:events'
import { WebSocket } from 'ws'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'

const roomId = 'main'
const tooMuch = [
  '[[100d2!>=1]]'.repeat(40),
  '[[100d2!>=1]]',
  '/roll 100d6u',
  '[[1d6]]'.repeat(21),
  '[[100d1]]'.repeat(11),
]

describe('a message that rolls more than it may', () => {
  it('is refused on every endpoint, and nothing of it is stored', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dana', 'owner')
    const player = await testbed.join('Paul', 'player')
    const userId = player.session.userId
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const kept = async () => ({
      campaign: await dm.http.campaign.get.query({ roomId, campaignId }),
      whispers: await player.http.campaign.whispersSince.query({ roomId, cursor: null }),
      story: await player.http.campaign.since.query({ roomId, cursor: null }),
    })
    const before = JSON.stringify(await kept(), (key, value: unknown) => (key === 'timestamp' ? null : value))

    const refusal = { data: { tablecast: { code: 'BAD_REQUEST' }, httpStatus: 400 } }
    for (const message of tooMuch) {
      const said = { roomId, key: newKey(), message }
      await expect(player.http.campaign.say.mutate(said)).rejects.toMatchObject(refusal)
      await expect(player.http.campaign.whisper.mutate({ ...said, key: newKey() })).rejects.toMatchObject(refusal)
      await expect(dm.http.campaign.say.mutate({ ...said, key: newKey() })).rejects.toMatchObject(refusal)
      const whispered = { ...said, key: newKey(), to: userId }
      await expect(dm.http.campaign.whisper.mutate(whispered)).rejects.toMatchObject(refusal)
      // A refusal stores no answer for the key, so the same key can be used again.
      await expect(player.http.campaign.say.mutate(said)).rejects.toMatchObject(refusal)
    }
    const secret = { roomId, key: newKey(), message: '/secret [[100d2!>=1]]' }
    await expect(dm.http.campaign.say.mutate(secret)).rejects.toMatchObject(refusal)

    const socket = new WebSocket(`${testbed.wsUrl}/ws/campaign/dm`)
    const lines: { type: string; error?: { code: string; message: string } }[] = []
    socket.on('message', (data) => lines.push(JSON.parse((data as Buffer).toString()) as (typeof lines)[number]))
    await once(socket, 'open')
    for (const [index, message] of tooMuch.entries())
      socket.send(JSON.stringify({ type: 'chat', message, request_id: String(index) }))
    const errors = () => lines.filter(({ type }) => type === 'error')
    await until(() => errors().length === tooMuch.length)
    for (const { error } of errors()) expect(error).toMatchObject({ code: 'BAD_REQUEST' })
    expect(lines.filter(({ type }) => type === 'ack')).toEqual([])
    socket.terminate()

    expect(JSON.stringify(await kept(), (key, value: unknown) => (key === 'timestamp' ? null : value))).toBe(before)
  })

  it('does not affect a message at the limit, which is rolled', async () => {
    await using testbed = await openTestbed()
    const player = await testbed.join('Paul', 'player')
    await player.http.campaign.say.mutate({ roomId, key: newKey(), message: '[[50d1]]'.repeat(20) })
    const { events } = await player.http.campaign.since.query({ roomId, cursor: null })
    const [event] = events
    const entry = event?.type === 'campaign_active' ? event.snapshot.entries.at(-1) : undefined
    expect(entry?.rolls.map(({ total }) => total)).toEqual(Array.from({ length: 20 }, () => 50))
  })
})
