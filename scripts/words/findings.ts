import { type Exception, exceptions } from './exceptions.ts'
import { linesOfProse, proseOfMarkdown } from './markdown.ts'
import { type Prose, proseOfSettings, sentences } from './prose.ts'
import { MAX_LINE_LENGTH, MAX_PARAGRAPH_LINES, rules } from './rules.ts'
import { proseOfTypeScript } from './typescript.ts'

export interface Finding {
  path: string
  line: number
  rule: string
  /** The word or turn of speech itself. */
  found: string
  /** The same with what follows it, for a reader of the report. */
  excerpt: string
  write: string
}

export type Excepted = Finding & { exception: Exception }

/** All findings of a file, in the order of its lines, and those that an exception lets pass. */
export function findingsOf(path: string, source: string): { findings: Finding[]; excepted: Excepted[] } {
  const all = proseOf(path, source)
    .filter(({ kind }) => kind !== 'message' || !quotes(path))
    .flatMap((prose) => [...matches(path, prose), ...tooLong(path, prose)])
  if (path.endsWith('.md')) all.push(...longLines(path, source))
  all.sort((a, b) => a.line - b.line)
  const findings: Finding[] = []
  const excepted: Excepted[] = []
  for (const finding of all) {
    const exception = exceptions.find(
      (each) => each.rule === finding.rule && each.path.test(path) && (each.found?.test(finding.found) ?? true),
    )
    if (exception) excepted.push({ ...finding, exception })
    else findings.push(finding)
  }
  return { findings, excepted }
}

function proseOf(path: string, source: string): Prose[] {
  if (path.endsWith('.md')) return proseOfMarkdown(source)
  return /\.[jt]sx?$/.test(path) ? proseOfTypeScript(path, source) : proseOfSettings(source)
}

/** Texts in tests are samples, and the pages' copy has its own rules. */
function quotes(path: string): boolean {
  return /^(?:apps\/web|e2e)\/|\.test\.tsx?$/.test(path)
}

/** The rules for each kind of prose, with expressions that find every match. */
const byKind = Map.groupBy(
  rules.flatMap((rule) =>
    rule.in.map((kind) => ({ ...rule, kind, find: new RegExp(rule.find, `${rule.find.flags}g`) })),
  ),
  ({ kind }) => kind,
)

function matches(path: string, prose: Prose): Finding[] {
  // A space in a rule may be the end of a line in the text.
  const text = (prose.kind === 'name' ? prose.text : withoutQuotes(prose.text)).replaceAll('\n', ' ')
  const whole = [{ start: 0, text }]
  const statements =
    prose.kind === 'name' ? whole : sentences(text).filter((each) => !each.text.trimEnd().endsWith('?'))
  return (byKind.get(prose.kind) ?? [])
    .filter((rule) => rule.path?.test(path) ?? true)
    .flatMap(({ id, find, each, write }) =>
      (each === 'sentence' ? statements : whole).flatMap((part) =>
        [...part.text.matchAll(find)].map((match) => {
          const at = part.start + match.index
          return {
            path,
            line: prose.line + prose.text.slice(0, at).split('\n').length - 1,
            rule: id,
            found: match[0],
            excerpt: excerptOf(prose.text, at, match[0].length),
            write,
          }
        }),
      ),
    )
}

function excerptOf(text: string, at: number, length: number): string {
  const end = at + Math.max(length, 50)
  return `${text.slice(at, end).replaceAll('\n', ' ')}${end < text.length ? '…' : ''}`
}

/** Code and quoted words are somebody else's; their length stays, so that places stay. */
function withoutQuotes(text: string): string {
  return text.replace(/`[^`]*`|“[^”]*”/g, (quote) => quote.replace(/[^\n]/g, '·'))
}

function tooLong(path: string, { kind, line, text }: Prose): Finding[] {
  const lines = text.split('\n').length
  if (lines <= MAX_PARAGRAPH_LINES || (kind !== 'comment' && kind !== 'paragraph')) return []
  const write = `at most ${MAX_PARAGRAPH_LINES} lines: two paragraphs, a list, or less`
  const found = `a paragraph of ${lines} lines`
  return [{ path, line, rule: 'long-paragraph', found, excerpt: found, write }]
}

function longLines(path: string, source: string): Finding[] {
  return linesOfProse(source).flatMap(({ text, line }) => {
    const { length } = text
      .replace(/\]\([^)]*\)/g, ']')
      .replace(/https?:\/\/\S+/g, '')
      .replace(/`[^`]{30,}`/g, '')
    if (length <= MAX_LINE_LENGTH) return []
    const write = `wrap at ${MAX_LINE_LENGTH} characters`
    const found = `a line of ${length} characters`
    return [{ path, line, rule: 'long-line', found, excerpt: found, write }]
  })
}
