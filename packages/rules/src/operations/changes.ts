// The real changes of an operation. They can be taken back when later operations have changed other things.
import type { Encounter, Fighter, FightState, Turn } from '../fighter.ts'
import { replacedItems } from '../frozen-lists.ts'
import { usesBefore } from '../uses.ts'

type FieldName = Exclude<keyof Fighter, 'id' | 'hp' | 'conditions'>
type Hp = Fighter['hp']

/** Plain JSON. `applied` is what was added to the hit points, after bounds and temporary hit points. */
export type Change =
  | { kind: 'hp'; id: string; before: Hp; applied: Hp }
  | { kind: 'conditions'; id: string; before: string[]; after: string[] }
  | { kind: 'field'; id: string; field: string; before: unknown; after: unknown }
  | { kind: 'added'; character: Fighter }
  | { kind: 'removed'; character: Fighter; index: number }
  | { kind: 'turn'; before: Turn; after: Turn }
  | { kind: 'encounter'; before: Encounter | null; after: Encounter | null }

/** The paths that a change writes to, as `touchedPaths` of the contracts has them. */
function pathOf(change: Change): string {
  switch (change.kind) {
    case 'hp':
    case 'conditions':
      return `characters/${change.id}/${change.kind}`
    case 'field':
      return `characters/${change.id}/${change.field}`
    case 'added':
    case 'removed':
      return `characters/${change.character.id}`
    case 'turn':
    case 'encounter':
      return change.kind
  }
}

export function changesBetween(before: FightState, after: FightState): Change[] {
  const changes = changesOfFighters(before.characters, after.characters)
  if (!isSame(before.turn, after.turn)) changes.push({ kind: 'turn', before: before.turn, after: after.turn })
  const [encounter, next] = [before.encounter ?? null, after.encounter ?? null]
  if (!isSame(encounter, next)) changes.push({ kind: 'encounter', before: encounter, after: next })
  return changes
}

function changesOfFighters(before: readonly Fighter[], after: readonly Fighter[]): Change[] {
  // Most operations change a few of many fighters, and move nobody in the list.
  const pairs = replacedItems(before, after)
  if (pairs) return pairs.flatMap(([known, one]) => changesOf(known, one))
  const [old, now] = [byId(before), byId(after)]
  const changes: Change[] = []
  // Taking back begins at the end of the list, and puts the first removed fighter in first.
  for (const [index, character] of [...before.entries()].toReversed())
    if (!now.has(character.id)) changes.push({ kind: 'removed', character, index })
  for (const character of after) {
    const known = old.get(character.id)
    if (!known) changes.push({ kind: 'added', character })
    else if (known !== character) changes.push(...changesOf(known, character))
  }
  return changes
}

const byId = (fighters: readonly Fighter[]) => new Map(fighters.map((one) => [one.id, one]))

function changesOf(before: Fighter, after: Fighter): Change[] {
  const { id } = after
  const changes: Change[] = []
  if (!isSame(before.hp, after.hp))
    changes.push({ kind: 'hp', id, before: before.hp, applied: combined(after.hp, before.hp, -1) })
  if (!isSame(before.conditions, after.conditions))
    changes.push({ kind: 'conditions', id, before: before.conditions, after: after.conditions })
  for (const field of fieldsOf(before, after))
    if (!isSame(before[field] ?? null, after[field] ?? null))
      changes.push({ kind: 'field', id, field, before: before[field] ?? null, after: after[field] ?? null })
  return changes
}

function fieldsOf(before: Fighter, after: Fighter): FieldName[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  for (const other of ['id', 'hp', 'conditions']) names.delete(other)
  return [...names] as FieldName[]
}

const combined = (a: Hp, b: Hp, sign: 1 | -1): Hp => ({
  current: a.current + sign * b.current,
  max: a.max + sign * b.max,
  temp: a.temp + sign * b.temp,
})

/** `conflicts`: paths that later operations wrote, which were left as they are. */
export type Undone = { state: FightState; conflicts: string[] }

/**
 * Takes changes back. Hit points and uses get back the amount that was applied, within bounds, and conditions the words. Other fields, the
 * turn and the encounter go back only if they still are as the operation left them. With `force` they go back in any case.
 */
export function undoChanges(state: FightState, changes: readonly Change[], { force = false } = {}): Undone {
  const conflicts: string[] = []
  let result = state
  for (const change of changes.toReversed()) {
    const next = takeBack(result, change, force)
    if (next) result = next
    else conflicts.push(pathOf(change))
  }
  return { state: withoutStaleDowned(result, changes), conflicts }
}

/** Null: a later operation wrote there. */
function takeBack(state: FightState, change: Change, force: boolean): FightState | null {
  switch (change.kind) {
    case 'hp':
      return onFighter(state, change.id, (one) => ({ ...one, hp: hpBefore(one.hp, change) }))
    case 'conditions':
      return onFighter(state, change.id, (one) => ({ ...one, conditions: wordsBefore(one.conditions, change) }))
    case 'field': {
      const known = state.characters.find(({ id }) => id === change.id)
      if (!known) return null
      const now: unknown = known[change.field as FieldName] ?? null
      const uses = change.field === 'uses' ? usesBefore(known.uses ?? [], change) : null
      if (uses) return onFighter(state, change.id, (one) => ({ ...one, uses }))
      if (!force && !isSame(now, change.after)) return null
      return onFighter(state, change.id, (one) => ({ ...one, [change.field]: change.before }))
    }
    case 'added': {
      const { id } = change.character
      return {
        ...state,
        characters: state.characters.filter((one) => one.id !== id),
        turn: withoutFighter(state.turn, id),
      }
    }
    case 'removed': {
      const { character, index } = change
      if (state.characters.some(({ id }) => id === character.id)) return null
      return {
        ...state,
        characters: [...state.characters.slice(0, index), character, ...state.characters.slice(index)],
      }
    }
    case 'turn':
      return force || isSame(state.turn, change.after) ? { ...state, turn: change.before } : null
    case 'encounter':
      return force || isSame(state.encounter ?? null, change.after) ? { ...state, encounter: change.before } : null
  }
}

function onFighter(state: FightState, id: string, change: (one: Fighter) => Fighter): FightState | null {
  if (!state.characters.some((one) => one.id === id)) return null
  return { ...state, characters: state.characters.map((one) => (one.id === id ? change(one) : one)) }
}

/** A value that a DM had set outside of the bounds comes back when nothing was changed since. */
function hpBefore(now: Hp, { before, applied }: Change & { kind: 'hp' }): Hp {
  if (isSame(combined(before, applied, 1), now)) return before
  const back = combined(now, applied, -1)
  const max = between(0, back.max, MOST)
  const current = between(Math.min(0, now.current), back.current, Math.max(max, Math.min(now.current, MOST)))
  return { current, max, temp: between(0, back.temp, MOST) }
}

const MOST = 9_999
const between = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value))

function wordsBefore(now: readonly string[], { before, after }: Change & { kind: 'conditions' }): string[] {
  if (isSame(now, after)) return before
  const added = after.filter((word) => !before.includes(word))
  const kept = now.filter((word) => !added.includes(word))
  return [...kept, ...before.filter((word) => !after.includes(word) && !kept.includes(word))]
}

function withoutFighter(turn: Turn, id: string): Turn {
  if (!turn.order.includes(id)) return turn
  const at = turn.order.indexOf(id)
  const order = turn.order.filter((one) => one !== id)
  return { ...turn, order, current: turn.current === id ? (order[at] ?? order[0] ?? null) : turn.current }
}

/** A fighter whose hit points came back is not down, also if later damage wrote that it is. */
function withoutStaleDowned(state: FightState, changes: readonly Change[]): FightState {
  const ids = new Set(changes.flatMap((change) => (change.kind === 'hp' ? [change.id] : [])))
  if (!state.characters.some((one) => ids.has(one.id) && one.hp.current > 0 && one.downed)) return state
  return {
    ...state,
    characters: state.characters.map((one) =>
      ids.has(one.id) && one.hp.current > 0 && one.downed ? { ...one, downed: null } : one,
    ),
  }
}

/** Deep equality of plain JSON. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return left.length === right.size && left.every(([key, value]) => right.has(key) && isSame(value, right.get(key)))
}
