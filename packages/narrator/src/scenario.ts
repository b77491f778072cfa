// A scenario in Markdown becomes the beginning of a campaign. Headings say what is what; what they don't name goes to the DM's notes.
import { type CampaignState, emptyState, fitsMarkdown, TablecastError } from '@tablecast/contracts'
import type { List, Nodes, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { toString } from 'mdast-util-to-string'

type Section = 'scene' | 'characters' | 'beats' | 'threats' | 'environment' | 'notes'

const titles: readonly (readonly [RegExp, Section])[] = [
  [/^(scenes?|opening|introduction|read aloud)/i, 'scene'],
  [/^(characters?|party|npcs?|monsters?|cast|people)/i, 'characters'],
  [/^(story|beats?|plot|chapters?|goals?|quests?)/i, 'beats'],
  [/^(threats?|dangers?|enemies)/i, 'threats'],
  [/^(environment|conditions?|weather)/i, 'environment'],
]

export type Scenario = { name: string; state: CampaignState }

/** What the thread in `scenarioWorker` answers to a text. */
export type ScenarioAnswer = { kind: 'scenario'; scenario: Scenario } | { kind: 'refused'; why: string }

/** Reads a scenario in a thread of its own: a message is the text, its answer a `ScenarioAnswer`. */
export const scenarioWorker = new URL('./scenario-worker.ts', import.meta.url)

/** A book of two hundred pages; the parser takes seconds for that, and longer for what is nested deeper. */
const MOST = { characters: 500_000, depth: 12, weight: 100_000 }

/**
 * The first heading of the first level is the name. `newId` names what is in the lists. Throws VALIDATION_FAILED for a text with
 * nothing in it, or too much. All but the first scene is hidden until the DM reveals it.
 *
 * Takes seconds for a long text, and minutes for one that is made for it: a server reads it in the thread of `scenarioWorker`.
 */
export function readScenario(markdown: string, newId: () => string = () => crypto.randomUUID().slice(0, 13)): Scenario {
  if (!fitsMarkdown(markdown, MOST))
    throw new TablecastError(
      'VALIDATION_FAILED',
      'The text is too much to be read as a scenario: lists or quotes in each other more than twelve deep, or too many lines and marks. Import it in parts.',
    )
  const { children } = fromMarkdown(markdown)
  const first = children.find((node) => node.type === 'heading' && node.depth === 1)
  const name = (first ? toString(first).trim() : '').slice(0, 60) || 'A scenario'
  const state: CampaignState = structuredClone(emptyState)
  const notes: string[] = []
  const scenes: string[] = []
  let section: Section = 'notes'
  for (const node of children) {
    if (node === first) continue
    if (node.type === 'heading') {
      const title = toString(node).trim()
      const known = titles.find(([pattern]) => pattern.test(title))?.[1]
      if (node.depth <= 2) section = known ?? 'notes'
      if (section === 'scene' && node.depth > 2) state.beats.push(beat(newId(), title, false))
      if (section === 'notes') notes.push(`${'#'.repeat(node.depth)} ${title}`)
      continue
    }
    const source = sourceOf(markdown, node)
    if (section === 'scene') scenes.push(source)
    else if (node.type !== 'list' || section === 'notes') notes.push(source)
    else addList(state, section, node, newId)
  }
  const [opening = '', ...later] = scenes
  state.scene = opening.slice(0, 4_000)
  state.dmNotes = [...later, ...notes].join('\n\n').slice(0, 20_000)
  const isEmpty =
    !state.scene && !state.dmNotes && state.characters.length + state.beats.length + state.threats.length === 0
  if (isEmpty)
    throw new TablecastError(
      'VALIDATION_FAILED',
      'the text is empty: a scenario has headings such as Scene, Characters, Beats',
    )
  return { name, state }
}

function addList(
  state: CampaignState,
  section: Exclude<Section, 'scene' | 'notes'>,
  list: List,
  newId: () => string,
): void {
  for (const item of list.children) {
    const text = toString(item).replaceAll(/\s+/g, ' ').trim()
    if (!text) continue
    if (section === 'characters') state.characters.push(character(newId(), text))
    if (section === 'beats')
      state.beats.push(
        beat(newId(), text.replace(/^\[[ xX]\]\s*/, ''), item.checked === true || /^\[[xX]\]/.test(text)),
      )
    if (section === 'environment')
      state.environment.push({ id: newId(), text: bare(text).slice(0, 200), visible: false })
    if (section === 'threats') {
      const [name = text, ...detail] = bare(text).split(/\s*[:–—]\s+/)
      state.threats.push({
        id: newId(),
        name: name.slice(0, 200),
        detail: detail.join(': ').slice(0, 4_000),
        visible: false,
      })
    }
  }
  state.characters.splice(100)
  state.beats.splice(200)
  state.threats.splice(50)
  state.environment.splice(50)
}

const bare = (text: string) => text.replace(/\s*\(hidden\)\s*$/i, '')
const beat = (id: string, text: string, done: boolean) => ({ id, text: bare(text).slice(0, 200), done, visible: false })

/** `Mira (pc): HP 18/24, AC 15. Afraid of water` */
function character(id: string, text: string): CampaignState['characters'][number] {
  const [name = text, ...rest] = text.split(/\s*[:,(–—]\s*/)
  const facts = text.slice(name.length)
  const [, current, max] = /\bHP\s*(\d+)(?:\s*\/\s*(\d+))?/i.exec(facts) ?? []
  const armour = /\bAC\s*(\d+)/i.exec(facts)?.[1]
  const kind = /\b(pc|player)\b/i.test(facts) ? 'pc' : /\bmonster\b/i.test(facts) ? 'monster' : 'npc'
  const most = clamp(Number(max ?? current ?? 10), 0, 9_999)
  return {
    id,
    name: name.slice(0, 60) || 'Nameless',
    kind,
    hp: { current: clamp(Number(current ?? most), -9_999, 9_999), max: most, temp: 0 },
    hpVisible: kind === 'pc',
    armourClass: armour === undefined ? null : clamp(Number(armour), 0, 99),
    conditions: [],
    initiative: null,
    ownerId: null,
    visible: kind === 'pc',
    dmNotes: rest.join(', ').slice(0, 4_000),
  }
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

const sourceOf = (markdown: string, { position }: Nodes | RootContent): string =>
  position ? markdown.slice(position.start.offset, position.end.offset).trim() : ''
