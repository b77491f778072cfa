import { CampaignState, DisplayName, MAX_PAGES, Page } from '@tablecast/contracts'
import { adventureOf } from '@tablecast/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readScenario } from '../scenario.ts'
import type { Scenario } from './reading.ts'

const openings = [
  '# ',
  '## ',
  '### ',
  '#### ',
  '###### ',
  '- ',
  '* ',
  '1. ',
  '- [x] ',
  '  - ',
  '    ',
  '> ',
  '> [!note] ',
  '| ',
  '',

  '## Scene\n\n',
  '## Characters\n\n- ',
  '## Threats\n- ',
  '## Beats\n- [ ] ',
  '## Environment\n\n* ',
  '### Scene ',

  '%%',
  '<!-- ',
  '<div>',
  '```\n',
  '~~~yaml\n',
  '[ref]: http://',
  '[^1]: ',
  '![[',
  '![',
  '[[',
  '==',
  '**',
  '\\',
  ': ',
  '## Threats\n- : ',
  '- :',

  '---\n',
  '---\nname: ',
  '***\n',
  'Text\n===\n',
  '\u00a0',
  '\t',
  '(hidden) ',
  'HP 3/9 ',
  'AC 12, ',
  '- (pc) ',
  '`',
]
const endings = [
  '',
  '',
  '',
  '\n',
  '\n\n',
  ' %%',
  ' -->',
  ']]',
  '==',
  '`',
  '**',
  ' |',
  ' | b |\n| --- | --- |',
  ' (hidden)',
  '\n---',
  '\n```',
  ': more',
  '](x)',
]
const joints = ['\n', '\n\n', '\n\n\n', '\n  ', ' ']

/** Pieces of Markdown, each with a word that occurs nowhere else. */
const texts = fc
  .array(
    fc.tuple(
      fc.constantFrom(...openings),
      fc.constantFrom(...endings),
      fc.constantFrom(...joints),
      fc.string({ maxLength: 6 }),
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((pieces) =>
    pieces.map(([before, after, joint, noise], at) => `${before}${wordOf(at)} ${noise}${after}${joint}`).join(''),
  )

const wordOf = (at: number) => `word${at}x`
const wordsIn = (text: string): string[] => [...text.matchAll(/word\d+x/g)].map(([word]) => word)

/** Everything that a DM can read: the state, the pages and the report. */
const readable = ({ name, state, pages, report }: Scenario): string =>
  [name, JSON.stringify(state), ...pages.flatMap(({ title, text }) => [title, text]), JSON.stringify(report)].join('\n')

function expectWhole(text: string): void {
  let scenario: Scenario
  try {
    scenario = readScenario(text)
  } catch (error) {
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED' })
    return
  }
  const kept = new Set(wordsIn(readable(scenario)))
  expect(wordsIn(text).filter((word) => !kept.has(word))).toEqual([])
  // The schemas change nothing when the campaign is stored.
  expect(CampaignState.parse(scenario.state)).toEqual(scenario.state)
  expect(scenario.pages.map((page) => Page.parse(page))).toEqual(scenario.pages)
  expect(DisplayName.parse(scenario.name)).toBe(scenario.name)
}

describe('an import of Markdown', () => {
  it('keeps every word on a page, in a field or in the report, whatever is written', () => {
    fc.assert(fc.property(texts, expectWhole), { numRuns: 1_500 })
  })

  it('is valid whatever Unicode a text holds', () => {
    const odd = [
      '\u0000',
      '\u0301',
      '\ufdd0',
      '\ue000',
      '\u200b',
      '\u202e',
      '\ud83d',
      '\u{1F409}',
      '\u1100\u1161',
      '\ufeff',
      '\u2028',
      '\r',
      '\u0007',
    ]
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(...odd, '# ', '## Characters\n\n- ', '- ', '**e**', '[[a|e]]', '\n', '\n\n', ': ', '%%'),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
    )
    fc.assert(
      fc.property(
        pieces.map((all) => all.join('')),
        expectWhole,
      ),
      { numRuns: 1_500 },
    )
  })

  it('has no more pages than a campaign holds, and every heading on one, however many there are and however deep', () => {
    const headings = Array.from({ length: 5_000 }, (_, at) => `${'#'.repeat(1 + (at % 6))} ${wordOf(at)}`)
    for (const text of [headings.join('\n'), `${headings.slice(0, 900).join('\n\n')}\n\nA bell.`]) {
      expectWhole(`${text}\n\nA bell.`)
      expect(readScenario(`${text}\n\nA bell.`).pages.length).toBeLessThanOrEqual(MAX_PAGES)
    }
  })

  it('puts one line of 400,000 characters on pages that hold it, and refuses a longer one than a scenario may have', () => {
    const { pages } = readScenario(`# A\n\n${'ab '.repeat(133_000)}`)
    expect(
      pages
        .map(({ text }) => text)
        .join(' ')
        .match(/ab/g),
    ).toHaveLength(133_000)
    expect(() => readScenario('x'.repeat(5_000_000))).toThrow('Import it in parts')
  })

  for (const bytes of [57_000, 94_000])
    it(`keeps each non-blank line of an adventure of ${bytes.toLocaleString('en')} bytes on a page`, () => {
      const { markdown, sentences } = adventureOf(bytes)
      const { pages } = readScenario(markdown)
      const all = pages.map(({ title, text }) => `${title}\n${text}`).join('\n')
      expect(sentences.filter((sentence) => !all.includes(sentence))).toEqual([])
      const plain = (text: string) => text.replaceAll(/\[\[[^\]|]*\||[^\p{L}\p{N}]/gu, '')
      const kept = plain(all)
      const lines = markdown.split('\n').filter((line) => line.trim() !== '')
      expect(lines.filter((line) => !kept.includes(plain(line.replace(/\[!\w+\]/, ''))))).toEqual([])
    })
})
