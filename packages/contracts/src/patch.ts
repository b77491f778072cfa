// Patches hold the changed fields of a state. After the first snapshot a client gets patches only. Server and client run these functions.
import { replacedItems } from '@tablecast/rules/frozen-lists'
import { onceForFrozen } from './frozen.ts'
import { hasUniqueIds, hasUniqueIdsAs } from './unique-ids.ts'

/** An item of a list field. Its `id` is its key in the list. */
export type Keyed = { readonly id: string }

/** A flat record: each field is a plain JSON value (replaced whole) or a list of `Keyed` (patched by id). */
export type Patchable = object

/**
 * `upsert`: a whole new item, which is added at the end, or the changed fields of a known item. `remove`: ids.
 * `order`: all ids in their new order. Present only if `upsert` and `remove` do not lead to that order.
 */
export type ListPatch<T extends Keyed> = {
  upsert?: (Partial<T> & Keyed)[] | undefined
  remove?: string[] | undefined
  order?: string[] | undefined
}

export type Patch<S> = {
  // A list that older states lack is patched as a list too.
  [K in keyof S]?: (NonNullable<S[K]> extends readonly (infer T extends Keyed)[] ? ListPatch<T> : S[K]) | undefined
}

type Json = Record<string, unknown>

/**
 * The state after the patch. It shares the parts that the patch does not name with the state before. A patched list holds each id once,
 * even if the patch repeats one. Unknown ids in `remove` and `order` have no effect.
 */
export function applyPatch<S extends Patchable>(state: S, patch: Patch<S>): S {
  const next: Json = { ...(state as Json) }
  for (const [field, change] of Object.entries(patch as Json)) {
    if (change === undefined || !Object.hasOwn(state, field)) continue
    const before = next[field]
    next[field] = isKeyedList(before) && isListPatch(change) ? applyListPatch(before, change) : change
  }
  return next as S
}

/**
 * The patch that turns `before` into `after`; null when they are equal. `applyPatch(after, diff(after, before))` undoes it. A patch can't
 * remove a field: an optional field that `after` lacks becomes null.
 */
export function diff<S extends Patchable>(before: S, after: S): Patch<S> | null {
  const patch: Json = {}
  for (const [field, value] of Object.entries(after as Json)) {
    const old = (before as Json)[field]
    if (isEqual(old, value)) continue
    const isList = isKeyedList(old) && isKeyedList(value)
    const change = isList ? diffLists(old, value) : value
    if (!isList || change !== null) patch[field] = change
  }
  return Object.keys(patch).length === 0 ? null : (patch as Patch<S>)
}

/**
 * The paths that a patch changes: `scene`, `characters/mira/hp`, `characters/mira` (added or removed), `characters` (order).
 * Two patches conflict when a path of one equals a path of the other, or contains it: see `overlaps`.
 */
export function touchedPaths(patch: object): string[] {
  const paths: string[] = []
  for (const [field, change] of Object.entries(patch)) {
    if (!isListPatch(change)) {
      paths.push(field)
      continue
    }
    for (const id of change.remove ?? []) paths.push(`${field}/${id}`)
    for (const item of change.upsert ?? [])
      for (const key of Object.keys(item)) if (key !== 'id') paths.push(`${field}/${item.id}/${key}`)
    if (change.order) paths.push(`${field}/#order`)
  }
  return paths
}

/** Takes linear time: an edit may have 1,000 paths, and is compared with 200 changes. */
export function overlaps(a: readonly string[], b: readonly string[]): boolean {
  const [written, holders] = [new Set(a), new Set(a.flatMap(holdersOf))]
  return b.some(
    (path) => written.has(path) || holders.has(path) || holdersOf(path).some((holder) => written.has(holder)),
  )
}

/** For `characters/mira/hp`: `characters/mira` and `characters`. */
function holdersOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'))
}

function applyListPatch(list: readonly Keyed[], patch: ListPatch<Keyed>): Keyed[] {
  const items = withoutRemoved(list, patch.remove)
  // Few items change, so that a search for each is quicker than an index of all.
  for (const change of patch.upsert ?? []) {
    const at = items.findIndex(({ id }) => id === change.id)
    if (at < 0) items.push({ ...change })
    else items[at] = { ...items[at], ...change }
  }
  if (!patch.order) return items
  const byId = new Map(items.map((item) => [item.id, item]))
  // A set, because a repeated id must not add its item twice.
  const named = new Set(patch.order)
  const ordered = [...named].flatMap((id) => byId.get(id) ?? [])
  return [...ordered, ...items.filter((item) => !named.has(item.id))]
}

/** A new list with each id once. */
function withoutRemoved(list: readonly Keyed[], remove: readonly string[] = []): Keyed[] {
  const items = hasUniqueIds(list) ? [...list] : [...new Map(list.map((item) => [item.id, item])).values()]
  if (remove.length === 0) return items
  const removed = new Set(remove)
  return items.filter((item) => !removed.has(item.id))
}

function diffLists(before: readonly Keyed[], after: readonly Keyed[]): ListPatch<Keyed> | null {
  const replaced = replacedItems(before, after)
  // Most changes are of one item of a long list.
  if (replaced && hasUniqueIds(before)) {
    hasUniqueIdsAs(before, after)
    return diffItems(replaced)
  }
  const old = new Map(before.map((item) => [item.id, item]))
  const kept = new Set(after.map((item) => item.id))
  const remove = before.filter((item) => !kept.has(item.id)).map((item) => item.id)
  const upsert: Keyed[] = []
  for (const item of after) {
    const known = old.get(item.id)
    if (!known) upsert.push(item)
    else if (!isEqual(known, item)) upsert.push({ ...changedFields(known, item), id: item.id })
  }
  const patch: ListPatch<Keyed> = {}
  if (upsert.length > 0) patch.upsert = upsert
  if (remove.length > 0) patch.remove = remove
  const reached = applyListPatch(before, patch)
  const isDamaged = old.size < before.length
  if (isDamaged || reached.some((item, index) => item.id !== after[index]?.id))
    patch.order = after.map((item) => item.id)
  return Object.keys(patch).length === 0 ? null : patch
}

/** The same as `diffLists`, for the items that differ in two lists with the same ids in the same order. */
function diffItems(replaced: readonly [Keyed, Keyed][]): ListPatch<Keyed> | null {
  const upsert = replaced.flatMap(([known, item]) =>
    isEqual(known, item) ? [] : [{ ...changedFields(known, item), id: item.id }],
  )
  return upsert.length === 0 ? null : { upsert }
}

function changedFields(before: Keyed, after: Keyed): Json {
  const from = before as unknown as Json
  const changed = Object.entries(after).filter(([key, value]) => !isEqual(from[key], value))
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key) && from[key] !== null)
  return Object.fromEntries([...changed, ...removed.map((key) => [key, null])])
}

/** An empty list counts as one of items: a list of plain values is always replaced whole, and never by a patch object. */
const isKeyedList = (value: unknown): value is readonly Keyed[] => Array.isArray(value) && holdsItems(value)

/** A change compares the same two lists several times. */
const holdsItems = onceForFrozen((list: readonly unknown[]): boolean => {
  for (const item of list) if (typeof item !== 'object' || item === null || !('id' in item)) return false
  return true
})

const isListPatch = (value: unknown): value is ListPatch<Keyed> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).every((key) => key === 'upsert' || key === 'remove' || key === 'order')

function areItemsEqual(some: readonly unknown[], others: readonly unknown[]): boolean {
  if (some.length !== others.length) return false
  let at = 0
  for (const item of some) if (!isEqual(item, others[at++])) return false
  return true
}

/** Deep equality of plain JSON values. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && areItemsEqual(a, b)
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && isEqual((a as Json)[key], (b as Json)[key]))
}
