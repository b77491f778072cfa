// After an undo only DMs get the words. No endpoint sends them to anyone else, from any position in the log.
import type { CampaignEvent, WhisperEvent } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newKey, openTestbed, type TestUser, until } from '../../testing/testbed.ts'

const roomId = 'main'
const WORDS = 'THE-LOST-WORDS'
const LAST_LINE = 'All is told.'

describe('a withdrawn entry', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: Awaited<ReturnType<typeof testbed.join>>
  let robin: Awaited<ReturnType<typeof testbed.join>>
  let watcher: Awaited<ReturnType<typeof testbed.join>>
  let campaignId = ''
  /** Positions before the first entry, in the players' stream and in Robin's whispers. */
  let before = { events: '', whispers: '' }

  const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })
  const undo = () => dm.http.campaign.undo.mutate({ roomId, key: newKey(), campaignId })
  const redo = () => dm.http.campaign.redo.mutate({ roomId, key: newKey(), campaignId })

  const newest = async () => {
    const { entries } = await dm.http.campaign.get.query({ roomId, campaignId })
    return entries.at(-1)?.id ?? ''
  }
  const edit = async (text: string) =>
    dm.http.campaign.editEntry.mutate({ roomId, key: newKey(), campaignId, entryId: await newest(), text })
  const setDeleted = async (deleted: boolean) =>
    dm.http.campaign.deleteEntry.mutate({ roomId, key: newKey(), campaignId, entryId: await newest(), deleted })

  beforeAll(async () => {
    testbed = await openTestbed({ COMPAT_AUTH: 'token' })
    dm = await testbed.join('DM', 'owner')
    robin = await testbed.join('Robin', 'player')
    watcher = await testbed.join('Watcher', 'spectator')
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    // Both channels are open, so that their rings hold the events too.
    await using socket = await robin.socket()
    const ids: string[] = []
    socket.trpc.campaign.events.subscribe({ roomId }, { onData: ({ id }) => ids.push(id) })
    socket.trpc.campaign.whispers.subscribe({ roomId }, { onData: ({ id }) => ids.push(id) })
    await until(() => ids.length === 2)
    before = {
      events: (await robin.http.campaign.since.query({ roomId, cursor: null })).cursor,
      whispers: (await robin.http.campaign.whispersSince.query({ roomId, cursor: null })).cursor,
    }
    await say(`/threat add ${WORDS} of a threat: with ${WORDS} details`)
    await say(`/threat reveal ${WORDS} of a threat`)
    await undo()
    await say(`${WORDS} of the story [[1d20]]`)
    await undo()
    await dm.http.campaign.whisper.mutate({
      roomId,
      key: newKey(),
      to: robin.session.userId,
      message: `${WORDS} of a whisper`,
    })
    await undo()
    await robin.http.campaign.say.mutate({ roomId, key: newKey(), message: `${WORDS} of an entry that is deleted` })
    await setDeleted(true)
    await say(`${WORDS} of an entry that is edited`)
    await edit('Other words of the story.')
    await robin.http.campaign.whisper.mutate({ roomId, key: newKey(), message: `${WORDS} of a whisper that is edited` })
    await edit('Other words of a whisper.')
    await say(LAST_LINE)
    await until(() => ids.length >= 14)
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  /** The events of a subscription from that position to `LAST_LINE`, as text. */
  async function subscribed(user: TestUser, lastEventId: string | null): Promise<string> {
    await using socket = await user.socket()
    const events: CampaignEvent[] = []
    socket.trpc.campaign.events.subscribe({ roomId, lastEventId }, { onData: ({ data }) => events.push(data) })
    await until(() => JSON.stringify(events).includes(LAST_LINE))
    return JSON.stringify(events)
  }

  async function streamed(user: TestUser, input: object, path = 'campaign.events', until = LAST_LINE): Promise<string> {
    const abort = new AbortController()
    const url = `${testbed.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${user.session.token}` },
      signal: abort.signal,
    })
    let text = ''
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      if (text.includes(until)) break
    }
    abort.abort()
    return text
  }

  function plain(user: TestUser, path: string): Promise<string> {
    const socket = new WebSocket(`${testbed.wsUrl}${path}?room=${roomId}&token=${user.session.token}`)
    return new Promise<string>((resolve, reject) => {
      let text = ''
      socket.on('error', reject)
      socket.on('message', (data: Buffer) => {
        text += data.toString()
        if (text.includes(LAST_LINE)) resolve(text)
      })
    }).finally(() => socket.terminate())
  }

  /** Follows Robin's plain socket. Frames of presence come whenever they are due, so only those with the state count. */
  function plainly() {
    type Frame = { structured_data?: { narrative: string } }
    const socket = new WebSocket(`${testbed.wsUrl}/ws/campaign/player?room=${roomId}&token=${robin.session.token}`)
    const frames: Frame[] = []
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame
      if (frame.structured_data) frames.push(frame)
    })
    return {
      frames: () => frames,
      narrative: () => frames.at(-1)?.structured_data?.narrative,
      [Symbol.dispose]: () => socket.terminate(),
    }
  }

  it('reaches no new client and none that resumes from before it, on WebSocket, SSE, polling or plain sockets', async () => {
    const cursors = [null, before.events]
    const read: string[] = []
    for (const user of [robin, watcher]) {
      for (const lastEventId of cursors)
        read.push(await subscribed(user, lastEventId), await streamed(user, { roomId, lastEventId }))
      for (const cursor of cursors) read.push(JSON.stringify(await user.http.campaign.since.query({ roomId, cursor })))
      read.push(JSON.stringify(await user.http.campaign.history.query({ roomId, campaignId })))
      read.push(JSON.stringify(await user.http.narrator.recap.query({ roomId })))
      read.push(await plain(user, '/ws/campaign/player'))
    }
    read.push(await plain(dm, '/ws/campaign/dm'))
    expect(read).toHaveLength(19)
    expect(read.filter((text) => text.includes(WORDS))).toEqual([])
    // The mark of the withdrawn entry remains.
    expect(read[0]).toContain('"withdrawn":true')
    // The new words of the edited entry are there for everyone.
    expect(read.filter((text) => text.includes('Other words of the story.')).length).toBeGreaterThan(8)
  })

  it('that was a whisper does not reach its member', async () => {
    const read: string[] = []
    for (const cursor of [null, before.whispers]) {
      read.push(JSON.stringify(await robin.http.campaign.whispersSince.query({ roomId, cursor })))
      read.push(await streamed(robin, { roomId, lastEventId: cursor }, 'campaign.whispers', 'whispers_active'))
    }
    read.push(JSON.stringify(await robin.http.campaign.whisperHistory.query({ roomId, campaignId })))
    expect(read.filter((text) => text.includes(WORDS))).toEqual([])
    expect(read[0]).toContain('"withdrawn":true')
  })

  it('stays with the DM', async () => {
    const { entries } = await dm.http.campaign.get.query({ roomId, campaignId })
    const lost = entries.filter(({ withdrawn }) => withdrawn).map(({ text }) => text)
    expect(lost).toEqual([
      expect.stringContaining(`A threat: **${WORDS} of a threat**`),
      expect.stringContaining(`${WORDS} of the story`),
      `${WORDS} of a whisper`,
      `${WORDS} of an entry that is deleted`,
    ])
  })

  it('becomes one mark for a live client, and a redo sends the whole entry to every client', async () => {
    await say(`${WORDS} of a redo`)
    await using live = await watcher.socket()
    const events: CampaignEvent[] = []
    live.trpc.campaign.events.subscribe({ roomId }, { onData: ({ data }) => events.push(data) })
    await until(() => events.length === 1)
    await undo()
    await until(() => events.length === 2)
    await using late = await robin.socket()
    const toLate: CampaignEvent[] = []
    late.trpc.campaign.events.subscribe({ roomId }, { onData: ({ data }) => toLate.push(data) })
    await until(() => toLate.length === 1)
    expect(JSON.stringify([events[1], toLate])).not.toContain(WORDS)
    await redo()
    await until(() => events.length === 3 && toLate.length === 2)
    expect(events.map(({ type }) => type)).toEqual(['campaign_active', 'campaign_updated', 'campaign_updated'])
    for (const event of [events[2], toLate[1]])
      expect(event).toMatchObject({ withdrawn: [{ withdrawn: false, entry: { text: `${WORDS} of a redo` } }] })
    expect(await plain(robin, '/ws/campaign/player')).toContain(`${WORDS} of a redo`)
    await undo()
    await say(LAST_LINE)
    expect(await plain(robin, '/ws/campaign/player')).not.toContain(WORDS)
  })

  it('returns to a plain socket with a redo, after a snapshot without it', async () => {
    await say('THE-SECOND-WORDS')
    await undo()
    using follower = plainly()
    const { frames, narrative } = follower
    await until(() => narrative() !== undefined)
    expect(JSON.stringify(frames())).not.toContain('THE-SECOND-WORDS')
    await redo()
    await until(() => narrative() === 'THE-SECOND-WORDS')
    await undo()
    await until(() => narrative() === LAST_LINE)
  })

  it('that was a whisper returns whole to its member with a redo', async () => {
    await using live = await robin.socket()
    const events: WhisperEvent[] = []
    await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to: robin.session.userId, message: 'THE-WHISPER' })
    await undo()
    live.trpc.campaign.whispers.subscribe({ roomId }, { onData: ({ data }) => events.push(data) })
    await until(() => events.length === 1)
    expect(JSON.stringify(events)).not.toContain('THE-WHISPER')
    await redo()
    await until(() => events.length === 2)
    expect(events[1]).toMatchObject({ withdrawn: [{ withdrawn: false, entry: { text: 'THE-WHISPER' } }] })
  })

  it('becomes other words in every open page and plain socket when it is edited', async () => {
    await say('THE-THIRD-WORDS')
    await using live = await watcher.socket()
    const events: CampaignEvent[] = []
    live.trpc.campaign.events.subscribe({ roomId }, { onData: ({ data }) => events.push(data) })
    using follower = plainly()
    const { frames, narrative } = follower
    await until(() => events.length === 1 && narrative() === 'THE-THIRD-WORDS')
    await edit('THE-FOURTH-WORDS')
    await until(() => events.length === 2 && narrative() === 'THE-FOURTH-WORDS')
    expect(events[1]).toMatchObject({ withdrawn: [{ withdrawn: false, entry: { text: 'THE-FOURTH-WORDS' } }] })
    await setDeleted(true)
    await until(() => events.length === 3 && narrative() !== 'THE-FOURTH-WORDS')
    expect(JSON.stringify([events[2], frames().at(-1)])).not.toMatch(/THIRD|FOURTH/)
    await setDeleted(false)
    await until(() => events.length === 4 && narrative() === 'THE-FOURTH-WORDS')
    await setDeleted(true)
  })
})
