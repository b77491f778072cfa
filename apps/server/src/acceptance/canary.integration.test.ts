// Plants the word CANARY in every field that only DMs may read, and looks for it in every byte that others receive.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Callers } from '../testing/canary/callers.ts'
import { noteDice } from '../testing/canary/dice.ts'
import { fight } from '../testing/canary/fight.ts'
import { mapOut } from '../testing/canary/maps.ts'
import { hideSample, show } from '../testing/canary/pictures.ts'
import { type CanaryTable, openCanaryTable, roomId } from '../testing/canary/table.ts'
import { takeBack } from '../testing/canary/taken-back.ts'
import { newKey, until } from '../testing/testbed.ts'

const CANARY = /CANARY/
const NUMBER = /(?<!\d)4321(?!\d)/
/** Seeds, hashes and ids, which may hold any digits. */
const RANDOM = /[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{14}\b/g

describe('a secret of the DM', () => {
  let table: CanaryTable
  let callers: Callers

  const haveAll = (words: string, ...people: string[]) =>
    until(() => people.every((who) => callers.received(who).join().includes(words)))

  /** Words, dice, threats, a character and an environment that players do not see. */
  async function write(): Promise<void> {
    const { dm, say, edit } = table
    await say('/secret CANARY of a secret [[1d20]]')
    const nonce = 'CANARY-of-a-nonce'
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/gmroll 3d43', nonce })
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/roll 1d20' })
    await say('/note CANARY of a note')
    await say('/threat add CANARY of a threat: with CANARY detail')
    await say('/beat add CANARY of a beat')
    await edit({
      characters: {
        upsert: [
          {
            id: 'hidden',
            name: 'CANARY of a character',
            kind: 'monster',
            hp: { current: 4_321, max: 4_321, temp: 0 },
            hpVisible: true,
            armourClass: 1,
            conditions: ['CANARY'],
            initiative: 3,
            ownerId: null,
            visible: false,
            dmNotes: 'CANARY',
          },
        ],
      },
      environment: { upsert: [{ id: 'fog', text: 'CANARY of an environment', visible: false }] },
    })
    await say('/turn CANARY of a character').catch(() => null)
  }

  /** Whispers, a ban, and a campaign that is not open. */
  async function keepApart(): Promise<void> {
    const { testbed, dm, robin, campaignId, ids, say } = table
    await dm.http.campaign.whisper.mutate({
      roomId,
      key: newKey(),
      to: robin.session.userId,
      message: 'CANARY of a whisper',
    })
    await robin.http.campaign.whisper.mutate({ roomId, key: newKey(), message: 'CANARY of an answer [[1d20]]' })
    // A ban writes the banned guest's name to the room's audit trail.
    const banned = await testbed.signIn('CANARY of the banned')
    const code = dm.details.invites.find(({ role }) => role === 'player')?.code ?? ''
    await banned.http.rooms.join.mutate({ key: newKey(), code })
    await dm.http.rooms.ban.mutate({ roomId, key: newKey(), userId: banned.session.userId })
    await dm.http.campaign.export.query({ roomId, campaignId: ids.closed, format: 'json' })
    await say('/undo')
    await say('/redo')
    const { id, report } = await dm.http.campaign.importScenario.mutate({
      roomId,
      key: newKey(),
      markdown: `# An adventure\n\n## Scene\n\nA gate. %%CANARY of a comment%%\n\n## CANARY of a heading\n\nCANARY of a page.\n\n${'CANARY of much. '.repeat(2_000)}`,
    })
    ids.adventure = id
    expect(report.counts.pages).toBe(3)
    ids.page = (await dm.http.campaign.pages.query({ roomId, campaignId: id })).pages[2]?.id ?? ''
    // Players see its first scene. Its other pages stay with the DM.
    await dm.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId: id })
    await haveAll('A gate.', 'player', 'spectator')
    await say('The gate opens.')
    await dm.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId })
    await say('All is told.')
    await haveAll('All is told.', 'player', 'spectator', 'screen')
  }

  beforeAll(async () => {
    table = await openCanaryTable()
    callers = new Callers(table)
    const { dm, ids, state, noteNames, secretNames } = table
    await hideSample(table)
    const deleted = await dm.http.campaign.create.mutate({
      roomId,
      key: newKey(),
      name: 'CANARY of a deleted campaign',
    })
    await dm.http.campaign.delete.mutate({ roomId, key: newKey(), campaignId: deleted.id })
    const closed = await dm.http.campaign.create.mutate({ roomId, key: newKey(), name: 'CANARY of a closed campaign' })
    ids.closed = closed.id
    await takeBack(table)
    callers.listenAll()
    await haveAll('campaign_active', 'player', 'spectator', 'screen')
    await write()
    await fight(table)
    await show(table)
    await mapOut(table)
    await keepApart()
    await noteDice(table)
    // The ban, and the campaign that opened again, gave new ones. Players have those of tiles.
    await noteNames()
    const { tiles } = await state()
    for (const { name } of tiles ?? []) secretNames.delete(name)
    await callers.askAll()
    // Clients that connect later get a snapshot.
    const snapshots = (who: string) => callers.received(who).join().split('campaign_active').length
    const before = snapshots('player')
    callers.listenAll()
    await until(() => snapshots('player') >= before + 3 && snapshots('spectator') >= before + 3)
  }, 120_000)
  afterAll(async () => {
    callers[Symbol.dispose]()
    await table[Symbol.asyncDispose]()
  })

  it('reaches the DM, and a whisper reaches its player, so this test would see a leak', async () => {
    const { dm, robin, campaignId, ids, secretNames } = table
    const { state, entries } = await dm.http.campaign.get.query({ roomId, campaignId })
    expect(JSON.stringify(state)).toMatch(CANARY)
    expect(JSON.stringify(entries)).toContain('CANARY of an answer')
    for (const secret of ['of a block', 'of an encounter', 'of a creature', 'of a use'])
      expect(
        JSON.stringify([
          state,
          await dm.http.encounters.list.query({ roomId, campaignId }),
          await dm.http.statBlocks.search.query({ roomId, query: 'canary' }),
        ]),
      ).toContain(`CANARY ${secret}`)
    expect(callers.received('player').join()).toContain('Hooded figure')
    expect(callers.received('player').join()).toContain('A mill')
    const request = { roomId, campaignId, mapId: ids.shownMap }
    expect(JSON.stringify(await dm.http.maps.walls.query(request))).toContain('4321')
    for (const secret of ['CANARY of a hidden map', 'CANARY in fog', '"x":4321'])
      expect(JSON.stringify(state)).toContain(secret)
    const { events } = await robin.http.campaign.whispersSince.query({ roomId, cursor: null })
    expect(JSON.stringify(events)).toContain('CANARY for Robin, in other words')
    expect(secretNames.size).toBeGreaterThan(11)
    const secretRolls = await dm.http.dice.rolls.query({ roomId, campaignId, chainId: ids.secretChain })
    expect(JSON.stringify(secretRolls)).toContain('CANARY-again')
    expect(callers.received('player').join()).toMatch(/"kind":"open","hash":"[0-9a-f]{64}","seed":null/)
    expect([...secretNames].some((name) => JSON.stringify(state).includes(name))).toBe(true)
    const page = await dm.http.campaign.page.query({ roomId, campaignId: ids.adventure, pageId: ids.page })
    expect([page.title, page.text]).toEqual([expect.stringMatching(CANARY), expect.stringMatching(CANARY)])
    const mine = await robin.http.campaign.whisperHistory.query({ roomId, campaignId })
    expect(mine.entries.map(({ text }) => text)).toEqual([
      'CANARY of a whisper',
      expect.stringContaining('CANARY of an answer'),
    ])
  })

  it('reaches a screen as the words that players see, so this test would see a leak there', () => {
    expect(callers.received('screen').join()).toContain('All is told.')
    expect(callers.received('screen').join()).toContain('Hooded figure')
  })

  for (const who of ['player', 'spectator', 'stranger', 'anonymous', 'screen'])
    it(`is in no byte that the ${who} caller receives`, () => {
      const all = callers.received(who)
      expect(all.length).toBeGreaterThan(20)
      // The banned guest's name is no secret: the whole table saw that guest join.
      const received = all.map((text) => text.replaceAll('CANARY of the banned', '').replaceAll(RANDOM, 'random'))
      expect(received.filter((text) => CANARY.test(text))).toEqual([])
      expect(received.filter((text) => NUMBER.test(text))).toEqual([])
      for (const name of table.secretNames) expect(all.filter((text) => text.includes(name))).toEqual([])
    })
})
