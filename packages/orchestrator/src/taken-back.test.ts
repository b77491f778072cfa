// An undo takes words and revelations away from players: from every read, and from every position in the log.
import { type CampaignEvent, type NarrativeEntry, playerView, type WhisperEvent } from '@tablecast/contracts'
import { openStore, type StoredEvent } from '@tablecast/store'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Listener, sampleCampaign, trustedCaller } from './index.ts'
import { openRoom, requestBy, roomId } from './testing/room.ts'

const dm = { id: 'dm', name: 'Dee', role: 'dm' } as const
const player = { id: 'pl', name: 'PAT-THE-AUTHOR', role: 'player' } as const
const member = { id: player.id, name: player.name }
const request = (actor: typeof dm | typeof player = dm) => requestBy(trustedCaller(actor))

async function table() {
  const store = await openStore({ dataDir: ':memory:' })
  const events: StoredEvent[] = []
  const looked: string[] = []
  const { orchestrator } = await openRoom(store, {
    members: [{ ...member, role: 'player' }],
    broadcaster: { broadcast: (event) => void events.push(event), recheck: (ids) => void looked.push(...ids) },
  })
  const begin = async () => {
    const sample = sampleCampaign(new Date())
    const threats = [...sample.state.threats, { id: 'cult', name: 'CULT-NAME', detail: 'CULT-DETAIL', visible: false }]
    const { id } = await orchestrator.library.create({
      ...request(),
      ...sample,
      state: { ...sample.state, threats },
    })
    await orchestrator.activateCampaign({ ...request(), campaignId: id })
    return id
  }
  const say = (message: string, actor: typeof dm | typeof player = dm) =>
    orchestrator.processChatMessage({ ...request(actor), message })
  const whisper = (message: string) => orchestrator.whisper({ ...request(), message, to: member.id })
  /** Everything that this listener can get by now: from every place it may have been at, and page by page. */
  const everything = async (campaignId: string, listener: Listener) => {
    const { epoch, head } = await orchestrator.openStream(roomId, listener)
    const read: string[] = []
    for (const seq of [null, ...Array.from({ length: head + 1 }, (_, index) => index)]) {
      const answer = await orchestrator.eventsAfter(roomId, listener, seq === null ? null : { epoch, seq })
      read.push(...(answer.kind === 'events' ? answer.events.map(({ text }) => text) : [answer.text]))
    }
    for (let before: string | null = null; ;) {
      const page = await orchestrator.history({ roomId, campaignId, listener, before, limit: 3 })
      read.push(...page.entries.map((entry) => JSON.stringify(entry)))
      before = page.entries[0]?.id ?? null
      if (!page.more) break
    }
    return read.join('\n')
  }
  return {
    store,
    orchestrator,
    events,
    looked,
    begin,
    say,
    whisper,
    everything,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

const eventsOf = (events: readonly StoredEvent[], listener: string) =>
  events
    .filter(({ streamId }) => streamId === `room:r:${listener}`)
    .map(({ text }) => JSON.parse(text) as CampaignEvent)

describe('a withdrawn entry', () => {
  it('is in no answer to a player or member, after any sequence of commands and from any position', async () => {
    const step = fc.constantFrom(
      'say',
      'player',
      'roll',
      'secret',
      'whisper',
      '/threat reveal CULT-NAME',
      '/threat hide CULT-NAME',
      'scene',
      '/undo',
      '/undo',
      '/undo',
      '/redo',
      'edit',
      'delete',
      'restore',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        await using t = await table()
        const campaignId = await t.begin()
        const newest = async (isWanted: (entry: NarrativeEntry) => boolean) => {
          const { entries } = await t.store.read((tables) => tables.entries.page(campaignId, 'dm', { limit: 100 }))
          return entries.findLast((entry) => entry.text.includes('WORD-') && isWanted(entry))
        }
        /** Words that an edit replaced. */
        const replaced: string[] = []
        const edit = async (word: string) => {
          const entry = await newest(({ kind, withdrawn }) => !withdrawn && kind !== 'roll' && kind !== 'system')
          if (!entry) return
          replaced.push(entry.text)
          await t.orchestrator.editEntry({ ...request(), campaignId, entryId: entry.id, text: word })
        }
        const setDeleted = async (deleted: boolean) => {
          // The line of a command says what the state shows, and deleting it changes no state.
          const entry = await newest((one) => one.kind !== 'system' && (one.deleted ?? false) !== deleted)
          if (entry) await t.orchestrator.deleteEntry({ ...request(), campaignId, entryId: entry.id, deleted })
        }
        for (const [index, what] of steps.entries()) {
          const word = `WORD-${index}-`
          const attempts = new Map<string, () => Promise<unknown>>([
            ['say', () => t.say(`${word} [[1d20]]`)],
            ['player', () => t.say(word, player)],
            ['roll', () => t.say(`/roll 1d20 ${word}`)],
            ['secret', () => t.say(`/secret ${word}`)],
            ['whisper', () => t.whisper(word)],
            ['scene', () => t.say(`/scene ${word}`)],
            ['edit', () => edit(word)],
            ['delete', () => setDeleted(true)],
            ['restore', () => setDeleted(false)],
          ])
          await (attempts.get(what) ?? (() => t.say(what)))().catch((error: { code?: string }) => {
            expect(['UNKNOWN_COMMAND', 'NOTHING_TO_UNDO']).toContain(error.code)
          })
        }
        const { state } = await t.orchestrator.library.get(roomId, campaignId)
        const all = await t.store.read(({ entries }) => entries.page(campaignId, 'dm', { limit: 500 }))
        const ofPlayers = await t.everything(campaignId, 'player')
        const ofMember = await t.everything(campaignId, { memberId: player.id })
        for (const word of replaced)
          expect([word, ofPlayers.includes(word), ofMember.includes(word)]).toEqual([word, false, false])
        const wordsOf = ({ text, rolls }: NarrativeEntry) =>
          [/WORD-\d+-/.exec(text + rolls.map(({ label }) => label).join())?.[0]].filter((word) => word !== undefined)
        for (const entry of all.entries)
          for (const word of wordsOf(entry)) {
            const isTold = !entry.withdrawn && entry.audience === 'all'
            expect([word, ofPlayers.includes(word)]).toEqual([word, isTold])
            const isShown = !entry.withdrawn && entry.audience === 'member'
            expect([word, ofMember.includes(word)]).toEqual([word, isShown])
          }
        // No patch holds an undone reveal either.
        const isRevealed = all.entries.some(
          ({ text, withdrawn }) => text.includes('A threat: **CULT-NAME') && !withdrawn,
        )
        if (!isRevealed) expect(ofPlayers).not.toMatch(/CULT-(NAME|DETAIL)/)
        expect(JSON.stringify(playerView(state)).includes('CULT-NAME')).toBe(
          state.threats.some(({ id, visible }) => id === 'cult' && visible),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('is announced by its id alone, and a redo brings the whole entry', async () => {
    await using t = await table()
    await t.begin()
    await t.say('The lost words. [[1d20]]')
    await t.say('/undo')
    await t.say('/redo')
    const [said, undone, redone] = eventsOf(t.events, 'player').slice(1)
    if (said?.type !== 'campaign_updated' || undone?.type !== 'campaign_updated' || redone?.type !== 'campaign_updated')
      throw new Error('not three updates')
    const entry = said.entries.at(-1)
    expect(undone.withdrawn).toEqual([{ id: entry?.id, withdrawn: true }])
    expect(JSON.stringify(undone)).not.toContain('lost words')
    expect(redone.withdrawn).toEqual([{ id: entry?.id, withdrawn: false, entry }])
    // DMs never lost it, and do not get it twice.
    const dms = eventsOf(t.events, 'dm').slice(1)
    expect(dms.at(-1)).toMatchObject({ withdrawn: [{ id: entry?.id, withdrawn: false }] })
    expect(JSON.stringify(dms.at(-1))).not.toContain('lost words')
  })

  it('does not name its author', async () => {
    await using t = await table()
    const campaignId = await t.begin()
    // No command withdraws a player's entry, so the test does it in the store.
    await t.say('Out of character.', player)
    const { entries } = await t.orchestrator.library.get(roomId, campaignId)
    const id = entries.at(-1)?.id ?? ''
    await t.store.write((tables) => tables.entries.setWithdrawn(campaignId, [id], true))
    const page = await t.orchestrator.history({ roomId, campaignId, listener: 'player', before: null, limit: 1 })
    expect(page.entries).toMatchObject([{ id, withdrawn: true, text: '', rolls: [] }])
    expect(JSON.stringify(page)).not.toContain(player.name)
  })

  it('keeps its words for the DM in the history, the snapshot and the events', async () => {
    await using t = await table()
    const campaignId = await t.begin()
    await t.say('The lost words.')
    await t.whisper('The lost whisper.')
    await t.say('/undo')
    await t.say('/undo')
    const read = await t.everything(campaignId, 'dm')
    expect(read).toContain('The lost words.')
    expect(read).toContain('The lost whisper.')
    expect((await t.orchestrator.library.get(roomId, campaignId)).entries.slice(-2)).toMatchObject([
      { text: 'The lost words.', withdrawn: true },
      { text: 'The lost whisper.', withdrawn: true },
    ])
  })

  it('that only DMs saw leaves the players’ stream as it is', async () => {
    await using t = await table()
    await t.begin()
    await t.say('For all.')
    const { epoch, head } = await t.orchestrator.openStream(roomId, 'player')
    await t.say('/secret For the DM.')
    await t.say('/undo')
    expect(await t.orchestrator.eventsAfter(roomId, 'player', { epoch, seq: head - 1 })).toMatchObject({
      kind: 'events',
      events: [{ seq: head }],
      floor: 0,
    })
  })

  it('that was a whisper is announced to its member, who keeps the other whispers', async () => {
    await using t = await table()
    await t.begin()
    await t.whisper('Kept.')
    await t.whisper('Lost.')
    await t.say('/undo')
    const { epoch, head } = await t.orchestrator.openStream(roomId, { memberId: player.id })
    const answer = await t.orchestrator.eventsAfter(roomId, { memberId: player.id }, { epoch, seq: head - 1 })
    if (answer.kind !== 'events') throw new Error('a snapshot for a client that missed only the undo')
    const event = JSON.parse(answer.events[0]?.text ?? '') as WhisperEvent
    expect(event).toMatchObject({ type: 'whispered', entries: [], withdrawn: [{ withdrawn: true }] })
    const before = await t.orchestrator.eventsAfter(roomId, { memberId: player.id }, { epoch, seq: 0 })
    if (before.kind !== 'snapshot') throw new Error('the events from before the undo')
    expect(JSON.parse(before.text)).toMatchObject({ entries: [{ text: 'Kept.' }, { text: '', withdrawn: true }] })
  })

  it('of a closed campaign leaves the players’ log too, and players hear nothing of that campaign', async () => {
    await using t = await table()
    const first = await t.begin()
    await t.say('The lost words.')
    await t.begin()
    const { epoch, head } = await t.orchestrator.openStream(roomId, 'player')
    await t.orchestrator.undo({ ...request(), campaignId: first })
    expect((await t.orchestrator.openStream(roomId, 'player')).head).toBe(head)
    const answer = await t.orchestrator.eventsAfter(roomId, 'player', { epoch, seq: 1 })
    expect(answer.kind).toBe('snapshot')
    expect(await t.orchestrator.eventsAfter(roomId, 'player', { epoch, seq: head })).toMatchObject({ events: [] })
    expect(JSON.stringify(answer)).not.toContain('The lost words.')
    // Caches have to learn the new floor.
    expect(t.looked).toEqual(['room:r:player'])
    const { version } = (await t.orchestrator.library.get(roomId, first)).campaign
    const edit = { ...request(), campaignId: first, baseVersion: version, patch: { scene: 'Being prepared' } }
    await t.orchestrator.editCampaign(edit)
    expect(JSON.stringify(eventsOf(t.events, 'player'))).not.toContain('Being prepared')
  })
})
