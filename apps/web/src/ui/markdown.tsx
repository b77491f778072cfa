// Markdown as React elements. Raw HTML stays text and no picture is loaded, so that no text can load or run anything.
import { type ComponentType, Fragment, type ReactNode, useEffect } from 'react'
import { create } from 'zustand'
import { AsWritten, Guard } from './guard.tsx'
import type { MarkdownNode as Node } from './plain-markdown.ts'
import { type Parse, readMarkdown } from './read-markdown.ts'

export function Markdown({ text }: { text: string }) {
  const { nodes, whole } = useNodes(text)
  const asWritten = <AsWritten text={text} />
  if (!nodes) return asWritten
  return (
    <Guard of={text} instead={asWritten}>
      {whole ? <whole.Tree nodes={nodes} /> : <Plain nodes={nodes} />}
    </Guard>
  )
}

type Whole = { parse: Parse; Tree: ComponentType<{ nodes: readonly Node[] }> }

const useWhole = create<{ whole: Whole | null }>(() => ({ whole: null }))

function loadWhole(): void {
  import('./mdast.tsx').then(
    ({ parse, Tree }) => useWhole.setState({ whole: { parse, Tree } }),
    () => {}, // The text can be read as written, and the next text that needs the parser loads it again.
  )
}

/** Without nodes the text is shown as written, which includes the time until the parser has loaded. */
function useNodes(text: string): { nodes: readonly Node[] | null; whole: Whole | null } {
  const whole = useWhole((state) => state.whole)
  const reading = readMarkdown(text, whole?.parse ?? null)
  const isWanted = reading.kind === 'parser'
  useEffect(() => {
    if (!isWanted) return
    loadWhole()
    addEventListener('online', loadWhole)
    return () => removeEventListener('online', loadWhole)
  }, [isWanted])
  return { nodes: reading.kind === 'tree' ? reading.nodes : null, whole }
}

/** Paragraphs with emphasis: the trees that need no parser. */
const Plain = ({ nodes }: { nodes: readonly Node[] }) =>
  nodes.map((node, place) => <Fragment key={place}>{drawn(node)}</Fragment>)

function drawn(node: Node): ReactNode {
  const inner = 'children' in node && <Plain nodes={node.children} />
  switch (node.type) {
    case 'text':
      return node.value
    case 'paragraph':
      return <p>{inner}</p>
    case 'emphasis':
      return <em>{inner}</em>
    case 'strong':
      return <strong>{inner}</strong>
    default:
      return null
  }
}
