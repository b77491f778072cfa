import { CampaignState } from '@tablecast/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readScenario } from './scenario.ts'

const markdown = `# The drowned bell

Run it in one evening.

## Scene

Rain drums on the roof of the **ferry house**.

Later, the tower.

### The crypt

## Characters

- **Mira** (pc): HP 18/24, AC 15
- Old Marrow (npc): HP 9. Knows the way; lies about it
- Drowned knight, monster, HP 30/30, AC 17

## Threats

- The tide: rises every hour
- Cultists

## Beats

- [x] Reach the ferry house
- [ ] Ring the bell

## Weather

- Heavy rain

## Treasure

A silver tongue.
`

describe('a scenario in Markdown', () => {
  it('becomes a campaign: scene, characters, threats, beats, and the rest for the DM', () => {
    let ids = 0
    const { name, state } = readScenario(markdown, () => `id${++ids}`)
    expect(name).toBe('The drowned bell')
    expect(CampaignState.parse(state)).toEqual(state)
    expect(state.scene).toBe('Rain drums on the roof of the **ferry house**.\n\nLater, the tower.')
    expect(
      state.characters.map(({ name: who, kind, hp, armourClass, visible }) => [
        who,
        kind,
        hp.current,
        hp.max,
        armourClass,
        visible,
      ]),
    ).toEqual([
      ['Mira', 'pc', 18, 24, 15, true],
      ['Old Marrow', 'npc', 9, 9, null, false],
      ['Drowned knight', 'monster', 30, 30, 17, false],
    ])
    expect(state.threats.map(({ name: what, detail, visible }) => [what, detail, visible])).toEqual([
      ['The tide', 'rises every hour', false],
      ['Cultists', '', false],
    ])
    expect(state.beats.map(({ text, done }) => [text, done])).toEqual([
      ['The crypt', false],
      ['Reach the ferry house', true],
      ['Ring the bell', false],
    ])
    expect(state.environment.map(({ text }) => text)).toEqual(['Heavy rain'])
    for (const part of ['Run it in one evening.', '## Treasure', 'A silver tongue.'])
      expect(state.dmNotes).toContain(part)
  })

  it('is a valid campaign whatever is written, or is refused', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom('# A', '## Characters', '## Beats', '- x (pc) HP 3/9999999', '## Scene', '- [x] y'),
          ),
        ),
        (lines) => {
          try {
            CampaignState.parse(readScenario(lines.join('\n\n')).state)
          } catch (error) {
            expect(error).toMatchObject({ code: 'VALIDATION_FAILED' })
          }
        },
      ),
    )
    expect(() => readScenario('   ')).toThrow('empty')
  })
})
