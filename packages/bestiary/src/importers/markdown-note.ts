// A note of Obsidian: its front matter, and the blocks that Fantasy Statblocks and Initiative Tracker read.

/** `name`: of the note, for blocks without a name of their own. */
export type Note = {
  name: string
  frontMatter: string | null
  blocks: { kind: 'statblock' | 'encounter'; text: string }[]
}

const KINDS: Readonly<Record<string, Note['blocks'][number]['kind']>> = {
  statblock: 'statblock',
  encounter: 'encounter',
  'encounter-table': 'encounter',
}

/** One pass over the lines. A fence ends with at least as many marks as it began with, or with the note. */
export function noteOf(name: string, text: string): Note {
  const lines = text.split('\n')
  const note: Note = { name, frontMatter: null, blocks: [] }
  let at = 0
  if (/^---\s*$/.test(lines[0] ?? '')) {
    const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line))
    if (end > 0) {
      note.frontMatter = lines.slice(1, end).join('\n')
      at = end + 1
    }
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const [, quote = '', fence, info = ''] =
      /^((?:[ \t]{0,3}> ?){0,5})[ \t]{0,12}(`{3,20}|~{3,20})[ \t]*([\w-]{0,40})/.exec(line) ?? []
    at++
    if (fence === undefined) continue
    const kind = Object.hasOwn(KINDS, info.toLowerCase()) ? KINDS[info.toLowerCase()] : undefined
    const own: string[] = []
    while (at < lines.length && !endsFence(lines[at] ?? '', fence, quote)) own.push(unquoted(lines[at++] ?? '', quote))
    at++
    if (kind) note.blocks.push({ kind, text: own.join('\n') })
  }
  return note
}

/** Callouts put a mark before each line. */
const unquoted = (line: string, quote: string): string =>
  quote === '' ? line : line.replace(/^(?:[ \t]{0,3}> ?){1,5}/, '')

function endsFence(line: string, fence: string, quote: string): boolean {
  const bare = unquoted(line, quote).trim()
  return bare.length >= fence.length && bare === (fence[0] ?? '').repeat(bare.length)
}
