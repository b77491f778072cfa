import { type CampaignState, emptyState, playerView } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { fightNews } from './fight-news.ts'
import { turnActions } from './turn-actions.ts'

type Character = CampaignState['characters'][number]

const mira: Character = {
  id: 'mira',
  name: 'Mira',
  kind: 'pc',
  hp: { current: 20, max: 28, temp: 0 },
  hpVisible: true,
  armourClass: 14,
  conditions: [],
  initiative: 12,
  ownerId: 'ana',
  visible: true,
  dmNotes: '',
}
const fight = (fields: Partial<Character>, turn: Partial<CampaignState['turn']> = {}, awaiting: string[] = []) =>
  playerView({
    ...emptyState,
    characters: [
      { ...mira, ...fields },
      { ...mira, id: 'goblin', name: 'Goblin', kind: 'monster', ownerId: null },
    ],
    turn: { round: 2, order: ['mira', 'goblin'], current: 'goblin', ...turn },
    encounter: { id: 'e', name: 'Ambush', startedAt: '2026-01-01T00:00:00.000Z', awaiting, fallen: [] },
  })

describe('The news of a player’s own character', () => {
  it('tells damage, healing, conditions and concentration', () => {
    const before = fight({ conditions: ['prone'], concentration: { on: 'bless' } })
    const now = fight({ hp: { current: 13, max: 28, temp: 2 }, conditions: ['poisoned'] })
    expect(fightNews(before, now, 'ana')).toEqual([
      'Mira loses 5: 13 of 28 hit points, and 2 temporary.',
      'Mira is poisoned.',
      'Mira is no longer prone.',
      'Mira no longer concentrates on bless.',
    ])
    expect(fightNews(now, before, 'ana')).toContain('Mira gains 5: 20 of 28 hit points.')
  })

  it('tells that the character goes down and comes up again', () => {
    const down = fight({
      hp: { current: 0, max: 28, temp: 0 },
      downed: { state: 'dying', successes: 0, failures: 0 },
    })
    expect(fightNews(fight({}), down, 'ana')).toEqual(['Mira loses 20: 0 of 28 hit points.', 'Mira is down and dying.'])
    expect(fightNews(down, fight({}), 'ana')).toContain('Mira is up again.')
  })

  it('tells nothing of other people’s characters, and nothing where nothing changed', () => {
    expect(fightNews(fight({}), fight({ conditions: ['prone'] }), 'ben')).toEqual([])
    expect(fightNews(fight({}), fight({}), 'ana')).toEqual([])
  })
})

describe('The buttons of a player’s turn', () => {
  const labels = (...args: Parameters<typeof fight>) => turnActions(fight(...args), 'ana').map(({ label }) => label)

  it('asks for the initiative that is missing', () => {
    expect(labels({}, { current: null, round: 0 }, ['mira', 'goblin'])).toEqual(['Roll initiative'])
    expect(turnActions(fight({}, {}, ['mira', 'goblin']), 'ana')[0]?.operation).toEqual({
      type: 'rollInitiative',
      targets: ['mira'],
    })
  })

  it('ends the own turn alone, with a death save before it for who is dying', () => {
    expect(labels({})).toEqual([])
    expect(labels({}, { current: 'mira' })).toEqual(['End turn'])
    const dying = { state: 'dying', successes: 1, failures: 0 } as const
    expect(labels({ downed: dying }, { current: 'mira' })).toEqual(['Death save', 'End turn'])
    expect(turnActions(fight({}, { current: 'mira' }), 'ben')).toEqual([])
  })
})
