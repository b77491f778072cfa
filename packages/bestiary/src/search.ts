// Finds stat blocks as one types. The index is made once, and holds folded text alone.
import { fold } from '@tablecast/rules/names'
import type { Size, StatBlock } from './stat-block.ts'

/** The figures that a list of creatures shows. `Block` keeps its own further fields, such as a reference. */
export type Searchable = Pick<StatBlock, 'id' | 'name' | 'size' | 'type' | 'subtype' | 'cr'>

/** All that is given must fit. `text`: beginnings of words of the name, the type, the size or the challenge: “gob”, “large dragon”, “cr 1/4”. */
export type Query = {
  text?: string
  type?: string
  size?: Size
  minCr?: number
  maxCr?: number
  limit?: number
}

export type SearchIndex<B extends Searchable> = { entries: readonly Entry<B>[] }
/** `words`: each between two spaces, so that a search is a search in one text. */
type Entry<B> = { block: B; name: string; words: string }

export function indexBlocks<B extends Searchable>(blocks: readonly B[]): SearchIndex<B> {
  const entries = blocks.map((block) => {
    const name = fold(block.name)
    const others = [block.type ?? '', block.subtype ?? '', block.size ?? ''].map(fold)
    const challenge = block.cr === undefined ? [] : challengeWords(block.cr)
    return { block, name, words: ` ${[name, ...others, ...challenge].join(' ')} ` }
  })
  return { entries: entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) }
}

/** Names that begin with the text come first, then names with a word that does, then the others, each by name. */
export function searchBlocks<B extends Searchable>(index: SearchIndex<B>, query: Query): B[] {
  const text = fold(query.text ?? '').replaceAll(/\b(?:cr|challenge) (?=\d)/g, 'cr')
  // A challenge is meant whole: “cr1” is not 10.
  const wanted = text.split(' ').map((word) => (/^cr\d/.test(word) ? ` ${word} ` : ` ${word}`))
  const type = query.type === undefined ? null : fold(query.type)
  const ranked: B[][] = [[], [], []]
  for (const { block, name, words } of index.entries) {
    if (!wanted.every((word) => words.includes(word)) || !fits(block, query, type)) continue
    const rank = name.startsWith(text) ? 0 : name.includes(` ${text}`) ? 1 : 2
    ranked[rank]?.push(block)
  }
  return ranked.flat().slice(0, query.limit ?? 50)
}

function fits({ type, size, cr }: Searchable, query: Query, wantedType: string | null): boolean {
  if (query.size && size !== query.size) return false
  if (wantedType !== null && fold(type ?? '') !== wantedType) return false
  if (query.minCr !== undefined && (cr === undefined || cr < query.minCr)) return false
  return query.maxCr === undefined || (cr !== undefined && cr <= query.maxCr)
}

const challengeWords = (cr: number): string[] => [`cr${cr}`, `cr${tellChallenge(cr)}`]

/** “1/4” for a quarter. */
export function tellChallenge(cr: number): string {
  return cr > 0 && cr < 1 ? `1/${Math.round(1 / cr)}` : String(cr)
}
