import { describe, expect, it } from 'vitest'
import { readScenario } from '../scenario.ts'

/** The form of older servers, which did not mark player characters. */
const older = `# The Bell Beneath the Tide

## Scene

The drowned chapel of Saint Orla, an hour before the tide

*Exploring, torches low*

## Characters

- **Mira Ashdown**: HP 21/28, AC 15. Her brother rang the bell the night he vanished.
Two lines of notes.
- **Brother Tobin**: HP 24/24, AC 18, blessed, very tired. Swore never to enter.
- **Sable**: HP -3/19
- **Old Marrow, the tide hag**: HP 58/58, AC 17 (hidden). Waits beneath the altar slab.

## Threats

- The tide: In ten rounds the nave is under water: all of it.
- The hag’s bargain: She offers the lost brother for a name freely given. (hidden)

## Environment

- Knee-deep seawater
- Fog (hidden)

## Story

- [x] Follow the bell
- [ ] Mira’s brother is alive (hidden)

## DM notes

The key is under the altar slab.

## Treasure

A silver tongue.

## Chronicle

The causeway ends.

## Characters

**Sable:** I climb.
`

const seen = <T extends { visible: boolean }>(items: readonly T[], nameOf: (item: T) => string) =>
  items.map((item) => `${nameOf(item)}${item.visible ? '' : ' (hidden)'}`)

describe('an export of Tablecast', () => {
  it('of an older server comes back with what was visible and hidden, and shows nobody’s hit points', () => {
    const { name, state, pages, report } = readScenario(older)
    expect(name).toBe('The Bell Beneath the Tide')
    expect([state.scene, state.status]).toEqual([
      'The drowned chapel of Saint Orla, an hour before the tide',
      'Exploring, torches low',
    ])
    expect(
      state.characters.map((one) => [one.name, one.kind, one.visible, one.hpVisible, one.armourClass, one.conditions]),
    ).toEqual([
      ['Mira Ashdown', 'pc', true, false, 15, []],
      ['Brother Tobin', 'pc', true, false, 18, ['blessed', 'very tired']],
      ['Sable', 'pc', true, false, null, []],
      ['Old Marrow, the tide hag', 'npc', false, false, 17, []],
    ])
    expect(state.characters.map(({ hp, dmNotes }) => [hp.current, hp.max, dmNotes])).toEqual([
      [21, 28, 'Her brother rang the bell the night he vanished.\nTwo lines of notes.'],
      [24, 24, 'Swore never to enter.'],
      [-3, 19, ''],
      [58, 58, 'Waits beneath the altar slab.'],
    ])
    expect(seen(state.threats, ({ name: who, detail }) => `${who}: ${detail}`)).toEqual([
      'The tide: In ten rounds the nave is under water: all of it.',
      'The hag’s bargain: She offers the lost brother for a name freely given. (hidden)',
    ])
    expect(seen(state.environment, ({ text }) => text)).toEqual(['Knee-deep seawater', 'Fog (hidden)'])
    expect(seen(state.beats, ({ text, done }) => `${done} ${text}`)).toEqual([
      'true Follow the bell',
      'false Mira’s brother is alive (hidden)',
    ])
    expect(state.dmNotes).toBe('The key is under the altar slab.\n\n## Treasure\n\nA silver tongue.')
    expect(pages.map(({ title, text }) => [title, text])).toEqual([
      ['Chronicle', 'The causeway ends.\n\n## Characters\n\n**Sable:** I climb.'],
    ])
    expect(report.changed.join('\n')).toMatch(/whose hit points players see: players see none/)
  })

  it('for players has nothing that is hidden', () => {
    const { state } = readScenario(
      '# Bell\n\n*For players.*\n\n## Characters\n\n- **Mira**: HP 21/28, AC 15\n- **The ferryman**: unhurt, blessed\n\n## Threats\n\n- The tide: rises\n',
    )
    expect(seen(state.characters, ({ name, conditions }) => `${name} ${conditions.join()}`)).toEqual([
      'Mira ',
      'The ferryman blessed',
    ])
    expect(seen(state.threats, ({ name }) => name)).toEqual(['The tide'])
  })

  it('is not recognised in a text that only looks like one, so nothing hidden becomes visible', () => {
    const lists = '## Characters\n\n- **Hag**: HP 58/58, AC 17\n\n## Threats\n\n- The tide: rises\n'
    const alike = [
      `# Bell\n\n${lists}`,
      `# Bell\n\nRun it in one evening.\n\n${lists}\n## Chronicle\n\nLong ago.\n`,
      `# Bell\n\n${lists}\n## Treasure\n\nGold.\n\n## Chronicle\n\nLong ago.\n`,
      `# Bell\n\n${lists}- **Knight** (monster): HP 3\n\n## Chronicle\n\nLong ago.\n`.replace('## Threats', '## Lore'),
    ]
    for (const markdown of alike) {
      const { state } = readScenario(markdown)
      expect([...state.characters, ...state.threats].filter(({ visible }) => visible)).toEqual([])
    }
  })

  it('keeps the lines that a person added, and names their page', () => {
    const edited = `---
tablecast: campaign
---

# Bell

A line above.

## Scene

Rain.

## Characters

Words before the list.
- **Mira** (pc): HP 21/28, AC 15, *blessed*. Afraid of water
  More of her.
- Not a character at all

## Story

- no box
- [ ] Ring the bell
`
    const { state, pages, report } = readScenario(edited)
    expect(state.characters.map(({ name, conditions, dmNotes }) => [name, conditions, dmNotes])).toEqual([
      ['Mira', ['blessed'], 'Afraid of water\nMore of her.'],
    ])
    expect(state.beats.map(({ text }) => text)).toEqual(['Ring the bell'])
    expect(pages.map(({ title, text }) => [title, text])).toEqual([
      ['Other lines', 'A line above.\nWords before the list.\n- Not a character at all\n- no box'],
    ])
    expect(report.changed).toContain('Lines that belong to no list are on the page “Other lines”.')
    const long = readScenario(edited.replace('Rain.', 'Rain falls. '.repeat(500)))
    expect(long.state.scene.length).toBeLessThanOrEqual(4_000)
    expect(long.pages.find(({ title }) => title === 'Scene')?.text).toBe('Rain falls. '.repeat(500))
  })
})
