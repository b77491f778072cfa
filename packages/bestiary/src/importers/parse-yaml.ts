import { type Document, isScalar, parseDocument, visit } from 'yaml'

/** Characters of a file in YAML: an actor of Foundry VTT. */
export const MAX_YAML_FILE = 500_000
/** Characters of a block in a note. The parser takes seconds for such a text that is made against it. */
const MAX_YAML_BLOCK = 100_000
/** Brackets within brackets, and lists within lists. */
const MAX_DEPTH = 30
/** A line with 120 spaces before it, or 30 lists that begin on it. */
const TOO_DEEP = /^ {120}|^[ \t]{0,120}(?:[-?:] ){30}/m
/** A note has none. Each can stand for all that is before it. */
const MAX_ALIASES = 20

export type Yaml = { value: unknown; problem: string | null }

/**
 * Reads YAML of a stranger. A note that a person wrote often has a colon in a text without quotes: then it quotes those texts and tries
 * once more. `value` is undefined where the text can't be read, and `problem` is the sentence that says why. A text of which a part was
 * given up has both.
 */
export function parseYaml(text: string, maxLength = MAX_YAML_BLOCK): Yaml {
  if (text.length > maxLength) return failed(`It has more than ${maxLength.toLocaleString('en')} characters.`)
  if (isNestedTooDeeply(text)) return failed('It is nested too deeply.')
  const first = documentOf(text)
  if (first && first.errors.length === 0) return valueIn(first)
  const second = documentOf(withQuotes(text))
  if (!second || second.errors.length > 0) return failed(`Its YAML has a mistake${lineOf(first)}.`)
  return valueIn(second)
}

const failed = (problem: string): Yaml => ({ value: undefined, problem })

function documentOf(text: string): Document.Parsed | null {
  try {
    // The parser compares each key with all before it. `isRepeating` does that in one pass.
    return parseDocument(text, { uniqueKeys: false, logLevel: 'silent', strict: false, merge: false })
  } catch {
    // The parser gives up on a text that is made against it with an error of its own or of the stack.
    return null
  }
}

function valueIn(document: Document.Parsed): Yaml {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return { value, problem: isRepeating(document) ? 'A field is there twice. The last one is kept.' : null }
  } catch {
    return failed('It refers to its own parts too often.')
  }
}

function isRepeating(document: Document.Parsed): boolean {
  let isFound = false
  visit(document, {
    Map(_key, { items }) {
      const keys = items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []))
      if (new Set(keys).size === keys.length) return
      isFound = true
      return visit.BREAK
    },
  })
  return isFound
}

const lineOf = (document: Document.Parsed | null): string => {
  const line = document?.errors[0]?.linePos?.[0].line
  return line === undefined ? '' : ` in line ${line}`
}

/** Brackets in a line with words count for that line alone: a text may open one and never close it. */
function isNestedTooDeeply(text: string): boolean {
  let open = 0
  for (const line of text.split('\n')) {
    let depth = open
    for (const [bracket] of line.matchAll(/[[\]{}]/g)) {
      depth += bracket === '[' || bracket === '{' ? 1 : -1
      if (depth > MAX_DEPTH) return true
    }
    if (!/[a-z]{3}/i.test(line)) open = Math.max(0, depth)
  }
  return TOO_DEEP.test(text)
}

/** `desc: Melee Weapon Attack: +4 to hit` becomes `desc: "Melee Weapon Attack: +4 to hit"`. */
const withQuotes = (text: string): string =>
  text.replaceAll(
    /^([ \t]{0,100}(?:- )?["']?[\w ]{1,60}["']?:[ \t]{1,10})(?!["'|>[{&*!#])([^\n]{1,8000})$/gm,
    (all, key: string, value: string) =>
      /: |:$| #|^[@%`]/.test(value) ? `${key}${JSON.stringify(value.trimEnd())}` : all,
  )
