// Writes and reads the sections of a campaign's own Markdown. A line of a text that looks like the heading of a section gets a backslash,
// so that every text is read back unchanged.

const sectionTitles = [
  'Scene',
  'Status',
  'Characters',
  'Threats',
  'Environment',
  'Story',
  'DM notes',
  'Chronicle',
] as const
export type SectionTitle = (typeof sectionTitles)[number]

/** The mark in the front matter of an export. */
export const OWN_FORM = 'campaign'
export const ownFrontMatter = `---\ntablecast: ${OWN_FORM}\n---`

const begin = new RegExp(String.raw`^## (?:(${sectionTitles.join('|')})|Page(?: ([1-6]))?: (.*))$`)
const alike = new RegExp(String.raw`^(\\*)(?=## (?:(?:${sectionTitles.join('|')})$|Page(?: [1-6])?: ))`, 'gm')

const withBackslashes = (text: string): string => text.replaceAll(alike, (found) => `\\${found}`)
const withoutBackslash = (line: string): string =>
  line.startsWith('\\') && line.search(alike) === 0 ? line.slice(1) : line

/** Empty for an empty text. */
export const ownSection = (title: SectionTitle, text: string): string =>
  text === '' ? '' : `## ${title}\n\n${withBackslashes(text)}`

export const ownPage = ({ title, depth, text }: { title: string; depth: number; text: string }): string =>
  `## Page${depth === 1 ? '' : ` ${depth}`}: ${title}\n\n${withBackslashes(text)}`

type Found = { title: SectionTitle; lines: string[] } | { title: 'Page'; name: string; depth: number; lines: string[] }

/** `before`: the lines above the first section. */
export type OwnSections = { before: string[]; sections: Found[] }

/** `isOld`: an export without backslashes. There each section comes once, in order; a heading out of order is text. */
export function splitOwn(text: string, isOld: boolean): OwnSections {
  const before: string[] = []
  const sections: Found[] = []
  for (const line of text.split('\n')) {
    const last = sections.at(-1)
    const next = beginning(line)
    if (next && (!isOld || isLater(next, last))) sections.push(next)
    else (last?.lines ?? before).push(isOld ? line : withoutBackslash(line))
  }
  for (const { lines } of sections) {
    if (lines[0] === '') lines.shift()
    if (lines.at(-1) === '') lines.pop()
  }
  return { before, sections }
}

function beginning(line: string): Found | null {
  const [found, known, depth, name = ''] = begin.exec(line) ?? []
  if (found === undefined) return null
  const title = sectionTitles.find((one) => one === known)
  return title ? { title, lines: [] } : { title: 'Page', name, depth: Number(depth ?? 1), lines: [] }
}

function isLater(next: Found, last: Found | undefined): boolean {
  if (next.title === 'Page') return false
  return !last || (last.title !== 'Page' && sectionTitles.indexOf(next.title) > sectionTitles.indexOf(last.title))
}
