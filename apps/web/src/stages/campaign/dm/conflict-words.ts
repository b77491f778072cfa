// Both sides of a conflict, in words for the DM.
import type { CampaignState, HitPoints, StatePatch } from '@tablecast/contracts'

/** `field`: empty for the one field that the edit is about. */
export type Difference = { field: string; mine: string; theirs: string }

const lists = ['characters', 'environment', 'threats', 'beats'] as const
const texts = [
  ['scene', 'Scene'],
  ['status', 'Status'],
  ['dmNotes', 'DM notes'],
] as const

const fieldNames: Readonly<Record<string, string>> = {
  name: 'Name',
  text: 'Text',
  detail: 'Details',
  kind: 'Kind',
  hp: 'Hit points',
  hpVisible: 'Hit points',
  armourClass: 'AC',
  conditions: 'Conditions',
  initiative: 'Initiative',
  ownerId: 'Played by',
  visible: 'Players',
  done: 'Beat',
  dmNotes: 'DM notes',
}

/** The fields of the patch that differ from the newer state. */
export function differences(patch: StatePatch, state: CampaignState): Difference[] {
  const found: Difference[] = []
  for (const [key, field] of texts)
    if (patch[key] !== undefined)
      found.push({ field, mine: inWords(key, patch[key]), theirs: inWords(key, state[key]) })
  for (const list of lists) found.push(...inList(patch[list], state[list]))
  if (patch.turn)
    found.push({ field: 'Turn', mine: turnWords(patch.turn, state), theirs: turnWords(state.turn, state) })
  const differing = found.filter(({ mine, theirs }) => mine !== theirs)
  return differing.length === 1 ? differing.map((one) => ({ ...one, field: '' })) : differing
}

type Item = { id: string; name?: string; text?: string }
type Change = { upsert?: object[] | undefined; remove?: string[] | undefined; order?: string[] | undefined }

function inList(change: Change | undefined, items: readonly Item[]): Difference[] {
  if (!change) return []
  const found: Difference[] = []
  for (const changed of change.upsert ?? []) {
    const fields = Object.entries(changed)
    const id: unknown = fields.find(([key]) => key === 'id')?.[1]
    const known = items.find((item) => item.id === id)
    if (!known) found.push({ field: nameOf(changed) || 'This', mine: 'kept', theirs: 'removed' })
    else
      for (const [key, value] of fields) {
        if (key === 'id') continue
        const now: unknown = Object.entries(known).find(([name]) => name === key)?.[1]
        found.push({
          field: `${nameOf(known)}: ${fieldNames[key] ?? key}`,
          mine: inWords(key, value),
          theirs: inWords(key, now),
        })
      }
  }
  for (const id of change.remove ?? []) {
    const known = items.find((item) => item.id === id)
    found.push({ field: known ? nameOf(known) : 'This', mine: 'removed', theirs: known ? 'kept' : 'removed' })
  }
  if (change.order) {
    const names = (ids: readonly string[]) =>
      ids.flatMap((id) => items.filter((item) => item.id === id).map(nameOf)).join(', ')
    found.push({ field: 'Order', mine: names(change.order), theirs: items.map(nameOf).join(', ') })
  }
  return found
}

const nameOf = (item: object): string => {
  if ('name' in item && typeof item.name === 'string') return item.name
  return 'text' in item && typeof item.text === 'string' ? item.text : ''
}

function turnWords({ round, current }: CampaignState['turn'], { characters }: CampaignState): string {
  if (current === null) return 'no turns'
  return `round ${round}, ${characters.find(({ id }) => id === current)?.name ?? 'somebody'} acts`
}

const switches: Readonly<Record<string, readonly [on: string, off: string]>> = {
  visible: ['see it', 'do not see it'],
  hpVisible: ['shown to players', 'hidden from players'],
  done: ['done', 'open'],
}

/** Never JSON: each value as a person would say it. */
function inWords(key: string, value: unknown): string {
  if (typeof value === 'boolean') return switches[key]?.[value ? 0 : 1] ?? (value ? 'yes' : 'no')
  if (key === 'ownerId') return value === null ? 'nobody' : 'a player'
  if (typeof value === 'string') return textInWords(value)
  if (typeof value === 'number') return value.toLocaleString('en')
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ')
  return isHitPoints(value) ? hitPointWords(value) : 'none'
}

export const textInWords = (text: string): string => text || '(empty)'

const isHitPoints = (value: unknown): value is HitPoints =>
  typeof value === 'object' && value !== null && 'current' in value && 'max' in value && 'temp' in value

const hitPointWords = ({ current, max, temp }: HitPoints): string =>
  `${current} of ${max}${temp > 0 ? `, and ${temp} temporary` : ''}`
