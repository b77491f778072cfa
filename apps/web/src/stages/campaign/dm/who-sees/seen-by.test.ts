import { CampaignState, type Character, type Member } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { keptOfCharacter, seenByWords, whoSeesArea, whoSeesEntry, whoSeesHandout, whoSeesToken } from './seen-by.ts'

const member = (userId: string, name: string): Member => ({ userId, name, role: 'player', joinedAt: '' })
const members = [member('m', 'Mira'), member('t', 'Tobin')]

describe('“Who sees this?”', () => {
  it('names everyone, single players and the DMs, or the DMs alone', () => {
    expect(seenByWords('everyone')).toBe('Everyone at the table, and every screen.')
    expect(seenByWords({ names: ['Mira'] })).toBe('Mira and the DMs.')
    expect(seenByWords({ names: ['Mira', 'Tobin'] })).toBe('Mira, Tobin, and the DMs.')
    expect(seenByWords('dms')).toBe('Only DMs.')
  })

  it('says “Only DMs” for a handout whose players have all left', () => {
    const words = (ids: string[]) => seenByWords(whoSeesHandout({ shownTo: 'members', members: ids }, members))
    expect(words(['m'])).toBe('Mira and the DMs.')
    expect(words(['gone'])).toBe('Only DMs.')
  })

  it('names the player of a whisper, and nobody else', () => {
    expect(whoSeesEntry({ audience: 'member', member: { id: 'm', name: 'Mira' } })).toEqual({ names: ['Mira'] })
    expect(whoSeesEntry({ audience: 'dm' })).toBe('dms')
    expect(whoSeesEntry({ audience: 'all' })).toBe('everyone')
  })

  it('says what of a visible character stays with the DMs', () => {
    const goblin = { visible: true, hpVisible: false, alias: 'Hooded figure' } as Character
    expect(keptOfCharacter(goblin)).toBe('Only DMs see its hit points, armour class, real name, and DM notes.')
    expect(keptOfCharacter({ ...goblin, hpVisible: true, alias: null })).toBe('Only DMs see its DM notes.')
    expect(keptOfCharacter({ ...goblin, visible: false })).toBeNull()
  })

  it('says why players do not see a token that is not hidden itself', () => {
    const token = { visible: true, inFog: false }
    const seen = { isMapShown: true, isCharacterSeen: true }
    expect(whoSeesToken(token, seen)).toEqual({ seenBy: 'everyone', because: null })
    expect(whoSeesToken({ ...token, inFog: true }, seen).because).toBe('It stands in fog.')
    expect(whoSeesToken(token, { ...seen, isMapShown: false })).toMatchObject({ seenBy: 'dms' })
    expect(whoSeesToken(token, { ...seen, isCharacterSeen: false })).toMatchObject({ seenBy: 'dms' })
  })

  it('says why players do not see an area that is not hidden itself', () => {
    expect(whoSeesArea({ visible: true }, true)).toEqual({ seenBy: 'everyone', because: null })
    expect(whoSeesArea({ visible: false }, true)).toEqual({ seenBy: 'dms', because: null })
    expect(whoSeesArea({ visible: true }, false)).toMatchObject({ seenBy: 'dms' })
  })

  it('is asked of each kind of thing in a campaign that a DM can hide', () => {
    // One that is missing here needs the eye beside it in the console, and then its line.
    expect(kindsThatCanBeHidden()).toEqual([
      'areas',
      'beats',
      'characters',
      'environment',
      'handouts',
      'threats',
      'tokens',
    ])
  })
})

/** The lists of a campaign's state whose things say who sees them. */
function kindsThatCanBeHidden(): string[] {
  const schema = CampaignState.toJSONSchema({ unrepresentable: 'any' })
  return Object.entries(schema.properties ?? {})
    .filter(([, list]) => /"(visible|shownTo)":/.test(JSON.stringify(list)))
    .map(([kind]) => kind)
    .toSorted()
}
