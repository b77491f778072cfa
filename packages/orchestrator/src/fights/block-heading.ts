// The part of a stat block that a list of creatures shows, and the search in it.
import type { StatBlock } from '@tablecast/bestiary'
import type { BlockHeading, BlocksFound } from '@tablecast/contracts'
import { fold } from '@tablecast/rules/names'

export type StoredHeading = Omit<BlockHeading, 'source' | 'id' | 'hash'>

export const headingOf = ({ name, ac, hp, type, size, cr, xp }: StatBlock): StoredHeading => ({
  name,
  ac,
  hp,
  type: type ?? null,
  size: size ?? null,
  cr: cr ?? null,
  xp: xp ?? null,
})

/** Headings that have a word for each of the query: of the name, type, size, or `cr` and a challenge. Names that begin with it come first. */
export function searchHeadings(headings: readonly BlockHeading[], query: string, limit: number): BlocksFound {
  const asked = fold(query)
  const words = asked.split(' ').filter((word) => word !== '')
  const fitting = headings.flatMap((heading) => {
    const rank = rankOf(heading, asked, words)
    return rank === null ? [] : [{ heading, rank, name: fold(heading.name) }]
  })
  fitting.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return { found: fitting.slice(0, limit).map(({ heading }) => heading), more: fitting.length > limit }
}

function rankOf(heading: BlockHeading, asked: string, words: readonly string[]): number | null {
  const name = fold(heading.name)
  if (name === asked) return 0
  if (name.startsWith(asked)) return 1
  const has = [...name.split(' '), ...fold(heading.type ?? '').split(' '), heading.size ?? '', ...challengeOf(heading)]
  return words.every((word) => has.some((known) => known.startsWith(word))) ? 2 : null
}

const FRACTIONS = new Map([
  [0.125, '1/8'],
  [0.25, '1/4'],
  [0.5, '1/2'],
])

const challengeOf = ({ cr }: BlockHeading): string[] =>
  cr === null ? [] : [FRACTIONS.get(cr) ?? String(cr), `cr${cr}`]
