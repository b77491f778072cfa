// Reads an adventure in Markdown, as Obsidian writes it: a campaign's first state, and its pages. Headings name the
// lists and the scene; the other text goes to the DM's notes.
import { CampaignState, emptyState, MAX_PAGES, Page, TablecastError } from '@tablecast/contracts'
import type { Heading as HeadingNode, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { toString } from 'mdast-util-to-string'
import { cutText, shortened } from './cut-text.ts'
import { joinNotes, type Note } from './dm-notes.ts'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'
import { addList, type ListSection } from './list-items.ts'
import { masked, fromObsidian, unmasked } from './obsidian.ts'
import { picturesIn } from './pictures.ts'
import { lengths, nameOf, ReportNotes, type Scenario } from './reading.ts'
import { linearSetext } from './setext-underline.ts'
import { type Heading, pagesBetween, splitPages, type TextPage } from './split-pages.ts'
import { pagesSentence, reportState } from './report-state.ts'
import { counted, listed, quoted } from './words.ts'

type Section = ListSection | 'scene' | 'notes'

const titles: readonly (readonly [RegExp, Section])[] = [
  [/^(scenes?|opening|introduction|read aloud)/i, 'scene'],
  [/^(characters?|party|npcs?|monsters?|cast|people)/i, 'characters'],
  [/^(story|beats?|plot|chapters\b|goals?|quests?)/i, 'beats'],
  [/^(threats?|dangers?|enemies)/i, 'threats'],
  [/^(environment|conditions?|weather)/i, 'environment'],
]

/**
 * The front matter gives the name, else the first heading of the first level. Players see the scene and the player characters; the DM
 * reveals the rest. Throws VALIDATION_FAILED for an empty text.
 */
export function readAdventure(source: string, newId: () => string): Scenario {
  const front = readFrontMatter(source)
  const { text, ...marks } = fromObsidian(front?.rest ?? source)
  const open = masked(text)
  const { children } = fromMarkdown(open.text, { extensions: [linearSetext] })
  const first = children.find((node): node is HeadingNode => node.type === 'heading' && node.depth === 1)
  const title = front?.name ?? (first ? titleOf(first) : '')
  const name = nameOf(title, 'A scenario')
  const headings = children.filter((node) => node.type === 'heading').map((node) => headingOf(node, text))
  const properties = propertiesPage(front)
  const targets = targetPages(marks.targets)
  const most = MAX_PAGES - properties.length - targets.length
  const pages = [...properties, ...splitPages(text, headings, { opening: 'Beginning', most }), ...targets]

  const notes = new ReportNotes()
  const read = readSections({ children, first, text: open.text, newId, notes })
  const scene = cutText(read.scene.map((block) => block.text).join('\n\n'), lengths.text)
  const tags = front && front.tags.length > 0 ? [{ text: `Tags: ${front.tags.join(', ')}`, from: 0 }] : []
  const dmNotes = joinNotes([...tags, ...read.notes], pages)
  // A mark that was taken out may have separated a letter from its accent: the schema composes them.
  const state = CampaignState.parse({ ...read.state, scene: scene.kept, dmNotes: dmNotes.text })
  const { characters, beats, threats, environment } = state
  // Properties and the author's comments are on pages alone.
  const isEmpty =
    !state.scene &&
    !read.notes.length &&
    ![characters, beats, threats, environment].some(({ length }) => length) &&
    !pages.some((page) => page.text.trim())
  if (isEmpty)
    throw new TablecastError(
      'VALIDATION_FAILED',
      'The text is empty: a scenario has headings such as Scene, Characters, Beats.',
    )

  if (title.length > lengths.name) notes.changed('The name was shortened', quoted(name))
  reportState(notes, state)
  if (scene.rest) {
    const begin = read.scene[0]?.from ?? 0
    const page = pagesBetween(pages, begin, begin)[0]?.title ?? name
    notes.changed(
      `The scene has room for ${lengths.text.toLocaleString('en')} characters: the rest of it is on the page ${quoted(page)}`,
    )
  }
  if (!dmNotes.isWhole)
    notes.changed(
      `The DM notes have room for ${lengths.dmNotes.toLocaleString('en')} of ${counted(dmNotes.length, 'character')}: they end with links to the pages that hold the rest`,
    )
  tellOfMarks(notes, { ...marks, comments: open.comments, front })
  for (const page of pages.filter(({ isNumbered }) => isNumbered))
    notes.changed('Pages that would have the same title got a number', page.title)
  const pictures = picturesIn(children)
  for (const embed of marks.embeds) notes.leftOut('Embedded files are not in the text', embed)
  for (const picture of pictures) notes.leftOut('Pictures are not shown', picture)

  const whole = {
    name,
    state,
    pages: pages.map(({ title: headed, depth, text: body }, index) =>
      Page.parse({ id: `p${index + 1}`, title: headed, depth, text: body }),
    ),
  }
  const report = notes.report(whole)
  report.kept.push(pagesSentence('The whole text on ', report.counts))
  return { ...whole, report }
}

type Reading = {
  children: readonly RootContent[]
  first: HeadingNode | undefined
  text: string
  newId: () => string
  notes: ReportNotes
}

/** Sorts the blocks of the text: the first scene, the lists, and the DM's notes. */
function readSections({ children, first, text, newId, notes }: Reading) {
  const state: CampaignState = structuredClone(emptyState)
  const scene: Note[] = []
  const dmNotes: Note[] = []
  let section: Section = 'notes'
  let isFirstScene = false
  // A heading goes to the notes with the first block below it that goes there.
  let heading: Note | null = null
  const toDmNotes = (words: string, from: number) => {
    if (heading) dmNotes.push(heading)
    heading = null
    if (words) dmNotes.push({ text: words, from })
  }
  for (const node of children) {
    if (node === first) continue
    const from = node.position?.start.offset ?? 0
    if (node.type === 'heading') {
      const title = titleOf(node)
      if (node.depth <= 2) section = titles.find(([pattern]) => pattern.test(title))?.[1] ?? 'notes'
      isFirstScene = section === 'scene' && scene.length === 0
      if (section === 'scene' && node.depth > 2 && title) addHeadingBeat(state, { title, id: newId() }, notes)
      heading = { text: `${'#'.repeat(node.depth)} ${title}`, from }
      if (section === 'notes') toDmNotes('', from)
      continue
    }
    const words = unmasked(text.slice(from, node.position?.end.offset)).trim()
    if (!words) continue
    if (isFirstScene) scene.push({ text: words, from })
    else if (node.type === 'list' && section !== 'notes' && section !== 'scene')
      addList(state, section, node, text, { newId, notes, toDmNotes })
    else toDmNotes(words, from)
  }
  return { state, scene, notes: dmNotes }
}

/** A later scene becomes a story beat. */
function addHeadingBeat(state: CampaignState, { id, title }: { id: string; title: string }, notes: ReportNotes): void {
  const text = shortened(title, lengths.line)
  if (state.beats.length < 200) state.beats.push({ id, text, done: false, visible: false })
  else notes.leftOut('A campaign holds 200 story beats; on the pages alone are', text)
}

const LINKS = 'Links to other notes'

/** The pages keep only the words of a link, so its target is listed on a page of its own. */
function targetPages(targets: readonly string[]): TextPage[] {
  const list = targets.map((target) => `- \`${target}\``).join('\n')
  return list ? splitPages(list, [], { opening: LINKS }).map((page) => ({ ...page, from: Infinity })) : []
}

type Marks = {
  links: number
  targets: readonly string[]
  callouts: ReadonlyMap<string, number>
  highlights: number
  comments: number
  front: FrontMatter | null
}

function tellOfMarks(notes: ReportNotes, { links, targets, callouts, highlights, comments, front }: Marks): void {
  if (front) {
    const used = [front.name === null ? '' : 'the name', front.tags.length > 0 ? 'the tags in the notes' : ''].filter(
      Boolean,
    )
    notes.changed(`The front matter became ${listed([...used, 'the page “Properties”'])}`)
  }
  if (links > 0) {
    const where = targets.length > 0 ? `; the page ${quoted(LINKS)} lists the targets` : ''
    notes.changed(`${counted(links, 'link')} to other notes became plain text${where}`)
  }
  const quotes = [...callouts.values()].reduce((sum, count) => sum + count, 0)
  const kinds = [...callouts].map(([kind, count]) =>
    count === 1 || callouts.size === 1 ? quoted(kind) : `${quoted(kind)} (${count})`,
  )
  for (const kind of kinds)
    notes.changed(`${counted(quotes, 'callout')} became ${quotes === 1 ? 'a quote' : 'quotes'}, by kind`, kind)
  if (highlights > 0) notes.changed(`${counted(highlights, 'highlighted passage')} became bold`)
  if (comments > 0) notes.changed(`${counted(comments, 'comment')} of the author’s stayed on the pages alone`)
}

function propertiesPage(front: FrontMatter | null): TextPage[] {
  if (!front?.source) return []
  // A fence must be longer than each run of its character inside.
  const fence = '~'.repeat(Math.max(3, ...[...front.source.matchAll(/~+/g)].map(([run]) => run.length + 1)))
  return [{ title: 'Properties', depth: 1, text: `${fence}yaml\n${front.source}\n${fence}`, from: -1 }]
}

const titleOf = (node: HeadingNode): string => unmasked(toString(node)).replaceAll(/\s+/g, ' ').trim()

function headingOf(node: HeadingNode, text: string): Heading {
  const [from, to] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0]
  const title = titleOf(node)
  const source = text
    .slice(from, to)
    .replace(/^#+/, '')
    .replace(/\n *(?:=+|-+)[ \t]*$/, '')
    .trim()
  const isWhole = wordsOf(source) === wordsOf(title)
  return { title: title || 'Untitled', depth: node.depth, from, to, ...(!isWhole && { lost: source }) }
}

/** Only the letters and digits. */
const wordsOf = (text: string): string => text.replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '')
