import { Cyrb53 } from './cyrb53.ts'
import { HashedFields } from './hashed-fields.ts'
import { canonicalJson } from './canonical-json.ts'

export { canonicalJson } from './canonical-json.ts'

/** The hashes of frozen views, by view. */
const hashed = new WeakMap<object, HashedFields>()

/**
 * A short fingerprint of a view, by which a client notices that its view differs from the server's. Not for security. 14 hex digits
 * (53 bits). The order of keys does not count. Hash: cyrb53 of the canonical JSON. `before`: a frozen view that was hashed. It saves the work
 * on what both share, and changes nothing in the answer.
 */
export function stateHash(view: object, before?: object): string {
  if (!Object.isFrozen(view)) {
    const hash = new Cyrb53()
    hash.add(canonicalJson(view))
    return hash.digits
  }
  const known = hashed.get(view) ?? new HashedFields(view, before && hashed.get(before))
  hashed.set(view, known)
  return known.digits
}
