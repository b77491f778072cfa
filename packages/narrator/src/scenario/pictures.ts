import type { Nodes } from 'mdast'

/** The addresses of the pictures in a text, each once. */
export function picturesIn(nodes: readonly Nodes[]): string[] {
  const found = new Set<string>()
  const waiting: Nodes[] = nodes.toReversed()
  // No recursion: a deeply nested text would overflow the stack.
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'image') found.add(node.url)
    if (node.type === 'imageReference') found.add(node.label ?? node.identifier)
    if ('children' in node) for (const child of node.children.toReversed()) waiting.push(child)
  }
  return [...found]
}
