import { describe, expect, it } from 'vitest'
import { findingsOf } from './findings.ts'
import { rules } from './rules.ts'

/** The rules that a text breaks, by the line they were found in. */
const found = (path: string, source: string) =>
  findingsOf(path, source).findings.map(({ line, rule }) => `${line} ${rule}`)
const comment = (text: string) => found('packages/hub/src/x.ts', `// ${text}`)
const title = (text: string) => found('packages/hub/src/x.test.ts', `it('${text}', () => {})`)

describe('riddles', () => {
  it.each([
    ['Who was sent away is not served until they are gone.', ['1 who-subject', '1 away']],
    ['The frame goes out. What is left waits.', ['1 what-subject']],
    ['what a stage remembers', ['1 what-subject']],
    ['Whatever is cut comes back.', ['1 what-subject']],
    ['Whoever kept the old token is refused.', ['1 whoever']],
    ['A guest token stops working, whoever kept it.', ['1 whoever']],
    ['So long may it take.', ['1 so-many']],
    ['A newcomer gets so many of the newest events at the most.', ['1 so-many', '1 at-the-most']],
    ['Each client is told once.', ['1 told']],
    ['A node that was never told anything.', ['1 told']],
    ['A connection that never asked for anything is none that is idle.', ['1 none']],
    ['The server begins anew.', ['1 anew']],
    ['Nothing is kept while Redis is away.', ['1 away']],
    ['Of the same doing of the same person.', ['1 doing']],
    ['The guest went over into an account.', ['1 over-into']],
    ['A cursor that fell off the ring reads the log.', ['1 off-the-ring']],
    ['The writer lease is held by one node.', ['1 writer-lease']],
  ])('are found in a comment: %s', (text, expected) => {
    expect(comment(text)).toEqual(expected)
  })

  it.each([
    'Ignore frames that arrive after we started closing.',
    'Who sees this? Only the DM.',
    'A player sees who is here and what they may do.',
    'The queue is full as long as nobody reads, so often that it hurts.',
    'There is none in memory. The `Whoever` type, and “is told” in quotes, are quoted.',
    'The name is read as long as it stays; the invite is turned away; go away.',
    'What to click is in the README.',
    'Null when it is none of these.',
    'Their ids are how they are told apart.',
    'This is compatible with older files.',
  ])('are not found in plain words: %s', (text) => {
    expect(comment(text)).toEqual([])
  })

  it('are found where the sentence goes on in the next line of the comment, and are said with their own line', () => {
    const source = [
      'const a = 1',
      '',
      '/**',
      ' * The first line. The client is',
      ' * told twice. Whoever',
      ' * asks.',
      ' */',
    ]
    expect(found('apps/server/src/x.ts', source.join('\n'))).toEqual(['4 told', '5 whoever'])
  })

  it('are found in the titles of tests, with rows and without', () => {
    expect(title('who is removed hears nothing')).toEqual(['1 who-subject'])
    expect(found('a/x.test.ts', 'it.each([1])("what %s is", () => {})')).toEqual(['1 what-subject'])
    expect(found('a/x.test.ts', 'describe.skipIf(off())(`whoever asks`, () => {})')).toEqual(['1 whoever'])
    expect(title('a removed member hears nothing')).toEqual([])
  })

  it('are found in log lines and errors; not in the texts of tests and of pages', () => {
    expect(found('apps/server/src/x.ts', 'log.warn({ err }, "trouble")')).toEqual(['1 trouble-logged'])
    const thrown = "throw new RangeError('begun anew')"
    expect(found('apps/server/src/x.ts', thrown)).toEqual(['1 anew'])
    const template = 'throw new RangeError(`${name}: what is read ${again} anew`)'
    expect(found('apps/server/src/x.ts', template)).toEqual(['1 anew'])
    expect(found('apps/server/src/x.test.ts', thrown)).toEqual([])
    expect(found('apps/web/src/Page.tsx', 'const page = <p>Who is told anew?</p>')).toEqual([])
  })

  it('are not looked for in code: strings of a few letters, expressions, types', () => {
    expect(found('apps/server/src/x.ts', "const told = /is told anew/; const a: 'whoever' = 'whoever'")).toEqual([])
  })
})

describe('names', () => {
  it('have one word for one thing', () => {
    const source = 'interface ServerParts { streams: Streams; compat: boolean; letGo: () => void }\nconst PASSING = 1'
    expect(found('apps/server/src/x.ts', source)).toEqual([
      '1 parts',
      '1 streams-class',
      '1 compat',
      '1 let-go',
      '2 passing',
    ])
    const names = 'const plainDoor = shutDoors(doors); const heard = outdoor'
    expect(found('apps/server/src/x.ts', names)).toEqual(['1 door', '1 door', '1 door', '1 heard'])
    expect(found('apps/web/src/x.ts', 'const heard = doors')).toEqual([])
    const presence = 'type Whole = { known: Known }'
    expect(found('apps/server/src/stages/campaign/presence-room.ts', presence)).toEqual([
      '1 presence-names',
      '1 presence-names',
    ])
    expect(found('apps/server/src/stages/market/live.ts', presence)).toEqual([])
    expect(found('apps/server/src/x.ts', 'const frameParts = StreamClosers.isCompatible(serverDeps)')).toEqual([])
  })

  it('that a contract fixes pass, and are counted', () => {
    const { findings, excepted } = findingsOf(
      'apps/server/src/config.ts',
      'export const plainAuthMode = env.COMPAT_AUTH',
    )
    expect(findings).toEqual([])
    expect(excepted.map((each) => each.found)).toEqual(['COMPAT_AUTH'])
    expect(found('apps/server/src/config.ts', 'export const compatAuth = 1')).toEqual(['1 compat'])
  })
})

describe('Markdown', () => {
  const long = 'a word '.repeat(20).trim()

  it('wraps, but for tables, links and code', () => {
    expect(
      found('docs/x.md', `${long}\n\n| ${long} |\n\n[x](https://${'y'.repeat(200)})\n\n\`\`\`\n${long}\n\`\`\``),
    ).toEqual(['1 long-line'])
  })

  it('has short paragraphs; each item of a list is one', () => {
    expect(found('docs/x.md', 'line\n'.repeat(5))).toEqual([])
    expect(found('docs/x.md', `\n${'line\n'.repeat(6)}`)).toEqual(['2 long-paragraph'])
    expect(found('docs/x.md', '- item\n'.repeat(9))).toEqual([])
  })

  it('may have questions and labels in its headings and tables, but no other riddle', () => {
    expect(found('docs/x.md', '# What it costs\n\n| what | who is told |\n')).toEqual(['3 told'])
  })

  it('has no riddle in its code', () => {
    expect(found('docs/x.md', '```bash\nwhoever # anew\n```\nUse `whoever`.')).toEqual([])
  })
})

it('comments of settings are read, their values are not', () => {
  expect(found('deploy/x.yml', '# Whoever reads this.\nkey: whoever')).toEqual(['1 whoever'])
})

it('a finding says what to write', () => {
  expect(findingsOf('docs/x.md', 'It begins anew.').findings).toMatchObject([
    { path: 'docs/x.md', line: 1, found: 'anew', write: expect.stringContaining('again') },
  ])
})

it('every rule has a name of its own', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
})
