// A text as a tree of Markdown, where that can be parsed and drawn in no time; else it is shown as it was written.
import { fitsMarkdown } from '@tablecast/contracts'
import type { fromMarkdown } from 'mdast-util-from-markdown'
import { type MarkdownNode, readPlain } from './plain-markdown.ts'

/** With so much of everything the parser takes up to 15 ms, and fifty such texts come with a page. */
const MOST = { characters: 10_000, depth: 12, weight: 600 }
/** An item of a list is two levels. What is written inside a line may be nested as well. */
const MOST_LEVELS = 40

/** `plain`: as it was written. `parser`: it takes the parser to know, which is not there yet. */
export type Reading = { kind: 'tree'; nodes: readonly MarkdownNode[] } | { kind: 'plain' } | { kind: 'parser' }

export function readMarkdown(text: string, parse: typeof fromMarkdown | null): Reading {
  if (!fitsMarkdown(text, MOST)) return { kind: 'plain' }
  const simple = readPlain(text)
  if (simple) return { kind: 'tree', nodes: simple }
  if (!parse) return { kind: 'parser' }
  try {
    const nodes = parse(text).children
    return isShallow(nodes) ? { kind: 'tree', nodes } : { kind: 'plain' }
  } catch {
    // The parser gives up on no text, but ours is not the place to rely on it.
    return { kind: 'plain' }
  }
}

/** Level by level: a walk into the depth would fail where it matters. */
function isShallow(nodes: readonly MarkdownNode[]): boolean {
  let level: readonly MarkdownNode[] = nodes
  for (let depth = 0; depth < MOST_LEVELS; depth++) {
    level = level.flatMap((node): readonly MarkdownNode[] => ('children' in node ? node.children : []))
    if (level.length === 0) return true
  }
  return false
}
