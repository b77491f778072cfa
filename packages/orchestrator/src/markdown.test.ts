import { CampaignState, type Character, emptyState, healState, normalizeLine, type Page } from '@tablecast/contracts'
import { readScenario } from '@tablecast/narrator/scenario'
import { fighterFields } from '@tablecast/rules'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownForDm } from './markdown.ts'
import { sampleCampaign } from './sample-campaign.ts'

/** Removes the fields that Markdown does not hold: ids, owners, the order of turns. */
/** Markdown holds the figures of every character, and no sheet. */
const withoutSheet = <C extends object>(character: C) =>
  Object.fromEntries(Object.entries(character).filter(([field]) => !Object.hasOwn(fighterFields, field)))

/** Without ids and what Markdown does not hold: turns and the fight. */
function comparable({
  turn: _turn,
  encounter: _encounter,
  playersHeal: _heal,
  characters,
  threats,
  environment,
  beats,
  ...state
}: CampaignState) {
  const without = <T extends { id: string }>({ id: _id, ...item }: T) => item
  return {
    ...state,
    characters: characters.map(without).map(({ ownerId: _owner, ...character }) => withoutSheet(character)),
    threats: threats.map(without),
    environment: environment.map(without),
    beats: beats.map(without),
  }
}

const textsOf = (pages: readonly Page[]) => pages.map(({ title, depth, text }) => ({ title, depth, text }))

describe('a campaign’s own Markdown', () => {
  it('comes back as it was: the party visible, the hag hidden, and the story on a page', () => {
    const { name, state, entries } = sampleCampaign(new Date())
    const pages: Page[] = [
      { id: 'a', title: 'Chapter 1', depth: 1, text: 'One.\n\n## Scene\n\n\\## Page: no page\n\n```\ncode\n```' },
      { id: 'b', title: 'Room 1.1: a “cell”', depth: 2, text: '' },
    ]
    const read = readScenario(markdownForDm({ name, state, entries, pages }))
    expect(read.name).toBe(name)
    expect(comparable(read.state)).toEqual(comparable(state))
    expect(read.state.characters.filter(({ visible }) => visible).length).toBe(4)
    const [chronicle, ...others] = read.pages
    for (const { text } of entries) expect(chronicle?.text).toContain(text)
    expect(textsOf(others)).toEqual(textsOf(pages))
    expect(read.report.changed).toEqual(['The chronicle is on the page “Chronicle”, for DMs alone.'])
    // A second round trip adds nothing.
    const again = readScenario(markdownForDm({ ...read, entries: [] }))
    expect([comparable(again.state), textsOf(again.pages)]).toEqual([comparable(read.state), textsOf(read.pages)])
  })

  it('is read back whatever a DM writes', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\r', '')),
      fc.constantFrom(
        '\n',
        '\n\n',
        '## Scene',
        '\\## Scene',
        '## Page: x',
        '- **A** (pc): HP 1/2',
        '(hidden)',
        ' (hidden)',
      ),
      fc.constantFrom(
        '# Title',
        '---',
        '%%',
        '[[x|y]]',
        '![[z]]',
        '- [ ] b',
        '**',
        '\\',
        '\\n',
        ': ',
        '  ',
        '```',
        '*a*',
      ),
    )
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    const line = text.map((words) => words.slice(0, 200)).filter((words) => normalizeLine(words) !== '')
    const name = text.map((words) => words.slice(0, 60).trim()).filter((words) => normalizeLine(words) !== '')
    const hp = fc.record({
      current: fc.integer({ min: -9_999, max: 9_999 }),
      max: fc.nat(9_999),
      temp: fc.nat(9_999),
    })
    const character: fc.Arbitrary<Character> = fc.record({
      id: fc.constant('c'),
      name,
      kind: fc.constantFrom('pc', 'npc', 'monster'),
      hp,
      hpVisible: fc.boolean(),
      armourClass: fc.option(fc.nat(99)),
      conditions: fc.array(
        text.map((words) => words.slice(0, 40).trim()).filter((words) => normalizeLine(words) !== ''),
        { maxLength: 3 },
      ),
      initiative: fc.option(fc.oneof(fc.integer({ min: -99, max: 999 }), fc.constantFrom(12.5, 1e-7, -0.25))),
      ownerId: fc.constant(null),
      visible: fc.boolean(),
      dmNotes: text,
    })
    const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 })
    const state: fc.Arbitrary<CampaignState> = fc.record({
      scene: text,
      status: line.map((words) => words.trim()),
      characters: few(character),
      turn: fc.constant(emptyState.turn),
      environment: few(fc.record({ id: fc.constant('e'), text: line, visible: fc.boolean() })),
      threats: few(fc.record({ id: fc.constant('t'), name: line, detail: text, visible: fc.boolean() })),
      beats: few(fc.record({ id: fc.constant('b'), text: line, done: fc.boolean(), visible: fc.boolean() })),
      dmNotes: text,
    })
    fc.assert(
      fc.property(state, (written) => {
        // The stored form: without control characters, and single lines without breaks.
        const one = healState(CampaignState.parse(written))
        const read = readScenario(markdownForDm({ name: 'N', state: one, entries: [], pages: [] }))
        expect([comparable(read.state), read.pages]).toEqual([comparable(one), []])
      }),
      { numRuns: 500 },
    )
  })
})
