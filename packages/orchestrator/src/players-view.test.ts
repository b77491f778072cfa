// Properties of all that players receive, for any commands of a DM.
import {
  applyPatch,
  type CampaignState,
  markEntries,
  type NarrativeEntry,
  type PlayerCampaignEvent,
  type PlayerView,
  playerView,
  stateHash,
} from '@tablecast/contracts'
import type { StoredEvent } from '@tablecast/store'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roomId } from './testing/room.ts'
import { dm, openTable, player } from './testing/sample-table.ts'

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
        await using t = await openTable()
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
    // Its hit points, before and after a hit. Between letters or hyphens the digits are a part of a hash or an id.
    const hitPoints = /(?<![\w-])73(?:31|26)(?![\w-])/
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
        await using t = await openTable()
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
        expect(bytes).not.toMatch(hitPoints)
        const forDms = t
          .streamOf('dm')
          .map(({ text }) => text)
          .join()
        expect(forDms).toContain(canary)
        expect(forDms).toMatch(hitPoints)
      }),
      { numRuns: 40 },
    )
  })
})
