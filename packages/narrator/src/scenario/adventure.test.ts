import { CampaignState, MAX_PAGE_BYTES, MAX_PAGES, bytesOf } from '@tablecast/contracts'
import { adventureOf } from '@tablecast/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readScenario } from '../scenario.ts'

const read = (markdown: string) => {
  const scenario = readScenario(markdown)
  expect(CampaignState.parse(scenario.state)).toEqual(scenario.state)
  return scenario
}
const withoutMarks = (text: string) => text.replaceAll(/[*_`>\\]/g, '').replaceAll(/\s+/g, ' ')
const pagesText = ({ pages }: ReturnType<typeof read>) => pages.map(({ title, text }) => `${title}\n${text}`).join('\n')

describe('an adventure in Markdown', () => {
  for (const bytes of [57_000, 94_000])
    it(`of ${bytes} bytes is kept whole: each sentence is in the state or on a page`, () => {
      const { markdown, sentences } = adventureOf(bytes)
      expect(bytesOf(markdown)).toBeGreaterThanOrEqual(bytes)
      const scenario = read(markdown)
      const { state, pages, report } = scenario
      const all = withoutMarks(JSON.stringify(state) + pagesText(scenario))
      expect(sentences.filter((sentence) => !all.includes(sentence))).toEqual([])
      // The pages hold every sentence, without the state.
      const onPages = withoutMarks(pagesText(scenario))
      expect(sentences.filter((sentence) => !onPages.includes(sentence))).toEqual([])
      expect(pages.length).toBeGreaterThan(20)
      for (const { text } of pages) expect(bytesOf(text)).toBeLessThanOrEqual(MAX_PAGE_BYTES)
      expect(report.counts).toMatchObject({ pages: pages.length, characters: 3, threats: 1, beats: 2 })
      expect(report.counts.pagesBytes).toBeGreaterThan(bytes * 0.9)
    })

  it('ends its DM notes with links to the pages that hold the rest, and says so', () => {
    const { state, pages, report } = read(adventureOf(94_000).markdown)
    expect(state.dmNotes.length).toBeLessThanOrEqual(20_000)
    expect(state.dmNotes.length).toBeGreaterThan(15_000)
    const [notes = '', links = ''] = state.dmNotes.split('The rest is on the pages:')
    const linked = [...links.matchAll(/^- \[\[(.+)\]\]$/gm)].map(([, title]) => title)
    const titles = pages.map(({ title }) => title)
    expect(linked.length).toBeGreaterThan(10)
    expect(linked.filter((title) => !titles.includes(title ?? ''))).toEqual([])
    // The notes end with a whole paragraph, and the first link leads to the text that follows it.
    expect(notes.trimEnd()).toMatch(/[.\]]$|^#+ .*$/m)
    const first = pages.find(({ title }) => title === linked[0])
    expect(notes).not.toContain(first?.text.split('\n').at(-1) ?? 'no page')
    expect(report.changed.join()).toMatch(/The DM notes have room for 20,000 of [\d,]+ characters: they end with links/)
  })

  it('takes its name and tags from the front matter, which is no heading', () => {
    const { name, state, pages, report } = read(
      '---\ntitle: "The Bell: a tale"\ntags:\n  - gothic\n  - level-3\nauthor: A.\n---\n\n## Scene\n\nRain.\n\n## Lore\n\nOld.',
    )
    expect(name).toBe('The Bell: a tale')
    expect(state.scene).toBe('Rain.')
    expect(state.dmNotes).toBe('Tags: gothic, level-3\n\n## Lore\n\nOld.')
    expect(pages.map(({ title }) => title)).toEqual(['Properties', 'Scene', 'Lore'])
    expect(pages[0]?.text).toContain('author: A.')
    expect(report.changed).toContain(
      'The front matter became the name, the tags in the notes and the page “Properties”.',
    )
    // Text between two rules is no front matter.
    expect(read('---\nJust words.\n---\n\n## Scene\n\nRain.').state.dmNotes).toContain('Just words.')
    expect(read('---\nname: [unclosed\n---\n\n## Scene\n\nRain.').state.dmNotes).toContain('name: [unclosed')
  })

  it('of properties or comments alone is taken, and one of headings without words is refused', () => {
    for (const text of ['---\nrises: slowly\n---', '%%The bell is hollow.%%']) {
      const scenario = read(text)
      expect(pagesText(scenario)).toContain(text.includes('rises') ? 'rises: slowly' : 'The bell is hollow.')
    }
    for (const text of ['', '# Only a title', '## Scene\n', '## Scene\n\n## Characters'])
      expect(() => read(text), text).toThrow('The text is empty')
  })

  it('keeps all paragraphs of its first scene that fit into the field', () => {
    const paragraphs = Array.from({ length: 30 }, (_, index) =>
      `Paragraph ${index}. ${'Rain falls. '.repeat(15)}`.trim(),
    )
    const { state, pages, report } = read(`# A\n\n## Scene\n\n${paragraphs.join('\n\n')}\n\n### The crypt\n\nDark.`)
    expect(state.scene.length).toBeLessThanOrEqual(4_000)
    const kept = state.scene.split('\n\n')
    expect(kept).toEqual(paragraphs.slice(0, kept.length))
    expect(state.scene.length + 2 + (paragraphs[kept.length]?.length ?? 0)).toBeGreaterThan(4_000)
    expect(report.changed.join()).toContain(
      'The scene has room for 4,000 characters: the rest of it is on the page “Scene”',
    )
    expect(pages.find(({ title }) => title === 'Scene')?.text).toBe(paragraphs.join('\n\n'))
    expect(state.beats.map(({ text }) => text)).toEqual(['The crypt'])
    expect(read(`## Scene\n\nOne.\n\nTwo.\n\n> Three.`).state.scene).toBe('One.\n\nTwo.\n\n> Three.')
  })

  it('reads what Obsidian writes: links are words, callouts quotes, and embeds are named', () => {
    const { state, pages, report } = read(
      [
        '## Scene',
        'You meet [[Mayor Voss|Voss]] at the [[Inn#Bar]]. %%He lies.%% ![[inn.png|300]]',
        '> [!quote]- Read aloud\n> “Welcome to [[Barovia]]!”',
        '## Characters',
        '- [[Mayor Voss|Voss]] (npc): HP 9. Owes [[Strahd von Zarovich]] ==everything==',
        '## Lore',
        '`[[not a link]]` and [[2d6+3]] damage.\n\n%%\n\nA long comment.\n\n%%\n\n![[Handout 1]]',
        '```\n[[nor this]] ![[nor.png]]\n```',
        '![A map](maps/inn.png)',
      ].join('\n\n'),
    )
    expect(state.scene).toBe('You meet Voss at the Inn > Bar.\n\n> **Read aloud**\n>\n> “Welcome to Barovia!”')
    expect(state.characters.map(({ name, dmNotes }) => [name, dmNotes])).toEqual([
      ['Voss', 'Owes Strahd von Zarovich everything'],
    ])
    expect(state.dmNotes).toContain('`[[not a link]]` and [[2d6+3]] damage.')
    expect(state.dmNotes).toContain('[[nor this]] ![[nor.png]]')
    for (const hidden of ['A long comment', 'He lies', 'inn.png|', 'Handout 1'])
      expect(JSON.stringify(state)).not.toContain(hidden)
    const text = pages.map((page) => page.text).join('\n')
    for (const kept of ['A long comment', 'He lies', '![[inn.png|300]]', '![[Handout 1]]']) expect(text).toContain(kept)
    expect(report.leftOut).toEqual([
      'Embedded files are not in the text: inn.png and Handout 1.',
      'Pictures are not shown: maps/inn.png.',
    ])
    expect(report.changed).toEqual(
      expect.arrayContaining([
        '5 links to other notes became plain text; the page “Links to other notes” lists the targets.',
        '1 callout became a quote, by kind: “quote”.',
        '1 highlighted passage became bold.',
        '2 comments of the author’s stayed on the pages alone.',
      ]),
    )
  })

  it('names in its report the items that do not fit, and keeps them on the pages', () => {
    const long = 'Averylongnamed Protector of the Sunken Bells of Old and of the Ferry House by the Marsh'
    const scenario = read(
      [
        '# A',
        `## Characters\n\n${Array.from({ length: 102 }, (_, index) => `- Guard ${index}: HP 7`).join('\n')}`,
        `## Beats\n\n- ${'Walk on. '.repeat(40)}The last word.`,
        `## Threats\n\n- ${'Waves. '.repeat(40)}`,
        `## Party\n\n- ${long} (pc): HP 99999/99999`,
      ].join('\n\n'),
    )
    expect(scenario.state.characters.length).toBe(100)
    expect(scenario.report.leftOut).toEqual([
      `A campaign holds 100 characters; on the pages alone are: Guard 100: HP 7, Guard 101: HP 7 and ${long} (pc): HP…`,
    ])
    expect(scenario.report.changed.join()).toMatch(/Shortened to 200 characters: “Walk on\./)
    expect(scenario.state.dmNotes).toContain('The last word.')
    expect(scenario.state.threats[0]?.detail).toContain('Waves. '.repeat(40).trim())
    expect(pagesText(scenario)).toContain(`${long} (pc): HP 99999/99999`)
    const { state, report } = read(`## Party\n\n- ${long} (pc): HP 99999/99999`)
    expect(state.characters[0]).toMatchObject({ kind: 'pc', hp: { current: 9_999, max: 9_999 }, dmNotes: long })
    expect(report.changed.join()).toMatch(
      /Names have at most 60 characters\..*Numbers beyond the limits of a campaign were set/,
    )
  })

  it('says in its report what players will see', () => {
    const { report } = read(
      '## Scene\n\nRain.\n\n## Characters\n\n- Mira (pc): HP 1\n- Old Marrow (visible): HP 2\n- Hag: HP 3\n\n## Threats\n\n- The tide (visible): rises\n- The hag’s bargain',
    )
    expect(report.kept).toEqual([
      'The scene, which players see once the campaign is open: “Rain.”',
      '3 characters: Mira, Old Marrow and Hag.',
      'Visible to players: Mira and Old Marrow.',
      '2 threats: 1 visible to players.',
      'The whole text on 3 pages (112 bytes), for DMs alone.',
    ])
  })

  it('has no more pages than a campaign may, and none longer than a row, whatever is written', () => {
    const many = read(Array.from({ length: 1_500 }, (_, index) => `### Room ${index}\n\nDust.`).join('\n\n'))
    expect(many.pages.length).toBeLessThanOrEqual(MAX_PAGES)
    expect(pagesText(many)).toContain('Room 1499')
    const words = Array.from({ length: 20_000 }, (_, index) => `wörd${index}`)
    const long = read(`## Lore\n\n${words.join(' ')}`)
    expect(long.pages.map(({ title }) => title).slice(0, 2)).toEqual(['Lore', 'Lore (2)'])
    for (const { text } of long.pages) expect(bytesOf(text)).toBeLessThanOrEqual(MAX_PAGE_BYTES)
    expect(long.state.dmNotes).toMatch(/The rest is on the pages:\n- \[\[Lore\]\]\n- \[\[Lore \(2\)\]\]\n/)
    expect(long.pages.flatMap(({ text }) => text.split(' '))).toEqual(words)
  })

  it('links the part of a split page that holds the rest of the notes', () => {
    const paragraphs = Array.from({ length: 300 }, (_, index) => `Number ${index}. ${'Rain falls. '.repeat(25)}`.trim())
    const { state, pages } = read(`# A\n\n## Lore\n\n${paragraphs.join('\n\n')}\n\n## End\n\nThe end.`)
    expect(pages.map(({ title }) => title)).toEqual(['A', 'Lore', 'Lore (2)', 'Lore (3)', 'End'])
    const [notes = '', links = ''] = state.dmNotes.split('The rest is on the pages:')
    const lost = paragraphs.filter((paragraph) => !notes.includes(paragraph))
    const linked = pages.filter(({ title }) => links.includes(`[[${title}]]`)).map(({ text }) => text)
    expect(lost.filter((paragraph) => !linked.join().includes(paragraph))).toEqual([])
    expect(links).toContain('[[Lore (3)]]')
  })

  it('tells two pages of the same heading apart, and says so', () => {
    const { pages, report } = read('## Room\n\nOne.\n\n## Room\n\nTwo.')
    expect(pages.map(({ title, text }) => [title, text])).toEqual([
      ['Room', 'One.'],
      ['Room (2)', 'Two.'],
    ])
    expect(report.changed).toEqual(['Pages that would have the same title got a number: Room (2).'])
    const most = read(`---\ntags: a\n---\n\n${'# Room\n\nDust.\n\n'.repeat(MAX_PAGES)}`)
    expect(most.pages.length).toBeLessThanOrEqual(MAX_PAGES)
  })

  it('loses no word of any Markdown: each is on a page or in the state', () => {
    const word = fc.constantFrom(
      'Mira',
      'Dragon, Young Red',
      'the tide',
      '(hidden)',
      'HP 9/12',
      'AC 15',
      'rises: slowly',
    )
    const line = fc.oneof(
      word,
      word.map((text) => `- ${text}`),
      word.map((text) => `  - ${text}`),
      word.map((text) => `> ${text}`),
      fc.constantFrom('# A', '## Scene', '## Characters', '## Beats', '## Threats', '### Below', '## Lore', '', '---'),
    )
    let count = 0
    const numbered = fc
      .array(line, { minLength: 1, maxLength: 30 })
      .map((lines) => lines.map((text) => (/^[#-]*$|^#/.test(text) ? text : `${text} unique${++count}word`)).join('\n'))
    fc.assert(
      fc.property(numbered, (markdown) => {
        const wanted = markdown.match(/unique\d+word/g) ?? []
        if (wanted.length === 0) return
        const scenario = read(markdown)
        const all = JSON.stringify(scenario.state) + pagesText(scenario)
        expect(wanted.filter((one) => !all.includes(one))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
