// Markdown as React elements. Raw HTML stays text and pictures are left out, so that no text can load or run anything.
import type { fromMarkdown } from 'mdast-util-from-markdown'
import { Fragment, type ReactNode, useEffect } from 'react'
import { create } from 'zustand'
import { AsWritten, Guard } from './guard.tsx'
import type { MarkdownNode as Node } from './plain-markdown.ts'
import { readMarkdown } from './read-markdown.ts'

/** Addresses of reference links, by the name of the reference. */
type Addresses = ReadonlyMap<string, string>

export function Markdown({ text }: { text: string }) {
  const nodes = useNodes(text)
  const asWritten = <AsWritten text={text} />
  if (!nodes) return asWritten
  return (
    <Guard of={text} instead={asWritten}>
      <Nodes nodes={nodes} addresses={new Map(definedIn(nodes).toReversed())} />
    </Guard>
  )
}

const useParser = create<{ parse: typeof fromMarkdown | null }>(() => ({ parse: null }))

function loadParser(): void {
  import('mdast-util-from-markdown').then(
    ({ fromMarkdown: parse }) => useParser.setState({ parse }),
    () => {}, // The text can be read as written, and the next text that needs the parser loads it again.
  )
}

/** Null where the text is shown as written, which includes the time until the parser has loaded. */
function useNodes(text: string): readonly Node[] | null {
  const parse = useParser((state) => state.parse)
  const reading = readMarkdown(text, parse)
  const isWanted = reading.kind === 'parser'
  useEffect(() => {
    if (!isWanted) return
    loadParser()
    addEventListener('online', loadParser)
    return () => removeEventListener('online', loadParser)
  }, [isWanted])
  return reading.kind === 'tree' ? reading.nodes : null
}

/** The first of two definitions with the same name counts. */
const definedIn = (nodes: readonly Node[]): [string, string][] =>
  nodes.flatMap((node) => {
    if (node.type === 'definition') return [[node.identifier, node.url]]
    return 'children' in node ? definedIn(node.children) : []
  })

const Nodes = ({ nodes, addresses }: { nodes: readonly Node[]; addresses: Addresses }) =>
  nodes.map((node, place) => <Fragment key={place}>{drawn(node, addresses)}</Fragment>)

function drawn(node: Node, addresses: Addresses): ReactNode {
  const inner = 'children' in node && <Nodes nodes={node.children} addresses={addresses} />
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value
    case 'paragraph':
      return <p>{inner}</p>
    case 'emphasis':
      return <em>{inner}</em>
    case 'strong':
      return <strong>{inner}</strong>
    case 'heading': {
      const Heading = `h${node.depth}` as const
      return <Heading>{inner}</Heading>
    }
    case 'blockquote':
      return <blockquote>{inner}</blockquote>
    case 'list': {
      const isLoose = node.spread === true || node.children.some(({ spread }) => spread === true)
      const items = node.children.map(({ children }, place) => (
        <li key={place}>
          <Nodes nodes={isLoose ? children : children.flatMap(unwrapped)} addresses={addresses} />
        </li>
      ))
      return node.ordered ? <ol start={node.start ?? 1}>{items}</ol> : <ul>{items}</ul>
    }
    case 'link':
      return <SafeLink to={node.url}>{inner}</SafeLink>
    case 'linkReference':
      return <SafeLink to={addresses.get(node.identifier) ?? ''}>{inner}</SafeLink>
    case 'inlineCode':
      return <code>{node.value}</code>
    case 'code':
      return (
        <pre>
          <code>{node.value}</code>
        </pre>
      )
    case 'break':
      return <br />
    case 'thematicBreak':
      return <hr />
    default:
      return null
  }
}

/** An item of a tight list is a line, not a paragraph. */
const unwrapped = (node: Node): readonly Node[] => (node.type === 'paragraph' ? node.children : [node])

const safe: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'irc:', 'ircs:', 'xmpp:'])

/** Shows the link's words alone when its address is invalid or could run a script. */
function SafeLink({ to, children }: { to: string; children: ReactNode }) {
  const protocol = URL.parse(to, 'https://relative.invalid')?.protocol
  return protocol && safe.has(protocol) ? <a href={to}>{children}</a> : children
}
