import { paragraphs, type Prose } from './prose.ts'

/** The paragraphs, headings and cells of a Markdown file. Code and HTML are left out. */
export function proseOfMarkdown(source: string): Prose[] {
  const found: Prose[] = []
  let first = 1
  let lines: string[] = []
  const end = () => {
    found.push(...paragraphs('paragraph', first, lines))
    lines = []
  }
  for (const { text, line } of linesOfProse(source)) {
    const heading = /^#+ +(.*)/.exec(text)
    if (heading?.[1] !== undefined) {
      end()
      found.push({ kind: 'heading', line, text: heading[1] })
      continue
    }
    if (lines.length === 0 || line !== first + lines.length) {
      end()
      first = line
    }
    lines.push(text)
  }
  end()
  for (const [index, text] of source.split('\n').entries())
    if (/^\s*\|/.test(text))
      for (const cell of text.split('|')) found.push({ kind: 'cell', line: index + 1, text: cell.trim() })
  return found
}

/** The lines of a Markdown file that a person wraps: no code, no tables, no HTML. */
export function linesOfProse(source: string): { text: string; line: number }[] {
  const found = []
  let fence = ''
  for (const [index, text] of source.split('\n').entries()) {
    const mark = /^\s*(```+|~~~+)/.exec(text)?.[1] ?? ''
    if (fence !== '') {
      if (mark.startsWith(fence)) fence = ''
    } else if (mark !== '') fence = mark
    else if (!/^\s*(?:\||<)/.test(text)) found.push({ text, line: index + 1 })
  }
  return found
}
