// Reads front matter: YAML between two lines of `---` above the text. Obsidian stores its properties there.
import { parse } from 'yaml'

/** `source`: the YAML as written. `form`: the mark of an export of Tablecast. `rest`: the text below. */
export type FrontMatter = { source: string; name: string | null; tags: string[]; form: string | null; rest: string }

/** Characters. A longer block is read as text. */
const MAX_FRONT_MATTER = 20_000

/** Null for a text without front matter, and for front matter that is no valid YAML object. */
export function readFrontMatter(text: string): FrontMatter | null {
  if (!/^---[ \t]*\n/.test(text)) return null
  const begin = text.indexOf('\n') + 1
  const end = /^(?:---|\.\.\.)[ \t]*$/m.exec(text.slice(begin, begin + MAX_FRONT_MATTER))
  if (!end) return null
  const source = text.slice(begin, begin + end.index).trimEnd()
  const properties = propertiesOf(source)
  if (!properties) return null
  return {
    source,
    name: wordsOf(properties.get('name')) ?? wordsOf(properties.get('title')),
    tags: tagsOf(properties.get('tags') ?? properties.get('tag')),
    form: wordsOf(properties.get('tablecast')),
    rest: text.slice(begin + end.index + end[0].length).replace(/^\n/, ''),
  }
}

/** The keys are in lower case. */
function propertiesOf(source: string): Map<string, unknown> | null {
  try {
    const value: unknown = parse(source, { maxAliasCount: 20 })
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return new Map(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]))
  } catch {
    return null
  }
}

function wordsOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  return String(value).replaceAll(/\s+/g, ' ').trim() || null
}

/** Takes a list, or one text with commas or spaces between the tags. */
function tagsOf(value: unknown): string[] {
  const given: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,\s]+/) : [value]
  return given.flatMap((item) => wordsOf(item)?.replace(/^#/, '') ?? [])
}
