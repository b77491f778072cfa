// The part of a stat block that a list of creatures shows, and the search in it.
import { type SearchIndex, searchBlocks, type StatBlock } from '@tablecast/bestiary'
import type { BlockHeading, BlocksFound } from '@tablecast/contracts'

export type StoredHeading = Omit<BlockHeading, 'source' | 'id' | 'hash'>

export const headingOf = ({ name, ac, hp, type, subtype, size, cr, xp }: StatBlock): StoredHeading => ({
  name,
  ac,
  hp,
  ...(type === undefined ? {} : { type }),
  ...(subtype === undefined ? {} : { subtype }),
  ...(size === undefined ? {} : { size }),
  ...(cr === undefined ? {} : { cr }),
  ...(xp === undefined ? {} : { xp }),
})

export function searchHeadings(index: SearchIndex<BlockHeading>, text: string, limit: number): BlocksFound {
  const found = searchBlocks(index, { text, limit: limit + 1 })
  return { found: found.slice(0, limit), more: found.length > limit }
}
