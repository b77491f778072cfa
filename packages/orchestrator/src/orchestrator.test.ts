import type { PlayerCampaignEvent } from '@tablecast/contracts'
import { createScribe } from '@tablecast/narrator'
import { describe, expect, it } from 'vitest'
import { Orchestrator } from './index.ts'
import { newKey, roomId } from './testing/room.ts'
import { dm, openTable } from './testing/sample-table.ts'

describe('the orchestrator', () => {
  it('undo and redo are the identity, however long the stack', async () => {
    await using t = await openTable()
    const id = await t.begin()
    const states = [await t.stateOf(id)]
    for (const message of ['/hp Mira -3', '/turn next', '/reveal Old Marrow', '/scene Elsewhere']) {
      await t.say(message)
      states.push(await t.stateOf(id))
    }
    for (const state of states.slice(0, -1).toReversed()) {
      await t.orchestrator.undo({ roomId, campaignId: id, caller: dm, input: null, key: newKey() })
      expect(await t.stateOf(id)).toEqual(state)
    }
    await expect(
      t.orchestrator.undo({ roomId, campaignId: id, caller: dm, input: null, key: newKey() }),
    ).rejects.toMatchObject({
      code: 'NOTHING_TO_UNDO',
    })
    for (const state of states.slice(1)) {
      await t.orchestrator.redo({ roomId, campaignId: id, caller: dm, input: null, key: newKey() })
      expect(await t.stateOf(id)).toEqual(state)
    }
    await t.say('/undo')
    await t.say('/status New')
    await expect(t.say('/redo')).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO' })
  })

  it('answers a retry with the first answer and does nothing twice', async () => {
    await using t = await openTable()
    await t.begin()
    const request = { roomId, caller: dm, input: null, key: newKey(), message: '/hp Mira -3' }
    const first = await t.orchestrator.processChatMessage(request)
    expect(await t.orchestrator.processChatMessage(request)).toEqual(first)
    expect(t.streamOf('player')).toHaveLength(2)
    await expect(
      t.orchestrator.deactivateCampaign({ roomId, caller: dm, input: null, key: request.key }),
    ).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  it('lets two DMs edit different fields, and refuses the second edit of the same one with the newer state', async () => {
    await using t = await openTable()
    const id = await t.begin()
    const edit = (patch: object) =>
      t.orchestrator.editCampaign({
        roomId,
        campaignId: id,
        caller: dm,
        input: null,
        key: newKey(),
        baseVersion: 0,
        patch,
      })
    await edit({ scene: 'one' })
    await edit({ status: 'two' })
    await expect(edit({ scene: 'three' })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { version: 2, state: { scene: 'one' } },
    })
    expect(await t.stateOf(id)).toMatchObject({ scene: 'one', status: 'two' })
  })

  it('refuses an edit that makes no valid state, and changes nothing', async () => {
    await using t = await openTable()
    const id = await t.begin()
    const before = await t.stateOf(id)
    for (const patch of [{ characters: { upsert: [{ id: 'half', name: 'Half' }] } }, { scene: 'x'.repeat(5_000) }])
      await expect(
        t.orchestrator.editCampaign({
          roomId,
          campaignId: id,
          caller: dm,
          input: null,
          key: newKey(),
          baseVersion: 0,
          patch,
        }),
      ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    expect(await t.stateOf(id)).toEqual(before)
  })

  it('takes a removed character out of the turn order', async () => {
    await using t = await openTable()
    const id = await t.begin()
    await t.orchestrator.editCampaign({
      roomId,
      campaignId: id,
      caller: dm,
      input: null,
      key: newKey(),
      baseVersion: 0,
      patch: { characters: { remove: ['sable'] } },
    })
    expect((await t.stateOf(id)).turn).toEqual({ round: 1, order: ['mira', 'hag', 'corvin', 'tobin'], current: 'mira' })
  })

  it('announces the end of the old campaign before the new one on a switch', async () => {
    await using t = await openTable()
    const [first, second] = [await t.begin(), await t.begin()]
    const events = t.streamOf('player').map(({ text }) => JSON.parse(text) as PlayerCampaignEvent)
    expect(events.map(({ type, campaign_id }) => [type, campaign_id])).toEqual([
      ['campaign_loaded', first],
      ['campaign_deactivated', first],
      ['campaign_loaded', second],
    ])
  })

  it('answers a known position with the missed events, and any other with one snapshot', async () => {
    await using t = await openTable()
    await t.begin()
    await t.say('one')
    await t.say('/secret two')
    await t.say('three')
    const { epoch } = await t.orchestrator.openStream(roomId, 'player')
    const after = (seq: number, of = epoch) => t.orchestrator.eventsAfter(roomId, 'player', { epoch: of, seq })
    expect(await after(1)).toMatchObject({ kind: 'events', events: [{ seq: 2 }, { seq: 3 }] })
    expect(await after(3)).toMatchObject({ kind: 'events', events: [] })
    expect(await after(4)).toMatchObject({ kind: 'snapshot', seq: 3 })
    expect(await after(1, 'other')).toMatchObject({ kind: 'snapshot', seq: 3 })
    await t.store.write(({ streams }) =>
      streams.prune({ prefix: 'room:', before: '2020-01-01T00:00:00.000Z', keep: 1 }),
    )
    expect(await after(1)).toMatchObject({ kind: 'snapshot', seq: 3 })
  })

  it('refuses an order that names a character several times, and changes nothing', async () => {
    await using t = await openTable()
    const id = await t.begin()
    const whole = await t.stateOf(id)
    const [a = '', b = ''] = whole.characters.map((character) => character.id)
    const edit = (patch: object) =>
      t.orchestrator.editCampaign({
        roomId,
        caller: dm,
        input: null,
        key: newKey(),
        campaignId: id,
        baseVersion: 0,
        patch,
      })
    await expect(edit({ characters: { order: [a, a, a, b] } })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    expect(await t.stateOf(id)).toEqual(whole)
  })

  it('continues at the same position after a restart', async () => {
    await using t = await openTable()
    const id = await t.begin()
    await t.say('before')
    await using again = await openTable(t.store)
    await again.say('after')
    expect((await again.orchestrator.library.get(roomId, id)).entries.slice(-2).map(({ text }) => text)).toEqual([
      'before',
      'after',
    ])
    expect(again.streamOf('player').map(({ seq }) => seq)).toEqual([3])
  })

  it('a committed change is acknowledged even when the broadcast fails', async () => {
    await using t = await openTable()
    await t.begin()
    const deaf = new Orchestrator({
      store: t.store,
      narrator: createScribe(),
      broadcaster: {
        broadcast: () => {
          throw new Error('down')
        },
      },
    })
    expect(
      await deaf.processChatMessage({ roomId, caller: dm, input: null, key: newKey(), message: 'hello' }),
    ).toMatchObject({
      seq: 2,
    })
  })

  it('asks for a read of the log after a commit with an unknown outcome, and not after a refusal', async () => {
    await using t = await openTable()
    await t.begin()
    const recheck: string[] = []
    const broken = new Orchestrator({
      // As when the connection breaks after the commit and before its answer.
      store: {
        kind: t.store.kind,
        read: (work) => t.store.read(work),
        async write(work) {
          await t.store.write(work)
          throw new Error('Connection terminated')
        },
        ping: () => t.store.ping(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      narrator: createScribe(),
      broadcaster: { broadcast: (event) => void t.events.push(event), recheck: (ids) => void recheck.push(...ids) },
    })
    const request = { roomId, caller: dm, input: null, key: newKey(), message: 'hello' }
    await expect(broken.processChatMessage({ ...request, message: '/nonsense' })).rejects.toThrow()
    expect(recheck).toEqual([])
    await expect(broken.processChatMessage(request)).rejects.toThrow('Connection terminated')
    expect(recheck).toEqual(['room:r:dm', 'room:r:player'])
    expect(await t.orchestrator.processChatMessage(request)).toMatchObject({ seq: 2 })
  })

  it('throws NO_ACTIVE_CAMPAIGN when no campaign is active', async () => {
    await using t = await openTable()
    await expect(t.say('hello?')).rejects.toMatchObject({ code: 'NO_ACTIVE_CAMPAIGN' })
  })
})
