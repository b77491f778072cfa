/**
 * One stretch of English in a file: a paragraph of a comment or a document, a heading, a cell of a table, a
 * test's title, a text for people in the code, or a name. `text` keeps the line breaks of the file, so that a finding can name its line.
 */
export interface Prose {
  kind: 'comment' | 'paragraph' | 'heading' | 'cell' | 'title' | 'message' | 'name'
  line: number
  text: string
}

/** Paragraphs of text that stands in numbered lines; an empty line ends a paragraph. */
export function paragraphs(kind: Prose['kind'], firstLine: number, lines: string[]): Prose[] {
  const found: Prose[] = []
  let open: Prose | undefined
  for (const [index, line] of lines.entries()) {
    // A tag (`@param`), an item of a list or a rule of dashes begins a paragraph of its own.
    if (line.trim() === '' || /^\s*(?:@|[-*] |\d+\. )/.test(line)) open = undefined
    if (line.trim() === '') continue
    if (open) open.text += `\n${line}`
    else found.push((open = { kind, line: firstLine + index, text: line }))
  }
  return found
}

/** The sentences of a text, with where each begins in it. */
export function sentences(text: string): { start: number; text: string }[] {
  const found = []
  let start = 0
  for (const { index, 0: gap } of text.matchAll(/(?<=[.!?]['"”)`]*)\s+(?=['"“(`]*\p{Lu})/gu)) {
    found.push({ start, text: text.slice(start, index) })
    start = index + gap.length
  }
  return [...found, { start, text: text.slice(start) }]
}

/** The comments of a file whose comments begin with `#`. */
export function proseOfSettings(source: string): Prose[] {
  const lines = source.split('\n').map((line) => /^\s*# ?(?!!)(.*)/.exec(line)?.[1] ?? '')
  return paragraphs('comment', 1, lines)
}
