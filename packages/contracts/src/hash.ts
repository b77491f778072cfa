import { onceForFrozen } from './frozen.ts'

/**
 * A short fingerprint of a view, by which a client notices that its view differs from the server's. Not for security. 14 hex digits
 * (53 bits). The order of keys does not count. Hash: cyrb53 by bryc (public domain).
 */
export function stateHash(view: object): string {
  const hash = new ViewHash()
  let separator = '{'
  for (const [field, value] of Object.entries(sorted(view))) {
    if (value === undefined) continue
    hash.add(`${separator}${JSON.stringify(field)}:`)
    hash.addField(value)
    separator = ','
  }
  hash.add(separator === '{' ? '{}' : '}')
  return hash.digits
}

/** The text of a part, and where it took the hash last, from where it was. */
type Part = { text: string; fromA: number; fromB: number; toA: number; toB: number }

/** Of frozen parts: a change at one place of a list costs nothing before that place. NaN is no state of a hash. */
const partOf = onceForFrozen((part: object): Part => ({
  text: canonicalJson(part),
  fromA: Number.NaN,
  fromB: Number.NaN,
  toA: 0,
  toB: 0,
}))

/** The hash of the canonical JSON of a view, which is added part by part. */
class ViewHash {
  #a = 0xdeadbeef
  #b = 0x41c6ce57

  add(text: string): void {
    let [a, b] = [this.#a, this.#b]
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 2654435761)
      b = Math.imul(b ^ code, 1597334677)
    }
    this.#a = a
    this.#b = b
  }

  addField(value: unknown): void {
    if (!Array.isArray(value)) return this.#addPart(value)
    let separator = '['
    for (const item of value) {
      this.add(separator)
      this.#addPart(item)
      separator = ','
    }
    this.add(separator === '[' ? '[]' : ']')
  }

  #addPart(part: unknown): void {
    if (typeof part !== 'object' || part === null) return this.add(canonicalJson(part))
    const known = partOf(part)
    if (known.fromA === this.#a && known.fromB === this.#b) {
      this.#a = known.toA
      this.#b = known.toB
      return
    }
    known.fromA = this.#a
    known.fromB = this.#b
    this.add(known.text)
    known.toA = this.#a
    known.toB = this.#b
  }

  get digits(): string {
    let [a, b] = [this.#a, this.#b]
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, '0')
  }
}

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? sorted(inner) : inner,
  )
}

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
