import type { LibraryItem } from '@tablecast/contracts'

/** How long the server keeps a deleted campaign. */
const KEPT_DAYS = 30
const DAY_MS = 24 * 60 * 60_000

/** Dates, size and origin of a campaign, for one line. */
export function campaignFacts({ createdAt, updatedAt, entries, pages, origin }: LibraryItem): string {
  return [
    `Changed ${day(updatedAt)}`,
    `made ${day(createdAt)}`,
    counted(entries, 'entry', 'entries'),
    ...(pages > 0 ? [counted(pages, 'page', 'pages')] : []),
    ...originWords(origin),
  ].join(' · ')
}

/** `now`: in milliseconds since 1970. */
export function deletedFacts({ deletedAt, entries }: LibraryItem, now: number): string {
  const since = deletedAt === null ? 0 : now - Date.parse(deletedAt)
  const left = Math.max(0, Math.ceil(KEPT_DAYS - since / DAY_MS))
  const gone = left === 0 ? 'is removed soon' : `is removed in ${counted(left, 'day', 'days')}`
  return `Deleted ${deletedAt === null ? '' : day(deletedAt)} · ${counted(entries, 'entry', 'entries')} · ${gone}`
}

function originWords(origin: LibraryItem['origin']): string[] {
  switch (origin?.kind) {
    case 'file':
      return [`from a file of ${day(origin.exportedAt)}`]
    case 'adventure':
      return [`from the adventure ${origin.name}`]
    case 'copy':
      return [`a copy of ${origin.name}`]
    case 'new':
    case undefined:
      return []
  }
}

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

const day = (at: string): string =>
  new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric' })
