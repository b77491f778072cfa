import type { WhisperEvent } from '@tablecast/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey, openTestbed, type SocketClient, until } from '../../testing/testbed.ts'

const roomId = 'main'
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

describe('whispers', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: Awaited<ReturnType<typeof testbed.join>>
  let robin: Awaited<ReturnType<typeof testbed.join>>
  let other: Awaited<ReturnType<typeof testbed.join>>
  beforeAll(async () => {
    testbed = await openTestbed()
    dm = await testbed.join('DM', 'owner')
    robin = await testbed.join('Robin', 'player')
    other = await testbed.join('Other', 'player')
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  const whisper = (to: string, message: string) =>
    dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to, message })
  const answer = (message: string) => robin.http.campaign.whisper.mutate({ roomId, key: newKey(), message })
  const follow = (client: SocketClient, lastEventId: string | null = null) => {
    const received: { id: string; event: WhisperEvent }[] = []
    const { unsubscribe } = client.trpc.campaign.whispers.subscribe(
      { roomId, lastEventId },
      { onData: ({ id, data }) => received.push({ id, event: data }) },
    )
    return {
      received,
      unsubscribe,
      texts: () => received.flatMap(({ event }) => event.entries.map(({ text }) => text)),
    }
  }

  it('reach the one member and the DMs in order, live and after a pause', async () => {
    await using client = await robin.socket()
    const live = follow(client)
    await until(() => live.received.length === 1)
    expect(live.received[0]?.event).toMatchObject({ type: 'whispers_active', entries: [] })
    await whisper(robin.session.userId, 'The innkeeper lies.')
    await answer('I knew it. [[1d20]]')
    await until(() => live.received.length === 3)
    expect(live.received.map(({ event }) => event.seq)).toEqual([0, 1, 2])
    const entries = live.received.flatMap(({ event }) => event.entries)
    expect(entries).toMatchObject([
      { kind: 'whisper', audience: 'member', author: { role: 'dm' }, text: 'The innkeeper lies.' },
      { kind: 'whisper', audience: 'member', author: { name: 'Robin' }, rolls: [{ notation: '1d20' }] },
    ])
    const lastEventId = live.received.at(-1)?.id ?? null
    live.unsubscribe()
    await whisper(robin.session.userId, 'While you slept.')
    const back = follow(client, lastEventId)
    await until(() => back.received.length === 1)
    expect(back.texts()).toEqual(['While you slept.'])
    const polled = await robin.http.campaign.whispersSince.query({ roomId, cursor: lastEventId })
    expect(polled.events.flatMap((event) => event.entries.map(({ text }) => text))).toEqual(['While you slept.'])
  })

  it('raise the seq of the DMs’ stream, but not of the players’', async () => {
    await using player = await other.socket()
    await using driver = await dm.socket()
    const seqs = { player: [] as number[], dm: [] as number[] }
    player.trpc.campaign.events.subscribe({ roomId }, { onData: ({ data }) => seqs.player.push(data.seq) })
    driver.trpc.campaign.events.subscribe({ roomId }, { onData: ({ data }) => seqs.dm.push(data.seq) })
    await until(() => seqs.player.length === 1 && seqs.dm.length === 1)
    for (const text of ['one', 'two', 'three']) await whisper(robin.session.userId, text)
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'For all.' })
    await until(() => seqs.player.length === 2 && seqs.dm.length === 5)
    expect((seqs.player[1] ?? 0) - (seqs.player[0] ?? 0)).toBe(1)
  })

  it('are marked as withdrawn for their member by an undo', async () => {
    await using client = await robin.socket()
    const live = follow(client)
    await until(() => live.received.length === 1)
    await whisper(robin.session.userId, 'Never mind.')
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/undo' })
    await until(() => live.received.length === 3)
    const [, sent, undone] = live.received.map(({ event }) => event)
    expect(undone).toMatchObject({
      type: 'whispered',
      withdrawn: [{ id: sent?.entries[0]?.id, withdrawn: true }],
    })
  })

  it('take text and rolls but no commands, and go only between a member and the DMs', async () => {
    expect(await whisper(robin.session.userId, '/hp Mira -7').catch(codeOf)).toBe('UNKNOWN_COMMAND')
    expect(await answer('/hp Mira -7').catch(codeOf)).toBe('UNKNOWN_COMMAND')
    expect(await answer('/scene A gate').catch(codeOf)).toBe('NOT_THE_DM')
    expect(await whisper('nobody', 'x').catch(codeOf)).toBe('NOT_FOUND')
    expect(await whisper(dm.session.userId, 'x').catch(codeOf)).toBe('BAD_REQUEST')
    expect(
      await robin.http.campaign.whisper
        .mutate({ roomId, key: newKey(), to: other.session.userId, message: 'x' })
        .catch(codeOf),
    ).toBe('BAD_REQUEST')
    await answer('/roll 1d20')
  })

  it('are read page by page, and only by their member', async () => {
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const mine = await robin.http.campaign.whisperHistory.query({ roomId, campaignId, limit: 2 })
    expect([mine.entries.length, mine.more]).toEqual([2, true])
    const theirs = await other.http.campaign.whisperHistory.query({ roomId, campaignId })
    expect(theirs).toEqual({ entries: [], more: false })
    const ofAll = await other.http.campaign.history.query({ roomId, campaignId, limit: 100 })
    expect(ofAll.entries.every(({ audience }) => audience === 'all')).toBe(true)
  })
})

describe('a character that is bound to a player', () => {
  it('can be edited by that player only, in the fields that players may change', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('DM', 'owner')
    const robin = await testbed.join('Robin', 'player')
    const other = await testbed.join('Other', 'player')
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const read = async () => {
      const { campaign, state } = await dm.http.campaign.get.query({ roomId, campaignId })
      const mira = state.characters.find(({ name }) => name.startsWith('Mira'))
      if (!mira) throw new Error('no Mira')
      return { campaign, mira }
    }
    const set = async (fields: object) => {
      const { campaign, mira } = await read()
      const patch = { characters: { upsert: [{ id: mira.id, ...fields }] } }
      await dm.http.campaign.edit.mutate({ roomId, key: newKey(), campaignId, baseVersion: campaign.version, patch })
    }
    await set({ ownerId: robin.session.userId })
    const { mira } = await read()
    const hp = ({ current, temp }: typeof mira.hp) => ({ current, temp })
    const edit = (by: typeof robin, was: object, is: object) =>
      by.http.campaign.editOwnCharacter
        .mutate({ roomId, key: newKey(), campaignId, characterId: mira.id, was, is })
        .catch((error: unknown) => ({ code: codeOf(error), error }))

    await edit(robin, { hp: hp(mira.hp) }, { hp: { current: 3, temp: 2 } })
    expect((await read()).mira.hp).toEqual({ ...mira.hp, current: 3, temp: 2 })
    await edit(robin, { conditions: mira.conditions }, { conditions: ['prone'] })
    expect((await read()).mira.conditions).toEqual(['prone'])
    // Hit points never exceed the maximum, which only the DM changes.
    await edit(robin, { hp: { current: 3, temp: 2 } }, { hp: { current: 9_000, temp: 0 } })
    expect((await read()).mira.hp.current).toBe(mira.hp.max)

    const stale = await edit(robin, { hp: { current: 1, temp: 0 } }, { hp: { current: 2, temp: 0 } })
    expect(stale).toMatchObject({
      code: 'CONFLICT',
      error: { data: { tablecast: { details: { hp: { current: mira.hp.max, temp: 0 } } } } },
    })
    expect(await edit(other, { conditions: ['prone'] }, { conditions: [] })).toMatchObject({ code: 'FORBIDDEN' })
    expect(await edit(robin, {}, { name: 'Me' })).toMatchObject({ code: 'VALIDATION_FAILED' })
    await set({ hpVisible: false })
    expect(await edit(robin, { hp: { current: 1, temp: 0 } }, { hp: { current: 2, temp: 0 } })).toMatchObject({
      code: 'FORBIDDEN',
    })
    await set({ visible: false })
    expect(await edit(robin, { conditions: ['prone'] }, { conditions: [] })).toMatchObject({ code: 'FORBIDDEN' })
    expect((await read()).mira.conditions).toEqual(['prone'])
  })
})
