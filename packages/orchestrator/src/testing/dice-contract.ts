// The promises of dice that can be checked, as tests that each database runs.
import { checkRolls, isSeedOf } from '@tablecast/rules/chain'
import type { DiceChainRow, DiceRollRow, Store } from '@tablecast/store'
import { describe, expect, it } from 'vitest'
import { type Orchestrator, type RoomCaller, trustedCaller } from '../index.ts'
import { aCharacter, heroesAndGoblin } from './fight-room.ts'
import { codeOf, newKey, openRoom, requestBy, roomId } from './room.ts'

const dee = trustedCaller({ id: 'dee', name: 'Dee', role: 'dm' })
const pat = trustedCaller({ id: 'pat', name: 'Pat', role: 'player' })
const members = [
  { id: 'dee', name: 'Dee', role: 'dm' },
  { id: 'pat', name: 'Pat', role: 'player' },
] as const

/** `stores`: of one database, one for each node. */
async function openDiceTable(stores: readonly [Store, ...Store[]]) {
  const nodes: Orchestrator[] = []
  for (const one of stores) nodes.push((await openRoom(one, { members })).orchestrator)
  const [first] = nodes
  if (!first) throw new Error('there is no node')
  const [store] = stores
  const state = {
    ...heroesAndGoblin,
    characters: [
      ...heroesAndGoblin.characters,
      aCharacter('wolf', { name: 'Wolf', kind: 'monster', hpVisible: false }),
    ],
  }
  const { id: campaignId } = await first.library.create({ ...requestBy(dee), name: 'C', state })
  await first.activateCampaign({ ...requestBy(dee), campaignId })
  const chainsOf = async (audience: 'dm' | 'player' = 'dm', of = campaignId) =>
    (await first.dice.chains({ roomId, campaignId: of, audience, before: null })).chains
  const rollsOf = async (chainId: string, audience: 'dm' | 'player' = 'dm') => {
    const rolls: DiceRollRow[] = []
    for (;;) {
      const page = await first.dice.rolls({ roomId, campaignId, audience, chainId, from: rolls.length, limit: 7 })
      rolls.push(...page.rolls)
      if (!page.more) return rolls
    }
  }
  return {
    store,
    first,
    nodes,
    campaignId,
    chainsOf,
    rollsOf,
    say: (message: string, caller: RoomCaller = dee, node = first) =>
      node.processChatMessage({ ...requestBy(caller), message }),
    reveal: (chainId: string, caller: RoomCaller = dee) =>
      first.dice.reveal({ ...requestBy(caller), campaignId, chainId }),
    entries: async () => (await first.library.get(roomId, campaignId)).entries,
    /** The chain of this kind that rolls go on with. */
    current: async (kind: DiceChainRow['kind']) => {
      const found = (await chainsOf()).find((one) => one.kind === kind && one.isCurrent)
      if (!found) throw new Error(`no ${kind} chain is current`)
      return found
    },
  }
}

/** `open`: one node on a new database, or several. */
export function diceContract(open: () => Promise<readonly [Store, ...Store[]]>): void {
  describe('dice that can be checked', () => {
    it('stand as a hash in the story before their first roll, and check out once the seed is shown', async () => {
      const table = await openDiceTable(await open())
      await table.say('/roll 1d20+5 Stealth', pat)
      await table.say('We go. [[2d6]] and [[1d4+1]]', pat)
      const [line, first] = await table.entries()
      const { id, hash } = await table.current('open')
      expect(line).toMatchObject({ kind: 'system', audience: 'all', author: { role: 'system' } })
      expect(line?.text).toContain(hash)
      expect(first?.rolls[0]?.label).toBe('Stealth')
      const { revealed, next } = await table.reveal(id)
      expect(revealed).toMatchObject({ id, hash, rolls: 3, isCurrent: false })
      expect(next).toMatchObject({ kind: 'open', rolls: 0, seed: null, isCurrent: true })
      expect(isSeedOf(revealed.seed ?? '', hash)).toBe(true)
      const rolls = await table.rollsOf(id, 'player')
      expect([...checkRolls(revealed.seed ?? '', rolls)].map(({ mismatch }) => mismatch)).toEqual([null, null, null])
      const entries = await table.entries()
      for (const { entryId, total, notation } of rolls)
        expect(entries.find((one) => one.id === entryId)?.rolls).toContainEqual(
          expect.objectContaining({ total, notation }),
        )
      expect(entries.at(-1)?.text).toContain(revealed.seed)
      expect(entries.at(-1)?.text).toContain(next.hash)
      // No undo takes the lines back: the last step is the message.
      await table.say('/roll 1d6')
      await table.first.undo({ ...requestBy(dee), campaignId: table.campaignId })
      const after = await table.entries()
      expect(after.filter(({ kind, withdrawn }) => kind === 'system' && withdrawn)).toEqual([])
      expect(await table.rollsOf(next.id)).toHaveLength(1)
    })

    it('keep the dice of DMs, whispers and hidden fighters in a chain of their own, and show no gap', async () => {
      const table = await openDiceTable(await open())
      const { say, first, campaignId } = table
      const operate = (operation: Parameters<typeof first.fights.operate>[0]['operation']) =>
        first.fights.operate({ ...requestBy(dee), campaignId, operation })
      await say('/roll 1d20')
      await say('/secret The trap does [[3d6]].')
      await say('/gmroll 1d20')
      await say('/gmroll 1d20', pat)
      await first.whisper({ ...requestBy(pat), message: 'I sneak: [[1d20]]', to: null })
      await first.whisper({ ...requestBy(dee), message: '/roll 1d8', to: 'pat' })
      await operate({ type: 'rollInitiative', targets: ['mira', 'goblin', 'wolf'] })
      await operate({ type: 'save', targets: ['mira'], ability: 'dex', dc: 12, concentration: false })
      await operate({ type: 'heal', targets: ['mira'], amount: '1d4' })
      await say('/roll 1d12', pat)
      const open_ = await table.rollsOf((await table.current('open')).id, 'player')
      const secret = await table.rollsOf((await table.current('secret')).id)
      expect(open_.map(({ counter, notation }) => [counter, notation])).toEqual([
        [0, '1d20'],
        [1, '1d20+3'],
        [2, '1d4'],
        [3, '1d12'],
      ])
      expect(secret.map(({ counter }) => counter)).toEqual(secret.map((_one, index) => index))
      expect(secret.length).toBeGreaterThanOrEqual(6)
      const entries = await table.entries()
      const audienceOf = (id: string | null) => entries.find((one) => one.id === id)?.audience
      expect(open_.every(({ entryId }) => audienceOf(entryId) === 'all')).toBe(true)
      expect(secret.every(({ entryId }) => audienceOf(entryId) !== 'all')).toBe(true)
      // A player learns of the open chain alone.
      expect((await table.chainsOf('player')).map(({ kind }) => kind)).toEqual(['open'])
      const { id } = await table.current('secret')
      expect(await codeOf(table.rollsOf(id, 'player'))).toBe('NOT_FOUND')
      const { revealed } = await table.reveal(id)
      expect([...checkRolls(revealed.seed ?? '', secret)].every(({ mismatch }) => mismatch === null)).toBe(true)
      expect((await table.entries()).at(-1)).toMatchObject({ audience: 'dm' })
      expect(JSON.stringify(await table.chainsOf('player'))).not.toContain(revealed.seed)
    })

    it('use up no number for a refused command, and one for a call that is repeated', async () => {
      const table = await openDiceTable(await open())
      const request = { ...requestBy(pat), key: newKey(), message: '/roll 1d20', nonce: 'mine' }
      for (let times = 0; times < 3; times++) await table.first.processChatMessage(request)
      for (const refused of ['/roll 600d6+600d6', '/roll 100d2!>=1', '[[1d6]] and [[1001d6]]', '/roll 1d', '/roll 5+3'])
        await codeOf(table.say(refused, pat))
      await codeOf(table.first.whisper({ ...requestBy(pat), message: '/turn [[1d6]]', to: null }))
      await table.say('/roll 1d6', pat)
      const rolls = await table.rollsOf((await table.current('open')).id)
      expect(rolls.map(({ counter, notation, nonce }) => [counter, notation, nonce === 'mine'])).toEqual([
        [0, '1d20', true],
        [1, '1d6', false],
      ])
      expect((await table.chainsOf()).filter(({ kind }) => kind === 'secret')).toEqual([])
    })

    it('repeat and skip no number where many roll at once, on all nodes, and transactions are cut off', async () => {
      const table = await openDiceTable(await open())
      const { nodes, store, campaignId } = table
      for (let round = 0; round < 12; round++) {
        // A round at a time: a call that waits behind too many others is given up on a busy machine.
        const work: Promise<unknown>[] = []
        for (const [at, node] of nodes.entries()) {
          const key = newKey()
          const call = () => node.processChatMessage({ ...requestBy(at % 2 ? dee : pat), key, message: '/roll 2d6' })
          work.push(call(), call(), table.say(round % 2 ? '/secret [[1d6]]' : 'Words', dee, node))
          work.push(table.say('/roll 2000d6', pat, node).catch(() => null))
          // A transaction that took numbers and never committed.
          const lost = store.write(async (tables) => {
            await tables.rooms.lock(roomId)
            const chain = (await tables.dice.current(campaignId)).find(({ kind }) => kind === 'open')
            const roll = { nonce: 'n', notation: '1d6', draws: [[6, 1]] as [number, number][], total: 1, at: '' }
            if (chain) await tables.dice.add(chain.id, [{ ...roll, counter: chain.rolls, entryId: null }])
            throw new Error('cut off')
          })
          work.push(lost.catch(() => null))
        }
        await Promise.all(work)
      }
      const chain = await table.current('open')
      const rolls = await table.rollsOf(chain.id)
      expect(chain.rolls).toBe(12 * nodes.length)
      expect(rolls.map(({ counter }) => counter)).toEqual(rolls.map((_one, index) => index))
      expect(new Set(rolls.map(({ entryId }) => entryId)).size).toBe(rolls.length)
      const { revealed } = await table.reveal(chain.id)
      expect([...checkRolls(revealed.seed ?? '', rolls)].every(({ mismatch }) => mismatch === null)).toBe(true)
      expect((await table.chainsOf()).filter(({ kind }) => kind === 'open')).toHaveLength(2)
    })

    it('stay when their entry is edited, deleted or taken back', async () => {
      const table = await openDiceTable(await open())
      const { first, campaignId } = table
      await table.say('I jump. [[1d20]]', pat)
      const entry = (await table.entries()).at(-1)
      const { id } = await table.current('open')
      const before = await table.rollsOf(id)
      const of = () => ({ ...requestBy(pat), campaignId, entryId: entry?.id ?? '' })
      await first.editEntry({ ...of(), text: 'I fall.' })
      await first.deleteEntry({ ...of(), deleted: true })
      expect(await table.rollsOf(id)).toEqual(before)
      expect(before).toHaveLength(1)
    })

    it('have their seed shown by a DM alone, once, and only after a roll', async () => {
      const table = await openDiceTable(await open())
      await table.say('/roll 1d20', pat)
      const { id } = await table.current('open')
      expect(await codeOf(table.reveal('unknown'))).toBe('NOT_FOUND')
      const request = { ...requestBy(dee), campaignId: table.campaignId, chainId: id }
      const [one, again] = [await table.first.dice.reveal(request), await table.first.dice.reveal(request)]
      expect(again).toEqual(one)
      expect(await codeOf(table.reveal(id))).toBe('CONFLICT')
      expect(await codeOf(table.reveal(one.next.id))).toBe('CONFLICT')
      expect(await table.chainsOf()).toHaveLength(2)
    })

    it('begin with new seeds in a copy and in an import, and no export holds a chain', async () => {
      const table = await openDiceTable(await open())
      const { first, campaignId, store } = table
      await table.say('/roll 1d20', pat)
      await table.say('/secret [[1d20]]')
      const { revealed } = await table.reveal((await table.current('open')).id)
      await table.say('/roll 1d20', pat)
      const seeds = (await store.read(({ dice }) => dice.current(campaignId))).map(({ seed }) => seed)
      expect(seeds).toHaveLength(2)
      const copy = await first.library.duplicate({ ...requestBy(dee), campaignId, name: 'Copy', withStory: true })
      for (const format of ['json', 'markdown'] as const)
        for (const audience of ['dm', 'player'] as const) {
          if (format === 'json' && audience === 'player') continue
          const { text } = await first.library.export({ roomId, campaignId, format, audience })
          for (const seed of seeds) expect(text).not.toContain(seed)
          // The line of the story is a part of the export.
          expect(text).toContain(revealed.seed)
        }
      const { text } = await first.library.export({ roomId, campaignId, format: 'json' })
      const document = JSON.parse(text) as Parameters<typeof first.library.importCampaign>[0]['document']
      const imported = await first.library.importCampaign({ ...requestBy(dee), document })
      for (const { id } of [copy, imported]) {
        expect(await table.chainsOf('dm', id)).toEqual([])
        await first.activateCampaign({ ...requestBy(dee), campaignId: id })
        await table.say('/roll 1d20', pat)
        const [chain] = await table.chainsOf('dm', id)
        expect(chain).toMatchObject({ rolls: 1, earlierRolls: true, isCurrent: true })
        expect(await store.read(({ dice }) => dice.current(id))).toMatchObject([{ rolls: 1 }])
        for (const { seed } of await store.read(({ dice }) => dice.current(id))) expect(seeds).not.toContain(seed)
      }
    })

    it('of another room or of a campaign that is closed are unknown to a player', async () => {
      const table = await openDiceTable(await open())
      await table.say('/roll 1d20', pat)
      await table.first.deactivateCampaign(requestBy(dee))
      expect(await codeOf(table.chainsOf('player'))).toBe('CAMPAIGN_NOT_FOUND')
      expect(await table.chainsOf('dm')).toHaveLength(1)
      const elsewhere = { roomId: 'other', campaignId: table.campaignId, audience: 'dm' as const, before: null }
      expect(await codeOf(table.first.dice.chains(elsewhere))).toBe('CAMPAIGN_NOT_FOUND')
    })
  })
}
