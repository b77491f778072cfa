// A roster lists people and counts the others. A change turns one roster into the next.

type Listed = { userId: string }

/** `unlisted`: the number of people who are present but not listed. */
export type Roster<P extends Listed> = { people: readonly P[]; unlisted: number }

/** `joined`: new people in the list. `changed`: the changed fields of listed people. `gone`: the ids that left the list. */
export type RosterChange<P extends Listed> = {
  joined: readonly P[]
  changed: readonly (Listed & Partial<P>)[]
  gone: readonly string[]
  unlisted: number
}

/** Null for equal rosters. The order of the people does not count. */
export function rosterChange<P extends Listed>(before: Roster<P>, after: Roster<P>): RosterChange<P> | null {
  const known = new Map(before.people.map((person) => [person.userId, person]))
  const joined: P[] = []
  const changed: (Listed & Partial<P>)[] = []
  for (const person of after.people) {
    const old = known.get(person.userId)
    known.delete(person.userId)
    if (!old) joined.push(person)
    else {
      const fields = changedFields(old, person)
      if (fields) changed.push({ ...fields, userId: person.userId })
    }
  }
  const gone = [...known.keys()]
  const isSame = joined.length === 0 && changed.length === 0 && gone.length === 0 && before.unlisted === after.unlisted
  return isSame ? null : { joined, changed, gone, unlisted: after.unlisted }
}

/** A repeated change has no further effect. */
export function applyRosterChange<P extends Listed>(roster: Roster<P>, change: RosterChange<P>): Roster<P> {
  const people = new Map(roster.people.map((person) => [person.userId, person]))
  for (const userId of change.gone) people.delete(userId)
  for (const person of change.joined) people.set(person.userId, person)
  for (const fields of change.changed) {
    const old = people.get(fields.userId)
    if (old) people.set(fields.userId, { ...old, ...fields })
  }
  return { people: [...people.values()], unlisted: change.unlisted }
}

function changedFields<P extends Listed>(old: P, person: P): Partial<P> | null {
  const fields: Partial<P> = {}
  let isChanged = false
  for (const name in person) {
    if (isEqual(old[name], person[name])) continue
    fields[name] = person[name]
    isChanged = true
  }
  return isChanged ? fields : null
}

const isEqual = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
