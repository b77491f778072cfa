// The fenced blocks of the documents, and the commands in those for a shell.
import { globSync, readFileSync } from 'node:fs'

/** `info`: the text behind the opening fence, as `bash` or `json topics`. `line`: of the block's first line, from 1. */
export type Block = { document: string; line: number; info: string; text: string }

/** `text`: without its comment. `typed`: lines that the document says to type into the program, as comments below it. */
export type Command = { document: string; line: number; text: string; typed: string[] }

const DOCUMENTS = ['*.md', '.github/**/*.md', 'docs/**/*.md', '{apps,packages}/*/*.md', 'deploy/**/*.md']

/** Every document of the checkout, as paths from its root. */
export const documents = (root: string): string[] =>
  globSync(DOCUMENTS, { cwd: root, exclude: (path) => path.includes('node_modules') }).toSorted()

export const blocksIn = (root: string): Block[] =>
  documents(root).flatMap((document) => blocksOf(document, readFileSync(`${root}/${document}`, 'utf8')))

export function blocksOf(document: string, markdown: string): Block[] {
  const blocks: Block[] = []
  let open: Block | null = null
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^ *```(.*)$/.exec(line)
    if (!fence) {
      if (open) open.text += `${line}\n`
    } else if (open) {
      blocks.push(open)
      open = null
    } else open = { document, line: index + 2, info: (fence[1] ?? '').trim(), text: '' }
  }
  return blocks
}

export const isShell = ({ info }: Block): boolean =>
  ['bash', 'sh', 'shell', 'console'].includes(info.split(' ')[0] ?? '')

/** A line each; one that ends with `\` goes on in the next. */
export function commandsOf({ document, line, text }: Block): Command[] {
  const commands: Command[] = []
  let begun: Command | null = null
  for (const [index, raw] of text.trimEnd().split('\n').entries()) {
    const typed = /^#.*?(\{".*\})\s*$/.exec(raw)?.[1]
    if (typed) commands.at(-1)?.typed.push(typed)
    const part = raw.replace(/(?:^|\s+)#\s.*$/, '').trimEnd()
    if (part.trim() === '') continue
    const command: Command = begun
      ? { ...begun, text: `${begun.text} ${part.trim()}` }
      : { document, line: line + index, text: part, typed: [] }
    const goesOn = command.text.endsWith('\\')
    begun = goesOn ? { ...command, text: command.text.slice(0, -1).trimEnd() } : null
    if (!goesOn) commands.push(command)
  }
  return commands
}
