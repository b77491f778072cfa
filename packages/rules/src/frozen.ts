// Values of plain JSON that never change, and answers about them that are worked out once.

/** Freezes a value with all its parts, and returns it. Takes a frozen object for a whole frozen value: freeze none by itself. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Array.isArray(value) ? value : Object.values(value)) frozen(part)
  return Object.freeze(value)
}

/**
 * The same function, which remembers its answer for each frozen object as long as the object lives. Any other object may change, so
 * its answer is worked out at each call.
 */
export function onceForFrozen<K extends object, V>(work: (value: K) => V): (value: K) => V {
  const known = new WeakMap<K, V>()
  return (value) => {
    const answer = known.get(value)
    if (answer !== undefined) return answer
    const worked = work(value)
    if (Object.isFrozen(value)) known.set(value, worked)
    return worked
  }
}
