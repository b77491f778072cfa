// The hash of a frozen view, in steps that the hash of the next view can take over.
import { canonicalJson, sortedFields } from './canonical-json.ts'
import { Cyrb53, HashedText } from './cyrb53.ts'
import { onceForFrozen } from './frozen.ts'

/** The hash of a view, field by field. */
export class HashedFields {
  readonly digits: string
  readonly #fields = new Map<string, HashedField>()

  constructor(view: object, before?: HashedFields) {
    const hash = new Cyrb53()
    for (const [name, value] of sortedFields(view)) {
      hash.add(`${this.#fields.size === 0 ? '{' : ','}${JSON.stringify(name)}:`)
      this.#fields.set(name, addField(hash, value, before && before.#fields.get(name)))
    }
    hash.add(this.#fields.size === 0 ? '{}' : '}')
    this.digits = hash.digits
  }
}

type State = { a: number; b: number }

/** `text`: of the whole value, after the second time. */
type HashedField = { value: unknown; from: State; to: State; text: HashedText | null; list: HashedList | null }

function addField(hash: Cyrb53, value: unknown, before: HashedField | undefined): HashedField {
  const from = stateOf(hash)
  let { text = null, list = null } = before ?? {}
  if (before && before.value === value) {
    if (isAt(hash, before.from)) moveTo(hash, before.to)
    else {
      text ??= new HashedText(canonicalJson(value))
      text.jumpThrough(hash)
    }
  } else {
    text = null
    list = Array.isArray(value) ? new HashedList(hash, value, list) : null
    if (!list) hash.add(canonicalJson(value))
  }
  return { value, from, to: stateOf(hash), text, list }
}

const stateOf = ({ a, b }: State): State => ({ a, b })
const isAt = (hash: Cyrb53, { a, b }: State): boolean => hash.a === a && hash.b === b

function moveTo(hash: Cyrb53, { a, b }: State): void {
  hash.a = a
  hash.b = b
}

/** A list, whose items cost a comparison up to the first that differs from the list before. The texts of the later ones are at hand. */
class HashedList {
  readonly #items: readonly unknown[]
  readonly #texts: HashedText[]
  /** The hash before each item and its separator, and after the last. */
  readonly #a: Int32Array
  readonly #b: Int32Array

  constructor(hash: Cyrb53, items: readonly unknown[], before: HashedList | null) {
    this.#items = items
    this.#texts = before ? before.#texts.slice(0, items.length) : []
    this.#a = new Int32Array(items.length + 1)
    this.#b = new Int32Array(items.length + 1)
    const shared = before ? before.#sharedWith(hash, items) : 0
    if (before && shared > 0) this.#skip(hash, before, shared)
    for (let at = shared; at < items.length; at++) {
      this.#a[at] = hash.a
      this.#b[at] = hash.b
      hash.add(at === 0 ? '[' : ',')
      const item = items[at]
      const known = before && before.#items[at] === item ? this.#texts[at] : undefined
      const text = known ?? textOf(item)
      text.stepThrough(hash)
      this.#texts[at] = text
    }
    this.#a[items.length] = hash.a
    this.#b[items.length] = hash.b
    hash.add(items.length === 0 ? '[]' : ']')
  }

  /** The number of items with which both lists begin, if they are hashed after the same text. */
  #sharedWith(hash: Cyrb53, items: readonly unknown[]): number {
    if (this.#a[0] !== hash.a || this.#b[0] !== hash.b) return 0
    const most = Math.min(items.length, this.#items.length)
    let at = 0
    while (at < most && this.#items[at] === items[at]) at++
    return at
  }

  #skip(hash: Cyrb53, before: HashedList, count: number): void {
    this.#a.set(before.#a.subarray(0, count))
    this.#b.set(before.#b.subarray(0, count))
    hash.a = before.#a[count] ?? 0
    hash.b = before.#b[count] ?? 0
  }
}

const textOfItem = onceForFrozen((item: object) => new HashedText(canonicalJson(item)))

const textOf = (item: unknown): HashedText =>
  typeof item === 'object' && item !== null ? textOfItem(item) : new HashedText(canonicalJson(item))
