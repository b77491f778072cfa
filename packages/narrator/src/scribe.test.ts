import { applyPatch, type CampaignState, commands, diff, emptyState } from '@tablecast/contracts'
import { applyOperation, readNotation, roll, type RollDice } from '@tablecast/rules'
import { describe, expect, it } from 'vitest'
import { createDice } from './dice.ts'
import type { Actor, NarrationResult } from './narrator.ts'
import { createScribe } from './scribe.ts'

/** Every roll comes to 11. */
const rollEleven: RollDice = (given) => {
  const { text: notation, label } = typeof given === 'string' ? readNotation(given) : given
  return { notation, output: `${notation} = 11`, total: 11, label, drawn: [], natural: null }
}
const dm: Actor = { id: 'd', name: 'Dee', role: 'dm' }
const player: Actor = { id: 'p', name: 'Pat', role: 'player' }

const character = (id: string, name: string, visible = true) => ({
  id,
  name,
  kind: 'pc' as const,
  hp: { current: 10, max: 12, temp: 3 },
  hpVisible: visible,
  armourClass: 12,
  conditions: [],
  initiative: null,
  ownerId: null,
  visible,
  dmNotes: '',
})

const state: CampaignState = {
  ...emptyState,
  characters: [character('m', 'Mira'), character('t', 'Old Tom'), character('h', 'The Hag', false)],
  threats: [{ id: 'x', name: 'Flood', detail: '', visible: false }],
  beats: [{ id: 'b', text: 'Find the bell', done: false, visible: false }],
}

async function say(message: string, actor = dm, from = state): Promise<NarrationResult> {
  for await (const part of createScribe({ newId: () => 'new' }).narrate({
    message,
    actor,
    state: from,
    roll: rollEleven,
  }))
    if (part.type === 'final') return carriedOut(part.narration, from)
  throw new Error('no final part')
}

/** With the operations of a command carried out, as the server does it. */
function carriedOut(narration: NarrationResult, from: CampaignState): NarrationResult {
  if (narration.command?.kind !== 'operations') return narration
  const entries: NarrationResult['entries'] = []
  let now = from
  for (const operation of narration.command.operations) {
    const halves: RollDice = (given) => roll(given, (sides) => Math.ceil(sides / 2))
    const done = applyOperation(now, operation, { roll: halves, now: '2026-01-01T00:00:00.000Z', newId: () => 'new' })
    now = { ...now, ...done.state }
    for (const { dm: text, players } of done.lines)
      entries.push({ kind: 'system', text, rolls: [], audience: players === null ? 'dm' : 'all' })
  }
  return { ...narration, patch: diff(from, now), entries }
}

const after = async (message: string, from = state) => {
  const { patch } = await say(message, dm, from)
  return patch ? applyPatch(from, patch) : from
}
const hpOf = (from: CampaignState, id: string) => from.characters.find((one) => one.id === id)?.hp

describe('the scribe', () => {
  it('writes prose as it is, a DM’s as narration and a player’s as theirs', async () => {
    expect((await say('It rains.')).entries).toMatchObject([{ kind: 'narration', text: 'It rains.', audience: 'all' }])
    expect((await say('I listen.', player)).entries).toMatchObject([{ kind: 'player' }])
  })

  it('rolls inline dice and shows how it came about', async () => {
    const { entries } = await say('Tom strikes: [[1d20+5]]!')
    expect(entries).toMatchObject([{ text: 'Tom strikes: **11**!', rolls: [{ notation: '1d20+5', total: 11 }] }])
  })

  it('takes damage from temporary hit points first and stays within bounds', async () => {
    expect(hpOf(await after('/hp mira -5'), 'm')).toEqual({ current: 8, max: 12, temp: 0 })
    expect(hpOf(await after('/hp Mira -99'), 'm')).toEqual({ current: 0, max: 12, temp: 0 })
    expect(hpOf(await after('/hp Mira +99'), 'm')).toMatchObject({ current: 12 })
    expect(hpOf(await after('/hp old tom =4'), 't')).toMatchObject({ current: 4 })
    expect(hpOf(await after('/hp "Old Tom" temp=6'), 't')).toMatchObject({ temp: 6 })
    // A DM set these by hand. Damage never raises them, healing never lowers them.
    const by = async (current: number, command: string) => {
      const set = {
        ...state,
        characters: state.characters.map((one) => ({ ...one, hp: { current, max: 12, temp: 3 } })),
      }
      return hpOf(await after(command, set), 'm')
    }
    expect(await by(-20, '/hp Mira -3')).toEqual({ current: -20, max: 12, temp: 0 })
    expect(await by(-20, '/hp Mira -9')).toEqual({ current: -20, max: 12, temp: 0 })
    // Healing begins at 0.
    expect(await by(-20, '/hp Mira +5')).toEqual({ current: 5, max: 12, temp: 3 })
    expect(await by(30, '/hp Mira +5')).toEqual({ current: 30, max: 12, temp: 3 })
    expect(await by(30, '/hp Mira -5')).toEqual({ current: 28, max: 12, temp: 0 })
    expect(await by(30, '/hp Mira temp=1')).toEqual({ current: 30, max: 12, temp: 1 })
  })

  it('orders turns, wraps them into the next round and ends them', async () => {
    const first = await after('/initiative Mira 17')
    const both = await after('/initiative Old Tom 9', first)
    expect(both.turn).toEqual({ round: 1, order: ['m', 't'], current: 'm' })
    const second = await after('/turn next', both)
    expect(second.turn.current).toBe('t')
    const wrapped = await after('/turn next', second)
    expect(wrapped.turn).toMatchObject({ round: 2, current: 'm' })
    expect((await after('/turn prev', wrapped)).turn).toMatchObject({ round: 1, current: 't' })
    expect((await after('/turn end', wrapped)).turn).toEqual({ round: 0, order: [], current: null })
  })

  it('never names what is hidden in an entry that players get', async () => {
    for (const message of [
      '/hp The Hag -3',
      '/condition hag +prone'.replace('hag', 'The Hag'),
      '/hide Mira',
      '/threat add Ambush',
      '/beat done Find',
      '/initiative The Hag 4',
      '/note x',
    ])
      expect([message, new Set((await say(message)).entries.map(({ audience }) => audience))]).toEqual([
        message,
        new Set(['dm']),
      ])
    expect((await say('/reveal Flood')).entries).toMatchObject([{ audience: 'all' }])
  })

  it('changes nothing for an unknown command or name and says what would be right', async () => {
    await expect(say('/hpp Mira -1')).rejects.toMatchObject({
      code: 'UNKNOWN_COMMAND',
      message: expect.stringContaining('/hp') as string,
    })
    await expect(say('/hp Nobody -1')).rejects.toMatchObject({ message: expect.stringContaining('Mira') as string })
    await expect(say('/hp Mira')).rejects.toMatchObject({ message: expect.stringContaining('-7, +4, =12') as string })
    await expect(say('/condition Mira -prone')).rejects.toMatchObject({ message: 'Mira is not prone.' })
  })

  it('keeps the DM’s commands from players', async () => {
    for (const { name, who } of commands)
      if (who === 'dm') await expect(say(`${name} Mira -1`, player)).rejects.toMatchObject({ code: 'NOT_THE_DM' })
  })

  it('has an action for every command that it announces', async () => {
    for (const { usage } of commands) {
      const result = await say(usage.replace(/ \[.*/, '').replaceAll(/\|\w+/g, '')).catch((error: unknown) => error)
      expect(String(result)).not.toMatch(/there is no command/)
    }
    expect((await say('/help')).reply).toContain('/roll 2d6+3')
    expect((await say('/undo')).action).toBe('undo')
  })
})

describe('dice', () => {
  const throwAny: RollDice = (given, _kind, throwing) =>
    roll(given, (sides) => {
      throwing?.()
      return 1 + Math.floor(Math.random() * sides)
    })
  const dice = { roll: (notation: string) => createDice(throwAny).roll(notation, 'open') }

  it('roll what is asked, within the faces', () => {
    for (let round = 0; round < 200; round++) {
      const { total } = dice.roll('2d6+3')
      expect(total).toBeGreaterThanOrEqual(5)
      expect(total).toBeLessThanOrEqual(15)
    }
  })

  it('refuse text that is no roll, and too many dice', () => {
    for (const notation of [
      '',
      'x',
      '1001d6',
      '600d6+600d6',
      '(50*90)d6',
      '1d6/0',
      `1d${'9'.repeat(120)}`,
      'process.exit()',
    ])
      expect(() => dice.roll(notation)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }) as Error)
  })
})
