// The whole of Markdown: the parser for CommonMark and for tables as GitHub has them, and how their trees are drawn. A chunk of its own,
// which few texts need.
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmTable } from 'micromark-extension-gfm-table'
import { Fragment, type ReactNode } from 'react'
import { OutsideLink } from './outside-link.tsx'
import type { MarkdownNode as Node } from './plain-markdown.ts'

/** Addresses of reference links, by the name of the reference. */
type Addresses = ReadonlyMap<string, string>

export const parse = (text: string): { children: readonly Node[] } =>
  fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })

export const Tree = ({ nodes }: { nodes: readonly Node[] }) => (
  <Nodes nodes={nodes} addresses={new Map(definedIn(nodes).toReversed())} />
)

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
      // The page has headings of its own above these.
      const Heading = headings[node.depth - 1] ?? 'h6'
      return <Heading data-depth={node.depth}>{inner}</Heading>
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
      return <OutsideLink to={node.url}>{inner}</OutsideLink>
    case 'linkReference':
      return <OutsideLink to={addresses.get(node.identifier) ?? ''}>{inner}</OutsideLink>
    case 'image':
      return <NotLoaded alt={node.alt} />
    case 'imageReference':
      return <NotLoaded alt={node.alt} />
    case 'table':
      return (
        <div className="table-box">
          <table>
            <thead>{rowsOf(node.children.slice(0, 1), 'th', addresses)}</thead>
            <tbody>{rowsOf(node.children.slice(1), 'td', addresses)}</tbody>
          </table>
        </div>
      )
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

type Row = Extract<Node, { type: 'table' }>['children'][number]

const rowsOf = (rows: readonly Row[], Cell: 'th' | 'td', addresses: Addresses) =>
  rows.map(({ children: cells }, place) => (
    <tr key={place}>
      {cells.map(({ children }, column) => (
        <Cell key={column}>
          <Nodes nodes={children} addresses={addresses} />
        </Cell>
      ))}
    </tr>
  ))

const headings = ['h3', 'h4', 'h5', 'h6'] as const

/** An item of a tight list is a line, not a paragraph. */
const unwrapped = (node: Node): readonly Node[] => (node.type === 'paragraph' ? node.children : [node])

/** A picture of another server would tell that server who is at the table. */
const NotLoaded = ({ alt }: { alt: string | null | undefined }) => (
  <span className="text-soft border-line rounded border border-dashed px-1.5 text-sm">
    {alt ? `Picture: ${alt}.` : 'A picture.'} Pictures from elsewhere are not loaded.
  </span>
)
