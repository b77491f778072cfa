import jsTokens from 'js-tokens'
import { paragraphs, type Prose } from './prose.ts'

const TITLED = new Set(['test', 'it', 'describe'])
const LOGGED = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])

/** The English in a TypeScript file: comments, names, test titles, and what errors and log lines say. JSX text is left out. */
export function proseOfTypeScript(path: string, source: string): Prose[] {
  const found: Prose[] = []
  const names = new Set<string>()
  /** Names of the calls that are open, the innermost last; `test.each(rows)(…)` keeps its first name. */
  const calls: string[] = []
  let line = 1
  let chain = ''
  let closed = ''
  let lineComments: { first: number; lines: string[] } | undefined
  let codeOnLine = false

  const endLineComments = () => {
    if (lineComments) found.push(...paragraphs('comment', lineComments.first, lineComments.lines))
    lineComments = undefined
  }

  for (const token of jsTokens(source, { jsx: path.endsWith('x') })) {
    const { type, value } = token
    const here = line
    if (value.includes('\n')) line += value.split('\n').length - 1
    if (type === 'WhiteSpace') continue
    if (type === 'LineTerminatorSequence') {
      codeOnLine = false
      continue
    }
    if (type === 'SingleLineComment') {
      const text = value.replace(/^\/\/+ ?/, '')
      const follows = lineComments && !codeOnLine && lineComments.first + lineComments.lines.length === here
      if (lineComments && follows) lineComments.lines.push(text)
      else {
        endLineComments()
        lineComments = { first: here, lines: [text] }
      }
      continue
    }
    endLineComments()
    codeOnLine = true
    if (type === 'MultiLineComment') {
      const lines = value.replace(/^\/\*+|\*+\/$/g, '').split('\n')
      found.push(
        ...paragraphs(
          'comment',
          here,
          lines.map((text) => text.replace(/^\s*\*? ?/, '')),
        ),
      )
      continue
    }
    if (type === 'IdentifierName' || type === 'PrivateIdentifier') {
      if (!names.has(value)) found.push({ kind: 'name', line: here, text: value })
      names.add(value)
      chain = chain.endsWith('.') && TITLED.has(chain.split('.')[0] ?? '') ? chain + value : value
      closed = ''
      continue
    }
    if (type === 'Punctuator') {
      if (value === '(') calls.push(closed === '' ? chain : closed)
      closed = value === ')' ? (calls.pop() ?? '') : ''
      chain = value === '.' || value === '?.' ? `${chain}.` : ''
      continue
    }
    const begins = type === 'StringLiteral' || type === 'NoSubstitutionTemplate' || type === 'TemplateHead'
    if (begins || type === 'TemplateMiddle' || type === 'TemplateTail') {
      const call = calls.at(-1) ?? ''
      const isTitle = TITLED.has(call.split('.')[0] ?? '')
      const isLong = value.split(' ').length > 3
      // A template goes on in the middle of a sentence, so its later pieces are no titles.
      const kind = isTitle && begins ? 'title' : 'message'
      if (isTitle || isLong || LOGGED.has(call) || call.endsWith('Error'))
        found.push({ kind, line: here, text: value.replace(/^['"`}]|(?:['"`]|\$\{)$/g, '') })
    }
    chain = ''
    closed = ''
  }
  endLineComments()
  return found
}
