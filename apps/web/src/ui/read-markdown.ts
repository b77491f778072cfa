// Reads a text as a tree of Markdown where that is quick to parse and draw. Any other text is shown as written.
import { fitsMarkdown } from '@tablecast/contracts'
import { type MarkdownNode, readPlain } from './plain-markdown.ts'

/** At these limits the parser takes up to 15 ms, and a page of the story has fifty texts. */
const MOST = { characters: 10_000, depth: 12, weight: 600 }
/** A list's item counts as two levels. Emphasis and links inside a line count as well. */
const MOST_LEVELS = 40

/** `plain`: show the text as written. `parser`: only the parser can tell, and it has not loaded yet. */
export type Reading = { kind: 'tree'; nodes: readonly MarkdownNode[] } | { kind: 'plain' } | { kind: 'parser' }

/** May throw, or give a tree that is too deep to draw. */
export type Parse = (text: string) => { children: readonly MarkdownNode[] }

export function readMarkdown(text: string, parse: Parse | null): Reading {
  if (!fitsMarkdown(text, MOST)) return { kind: 'plain' }
  const simple = readPlain(text)
  if (simple) return { kind: 'tree', nodes: simple }
  if (!parse) return { kind: 'parser' }
  try {
    const nodes = parse(text).children
    return isShallow(nodes) ? { kind: 'tree', nodes } : { kind: 'plain' }
  } catch {
    // The parser promises to accept every text. If it ever throws, the text is still shown.
    return { kind: 'plain' }
  }
}

/** Walks level by level: a recursive walk would overflow the stack on the texts that this guards against. */
function isShallow(nodes: readonly MarkdownNode[]): boolean {
  let level: readonly MarkdownNode[] = nodes
  for (let depth = 0; depth < MOST_LEVELS; depth++) {
    level = level.flatMap((node): readonly MarkdownNode[] => ('children' in node ? node.children : []))
    if (level.length === 0) return true
  }
  return false
}
