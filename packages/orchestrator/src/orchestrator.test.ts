import {
  applyPatch,
  CampaignDocument,
  markEntries,
  type CampaignState,
  type NarrativeEntry,
  type PlayerCampaignEvent,
  type PlayerView,
  playerView,
  stateHash,
} from '@tablecast/contracts'
import { createScribe, createDice } from '@tablecast/narrator'
import { openStore, type Store, type StoredEvent } from '@tablecast/store'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Orchestrator, sampleCampaign, trustedCaller } from './index.ts'
import { newKey, openRoom, roomId } from './testing/room.ts'

const dm = trustedCaller({ id: 'dm', name: 'Dee', role: 'dm' })
const player = trustedCaller({ id: 'pl', name: 'Pat', role: 'player' })

async function table(store?: Store) {
  const opened = store ?? (await openStore({ dataDir: ':memory:' }))
  const { orchestrator, events } = await openRoom(opened)
  const begin = async (change: (state: CampaignState) => CampaignState = (state) => state) => {
    const sample = sampleCampaign(new Date())
    const { id } = await orchestrator.library.create({
      roomId,
      caller: dm,
      input: null,
      key: newKey(),
      ...sample,
      state: change(sample.state),
    })
    await orchestrator.activateCampaign({ roomId, caller: dm, input: null, key: newKey(), campaignId: id })
    return id
  }
  const say = (message: string, caller = dm) =>
    orchestrator.processChatMessage({ roomId, caller, input: null, key: newKey(), message })
  const stateOf = async (campaignId: string) => (await orchestrator.library.get(roomId, campaignId)).state
  const streamOf = (audience: string) => events.filter(({ streamId }) => streamId === `room:r:${audience}`)
  return {
    store: opened,
    orchestrator,
    events,
    begin,
    say,
    stateOf,
    streamOf,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

/** Applies the events as a player's client does. */
function fold(events: readonly StoredEvent[]) {
  let view: PlayerView | null = null
  let entries: NarrativeEntry[] = []
  for (const { text, seq } of events) {
    const event = JSON.parse(text) as PlayerCampaignEvent
    expect(event.seq).toBe(seq)
    if (event.type === 'campaign_loaded' || event.type === 'campaign_active') ({ view, entries } = event.snapshot)
    else if (event.type === 'campaign_deactivated') view = null
    else if (view) {
      if (event.patch) view = applyPatch(view, event.patch)
      entries = [...markEntries(entries, event.withdrawn, 'player'), ...event.entries]
      expect(stateHash(view)).toBe(event.hash)
    }
  }
  return { view, entries }
}

const commands = fc.array(
  fc.oneof(
    fc.constantFrom(
      '/hp Mira -3',
      '/hp Old Marrow -9',
      '/condition Sable +prone',
      '/initiative',
      '/turn next',
      '/turn prev',
      '/turn Old Marrow',
      '/round',
      '/round 4',
      '/threat add Hidden knife',
      '/threat reveal Hidden knife',
      '/threat hide The tide',
      '/beat add Betrayal',
      '/reveal Old Marrow',
      '/hide Old Marrow',
      '/hide Mira',
      '/reveal Mira',
      '/env add Fog',
      '/env remove Fog',
      '/scene The crypt',
      '/status Fight',
      '/note Remember',
      '/secret Only we know [[1d20]]',
      'The story goes on.',
      '/turn end',
    ),
    fc.constantFrom('/undo', '/redo', 'player:I listen.', 'player:/roll 1d20'),
  ),
  { minLength: 1, maxLength: 25 },
)

describe('the orchestrator', () => {
  it('sends players exactly their view, with a hash at every step, for any commands of the DM', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (messages) => {
        await using t = await table()
        const id = await t.begin()
        for (const message of messages) {
          const isPlayer = message.startsWith('player:')
          await t.say(message.replace('player:', ''), isPlayer ? player : dm).catch((error: { code?: string }) => {
            expect(['UNKNOWN_COMMAND', 'NOTHING_TO_UNDO']).toContain(error.code)
          })
        }
        const events = t.streamOf('player')
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
        const { view, entries } = fold(events)
        expect(view).toEqual(playerView(await t.stateOf(id)))
        const history = await t.orchestrator.history({
          roomId,
          campaignId: id,
          listener: 'player',
          before: null,
          limit: 100,
        })
        expect(entries).toEqual(history.entries)
      }),
      { numRuns: 40 },
    )
  })

  it('puts no secret into any byte for players, for any commands of the DM', async () => {
    const canary = 'CANARY'
    const hide = (state: CampaignState): CampaignState => ({
      ...state,
      dmNotes: `${canary}-notes`,
      characters: state.characters.map((one) =>
        one.visible
          ? { ...one, dmNotes: `${canary}-${one.id}` }
          : { ...one, name: `${canary} hag`, hp: { current: 7331, max: 7331, temp: 0 } },
      ),
      threats: [...state.threats, { id: 'secret', name: `${canary} threat`, detail: canary, visible: false }],
      beats: [...state.beats, { id: 'secret', text: `${canary} beat`, done: false, visible: false }],
      environment: [...state.environment, { id: 'secret', text: `${canary} air`, visible: false }],
    })
    await fc.assert(
      fc.asyncProperty(commands, async (messages) => {
        await using t = await table()
        const id = await t.begin(hide)
        const quiet = messages.filter((message) => !message.includes('reveal'))
        for (const message of [
          ...quiet,
          `/secret ${canary} whispers`,
          `/note ${canary}`,
          `/hp ${canary} hag -5`,
          `/turn ${canary} hag`,
          '/undo',
        ])
          await t.say(message.replace('player:', ''), message.startsWith('player:') ? player : dm).catch(() => null)
        const history = await t.orchestrator.history({
          roomId,
          campaignId: id,
          listener: 'player',
          before: null,
          limit: 100,
        })
        const snapshot = await t.orchestrator.eventsAfter(roomId, 'player', null)
        const bytes = [
          ...t.streamOf('player').map(({ text }) => text),
          JSON.stringify(history),
          JSON.stringify(snapshot),
        ].join('\n')
        expect(bytes).not.toContain(canary)
        expect(bytes).not.toContain('7331')
        expect(
          t
            .streamOf('dm')
            .map(({ text }) => text)
            .join(),
        ).toContain(canary)
      }),
      { numRuns: 40 },
    )
  })

  it('undo and redo are the identity, however long the stack', async () => {
    await using t = await table()
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
    await using t = await table()
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
    await using t = await table()
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
    await using t = await table()
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
    await using t = await table()
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
    await using t = await table()
    const [first, second] = [await t.begin(), await t.begin()]
    const events = t.streamOf('player').map(({ text }) => JSON.parse(text) as PlayerCampaignEvent)
    expect(events.map(({ type, campaign_id }) => [type, campaign_id])).toEqual([
      ['campaign_loaded', first],
      ['campaign_deactivated', first],
      ['campaign_loaded', second],
    ])
  })

  it('answers a known position with the missed events, and any other with one snapshot', async () => {
    await using t = await table()
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

  it('exports what it can import again, and Markdown to read', async () => {
    await using t = await table()
    const id = await t.begin()
    await t.say('A line worth keeping.')
    const { text } = await t.orchestrator.library.export({ roomId, campaignId: id, format: 'json' })
    const document = CampaignDocument.parse(JSON.parse(text))
    const copy = await t.orchestrator.library.importCampaign({
      roomId,
      caller: dm,
      input: null,
      key: newKey(),
      document,
    })
    expect(await t.stateOf(copy.id)).toEqual(await t.stateOf(id))
    const { text: markdown } = await t.orchestrator.library.export({ roomId, campaignId: copy.id, format: 'markdown' })
    expect(markdown).toContain('A line worth keeping.')
    const broken = { ...document, state: { ...document.state, turn: { round: 1, order: ['ghost'], current: null } } }
    expect(() =>
      t.orchestrator.library.importCampaign({ roomId, caller: dm, input: null, key: newKey(), document: broken }),
    ).toThrow('turn order')
  })

  it('heals a campaign in which an older version stored an id several times, and its old export', async () => {
    await using t = await table()
    const id = await t.begin()
    const whole = await t.stateOf(id)
    const damaged = {
      ...whole,
      characters: [...whole.characters.slice(0, 1), ...whole.characters, ...whole.characters],
    }
    const stored = await t.store.read(({ campaigns }) => campaigns.get(id))
    if (!stored) throw new Error('there is no campaign')
    await t.store.write(({ campaigns }) => campaigns.save({ ...stored, state: damaged }))

    expect(await t.stateOf(id)).toEqual(whole)
    const { text } = await t.orchestrator.library.export({ roomId, campaignId: id, format: 'json' })
    const document = CampaignDocument.parse(JSON.parse(text))
    for (const exported of [document, { ...document, state: damaged }]) {
      const copy = await t.orchestrator.library.importCampaign({
        roomId,
        caller: dm,
        input: null,
        key: newKey(),
        document: exported,
      })
      expect(await t.stateOf(copy.id)).toEqual(whole)
    }
    const [first] = whole.characters
    if (!first) throw new Error('the sample has no character')
    const ambiguous = { ...whole, characters: [...whole.characters, { ...first, name: 'Another' }] }
    expect(() =>
      t.orchestrator.library.importCampaign({
        roomId,
        caller: dm,
        input: null,
        key: newKey(),
        document: { ...document, state: ambiguous },
      }),
    ).toThrow('The file holds the same item twice.')

    await t.say('/scene The crypt')
    const raw = await t.store.read(({ campaigns }) => campaigns.get(id))
    expect(raw?.state).toEqual({ ...whole, scene: 'The crypt' })
    await t.say('/undo')
    expect(await t.stateOf(id)).toEqual(whole)
  })

  it('refuses an order that names a character several times, and changes nothing', async () => {
    await using t = await table()
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
    await using t = await table()
    const id = await t.begin()
    await t.say('before')
    await using again = await table(t.store)
    await again.say('after')
    expect((await again.orchestrator.library.get(roomId, id)).entries.slice(-2).map(({ text }) => text)).toEqual([
      'before',
      'after',
    ])
    expect(again.streamOf('player').map(({ seq }) => seq)).toEqual([3])
  })

  it('a committed change is acknowledged even when the broadcast fails', async () => {
    await using t = await table()
    await t.begin()
    const deaf = new Orchestrator({
      store: t.store,
      narrator: createScribe({ dice: createDice() }),
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
    await using t = await table()
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
      narrator: createScribe({ dice: createDice() }),
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
    await using t = await table()
    await expect(t.say('hello?')).rejects.toMatchObject({ code: 'NO_ACTIVE_CAMPAIGN' })
  })
})
