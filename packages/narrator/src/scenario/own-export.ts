// Reads an export of Tablecast in Markdown back as the same campaign: everything is visible or hidden as before.
import {
  Beat,
  bytesOf,
  CampaignState,
  Character,
  Condition,
  emptyState,
  MAX_PAGE_BYTES,
  MAX_PAGE_TITLE,
  Page,
  Threat,
} from '@tablecast/contracts'
import type { z } from 'zod'
import { cutText, shortened } from './cut-text.ts'
import { readFrontMatter } from './front-matter.ts'
import {
  isOldCharacterLine,
  readOldBeatLine,
  readOldCharacterLine,
  readOldConditionLine,
  readOldThreatLine,
} from './old-lines.ts'
import { itemsIn, readBeatLine, readCharacterLine, readConditionLine, readThreatLine } from './own-lines.ts'
import { OWN_FORM, type OwnSections, type SectionTitle, splitOwn } from './own-sections.ts'
import { lengths, limits, nameOf, ReportNotes, type Scenario } from './reading.ts'
import { splitPages } from './split-pages.ts'
import { pagesSentence, reportState } from './report-state.ts'
import { quoted } from './words.ts'

/** Null for a text that is no export of Tablecast. */
export function readOwnExport(source: string, newId: () => string): Scenario | null {
  const front = readFrontMatter(source)
  if (front?.form === OWN_FORM) return readSections(splitOwn(front.rest, false), { isOld: false, newId })
  const old = splitOwn(source, true)
  return isOldExport(old) ? readSections(old, { isOld: true, newId }) : null
}

/** The line below the name, which names the readers of the export. */
const audienceLine = /^\*(?:For players|For the DM: secrets, whispers and notes are in it)\.\*$/

/**
 * An old export has no mark of its own but the line that names its readers. A text that only looks like one must not show its secrets to
 * players, so without that line every part of it has to match.
 */
function isOldExport({ before, sections }: OwnSections): boolean {
  const [name = '', ...others] = before.filter((line) => line.trim() !== '')
  if (!name.startsWith('# ')) return false
  const saysForWhom = others.length === 1 && audienceLine.test(others[0] ?? '')
  if (others.length > 0 && !saysForWhom) return false
  const lines = (title: SectionTitle) => sections.find((section) => section.title === title)?.lines ?? []
  const { items } = itemsIn(lines('Characters'))
  if (!items.every(({ line }) => isOldCharacterLine(line))) return false
  const hasOtherHeadings = sections.some(
    ({ title, lines: inside }) =>
      title !== 'DM notes' && title !== 'Chronicle' && inside.some((line) => /^##? /.test(line)),
  )
  const isChronicled = sections.some(({ title }) => title === 'Chronicle')
  return (
    !hasOtherHeadings && (saysForWhom || isChronicled || items.some(({ line }) => / \(hidden\)(?:\. |$)/.test(line)))
  )
}

type Options = { isOld: boolean; newId: () => string }

function readSections({ before, sections }: OwnSections, { isOld, newId }: Options): Scenario {
  const notes = new ReportNotes()
  const pages: Page[] = []
  const [titleLine = '', ...above] = before.filter((line) => line.trim() !== '' && !audienceLine.test(line))
  const others = titleLine.startsWith('# ') ? above : [titleLine, ...above].filter(Boolean)
  const title = titleLine.startsWith('# ') ? titleLine.slice(2).trim() : ''
  const name = nameOf(title, 'A campaign')
  const state: CampaignState = structuredClone(emptyState)
  const addPages = (headed: string, depth: number, text: string) => {
    const title = shortened(headed, MAX_PAGE_TITLE)
    const parts = bytesOf(text) <= MAX_PAGE_BYTES ? [{ title, text }] : splitPages(text, [], { opening: title })
    for (const part of parts)
      pages.push(Page.parse({ id: `p${pages.length + 1}`, title: part.title, depth, text: part.text }))
  }
  /** Cuts a text to the length of its field. A text that is too long is on a page as well. */
  const fitting = (field: string, text: string, max: number): string => {
    const { kept, rest } = cutText(text, max)
    if (rest) {
      notes.changed('Text that was too long is complete on a page of the same name', quoted(field))
      addPages(field, 1, text)
    }
    return kept
  }
  const add = <T>(
    list: keyof typeof limits,
    lines: readonly string[],
    read: (line: string, below: readonly string[]) => object | null,
    schema: z.ZodType<T>,
  ): T[] => {
    const { before: loose, items } = itemsIn(lines)
    const found: T[] = []
    others.push(...loose.filter((line) => line.trim() !== ''))
    for (const { line, below } of items) {
      const fields = read(line, below)
      const item = fields && schema.safeParse({ id: newId(), ownerId: null, ...fields })
      if (item?.success && found.length < limits[list]) found.push(item.data)
      else others.push(line, ...below)
    }
    return found
  }
  for (const section of sections) {
    const text = section.lines.join('\n')
    switch (section.title) {
      case 'Scene': {
        const { scene, status } = isOld ? oldScene(text) : { scene: text, status: '' }
        state.scene = fitting('Scene', scene, lengths.text)
        state.status = status
        break
      }
      case 'Status':
        state.status = fitting('Status', text, lengths.line)
        break
      case 'Characters':
        state.characters = add('characters', section.lines, isOld ? readOldCharacterLine : readCharacterLine, Character)
        break
      case 'Threats':
        state.threats = add('threats', section.lines, isOld ? readOldThreatLine : readThreatLine, Threat)
        break
      case 'Environment':
        state.environment = add(
          'environment',
          section.lines,
          isOld ? readOldConditionLine : readConditionLine,
          Condition,
        )
        break
      case 'Story':
        state.beats = add('beats', section.lines, isOld ? readOldBeatLine : readBeatLine, Beat)
        break
      case 'DM notes':
        state.dmNotes = fitting('DM notes', text, lengths.dmNotes)
        break
      case 'Chronicle':
        addPages('Chronicle', 1, text)
        notes.changed('The chronicle is on the page “Chronicle”, for DMs alone')
        break
      case 'Page':
        addPages(section.name, section.depth, text)
        break
      default:
        section satisfies never
    }
  }
  if (others.length > 0) {
    addPages('Other lines', 1, others.join('\n'))
    notes.changed('Lines that belong to no list are on the page “Other lines”')
  }
  if (title.length > lengths.name) notes.changed('The name was shortened', quoted(name))
  Object.assign(state, CampaignState.parse(state))
  notes.kept(
    'An export of Tablecast: hit points, armour class, conditions and notes are as before, and so are visible and hidden things',
  )
  if (isOld) tellOfOld(notes, state)
  reportState(notes, state)
  const whole = { name, state, pages }
  const report = notes.report(whole)
  if (pages.length > 0) report.kept.push(pagesSentence('', report.counts))
  report.leftOut.push(
    'Markdown does not hold the order of turns and the players of the characters. An export as JSON does.',
  )
  return { ...whole, report }
}

/** The last paragraph of an old scene is the status, in italics. */
function oldScene(text: string): { scene: string; status: string } {
  const paragraphs = text.split('\n\n')
  const [, status] = /^\*([^*\n]{1,200})\*$/.exec(paragraphs.at(-1) ?? '') ?? []
  return status === undefined ? { scene: text, status: '' } : { scene: paragraphs.slice(0, -1).join('\n\n'), status }
}

function tellOfOld(notes: ReportNotes, { characters }: CampaignState): void {
  if (characters.length === 0) return
  notes.changed(
    'The file does not mark player characters: visible characters became player characters, hidden ones non-player characters',
  )
  notes.changed('The file does not say whose hit points players see: players see none until you show them')
}
