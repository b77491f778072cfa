import { describe, expect, it } from 'vitest'
import { readNamedLine } from './named-line.ts'

const none = { kind: null, hp: null, armourClass: null, isHidden: null }

describe('a line that begins with a name', () => {
  const lines: Record<string, [name: string, facts: object, rest: string]> = {
    'Mira (pc): HP 18/24, AC 15. Afraid of water': [
      'Mira',
      { kind: 'pc', hp: { current: 18, max: 24 }, armourClass: 15 },
      'Afraid of water',
    ],
    'Dragon, Young Red (monster): HP 178': [
      'Dragon, Young Red',
      { kind: 'monster', hp: { current: 178, max: 178 } },
      '',
    ],
    'Dragon, Young Red': ['Dragon, Young Red', {}, ''],
    'Dragon, Young Red, HP 178, AC 18': ['Dragon, Young Red', { hp: { current: 178, max: 178 }, armourClass: 18 }, ''],
    'Dragon, Young Red [CR 10] (monster, hidden): 178 HP': [
      'Dragon, Young Red [CR 10]',
      { kind: 'monster', isHidden: true, hp: { current: 178, max: 178 } },
      '',
    ],
    'Drowned knight, monster, HP 30/30, AC 17': [
      'Drowned knight',
      { kind: 'monster', hp: { current: 30, max: 30 }, armourClass: 17 },
      '',
    ],
    'Goblin (scout): HP 7 (2d6), AC 15': [
      'Goblin (scout)',
      { hp: { current: 7, max: 7 }, armourClass: 15 },
      '(2d6), AC 15',
    ],
    'Ezmerelda (Rictavio: a student, in disguise): HP 82': [
      'Ezmerelda (Rictavio: a student, in disguise)',
      { hp: { current: 82, max: 82 } },
      '',
    ],
    'Ogre (Large giant, monster, CR 2): AC 11': ['Ogre', { kind: 'monster', armourClass: 11 }, 'Large giant, CR 2'],
    'Mayor Voss – fat, and afraid': ['Mayor Voss', {}, 'fat, and afraid'],
    'Old Marrow — knows the way': ['Old Marrow', {}, 'knows the way'],
    'Jean-Luc Half-Elven HP 12': ['Jean-Luc Half-Elven', { hp: { current: 12, max: 12 } }, ''],
    'Monster Hunter, the elder: HP 3': ['Monster Hunter, the elder', { hp: { current: 3, max: 3 } }, ''],
    'The player of lutes: sings': ['The player of lutes', {}, 'sings'],
    'Hag (hidden): HP -3/10': ['Hag', { isHidden: true, hp: { current: -3, max: 10 } }, ''],
    'Hag: HP 3. Sleeps (hidden)': ['Hag', { isHidden: true, hp: { current: 3, max: 3 } }, 'Sleeps'],
    'Knight (unclosed: HP 3': ['Knight (unclosed', { hp: { current: 3, max: 3 } }, ''],
    'Guard: hit points 11, armour class 16': ['Guard', { hp: { current: 11, max: 11 }, armourClass: 16 }, ''],
    'Guard: strong; has HP 11 and AC 16': [
      'Guard',
      { hp: { current: 11, max: 11 }, armourClass: 16 },
      'strong; has HP 11 and AC 16',
    ],
    'HP 7': ['', { hp: { current: 7, max: 7 } }, ''],
  }
  for (const [line, [name, facts, rest]] of Object.entries(lines))
    it(`reads “${line}”`, () => expect(readNamedLine(line)).toEqual({ name, facts: { ...none, ...facts }, rest }))
})
