// Describes the changes of a step of the journal, from its patch and the inverse.
import { z } from 'zod'
import { withId } from '@tablecast/rules/frozen-lists'
import type { Keyed, ListPatch } from './patch.ts'
import { clipped, quoted } from './short-text.ts'
import type { GameMap, MapArea, Token } from './maps.ts'
import type { Handout } from './pictures.ts'
import type { CampaignState, Character, StatePatch } from './state.ts'

const MOST_PARTS = 3

/**
 * Up to three changes, then the number of further ones. Empty for a step that did not change the state. `state` has the names of the
 * items that the patch lists by id. `operation`: as the journal keeps it, JSON. The text may hold secrets, so it is for DMs only.
 */
export function describeStep(
  state: CampaignState,
  {
    patch,
    inverse,
    operation = null,
  }: { patch: StatePatch | null; inverse: StatePatch | null; operation?: string | null },
): string {
  const parts = [...(patch ? describeChanges(state, patch, inverse ?? {}) : []), ...fogChanges(state, operation)]
  const more = parts.length - MOST_PARTS
  const shown = parts.slice(0, MOST_PARTS).join('; ')
  return more > 0 ? `${shown}; and ${more} more` : shown
}

function describeChanges(state: CampaignState, patch: StatePatch, inverse: StatePatch): string[] {
  const parts: string[] = []
  if (patch.scene !== undefined) parts.push(`the scene ${change(quoted(inverse.scene), quoted(patch.scene))}`)
  if (patch.status !== undefined) parts.push(`the status ${change(quoted(inverse.status), quoted(patch.status))}`)
  const listed = <T extends Keyed>(
    list: ListPatch<T> | undefined,
    { was, known, noun, nameOf, changed }: Listed<T>,
  ): void => {
    if (!list) return
    const before = new Map(was?.upsert?.map((item) => [item.id, item]))
    const added = new Set(was?.remove)
    const labelOf = (id: string, item?: Partial<T>) =>
      nameOf(item ?? {}) ?? nameOf(before.get(id) ?? {}) ?? nameOf(withId(known, id) ?? {}) ?? `a ${noun}`
    for (const item of list.upsert ?? [])
      if (added.has(item.id)) parts.push(`${labelOf(item.id, item)} added`)
      else parts.push(...changed(labelOf(item.id, before.get(item.id)), before.get(item.id) ?? {}, item))
    for (const id of list.remove ?? []) parts.push(`${labelOf(id)} removed`)
    if (list.order) parts.push(`the order of the ${noun}s`)
  }
  listed(patch.characters, {
    was: inverse.characters,
    known: state.characters,
    noun: 'character',
    nameOf: ({ name }) => name && clipped(name),
    changed: characterChanges,
  })
  listed(patch.environment, {
    was: inverse.environment,
    known: state.environment,
    noun: 'condition',
    nameOf: ({ text }) => text && `condition ${quoted(text)}`,
    changed: (label, _was, is) => [
      ...shown(label, is.visible),
      ...(is.text === undefined ? [] : [`${label} reworded`]),
    ],
  })
  listed(patch.threats, {
    was: inverse.threats,
    known: state.threats,
    noun: 'threat',
    nameOf: ({ name }) => name && `threat ${quoted(name)}`,
    changed: (label, _was, is) => [
      ...shown(label, is.visible),
      ...(is.name === undefined && is.detail === undefined ? [] : [`${label} reworded`]),
    ],
  })
  listed(patch.beats, {
    was: inverse.beats,
    known: state.beats,
    noun: 'beat',
    nameOf: ({ text }) => text && `beat ${quoted(text)}`,
    changed: (label, _was, is) => [
      ...shown(label, is.visible),
      ...(is.done === undefined ? [] : [`${label} ${is.done ? 'done' : 'open again'}`]),
      ...(is.text === undefined ? [] : [`${label} reworded`]),
    ],
  })
  if (patch.turn) parts.push(...turnChanges(state, inverse.turn, patch.turn))
  if (patch.dmNotes !== undefined) parts.push('the DM notes')
  if (patch.encounter !== undefined) parts.push(...encounterChanges(inverse.encounter ?? null, patch.encounter))
  if (patch.playersHeal !== undefined)
    parts.push(`players ${patch.playersHeal ? 'may heal each other' : 'may no longer heal each other'}`)
  listed(patch.handouts, {
    was: inverse.handouts,
    known: state.handouts ?? [],
    noun: 'handout',
    nameOf: ({ title }) => title && `handout ${quoted(title)}`,
    changed: (label, _was, is) => handoutChanges(label, is),
  })
  if (patch.scenePicture !== undefined) parts.push(...sceneChanges(inverse.scenePicture ?? null, patch.scenePicture))
  if (patch.presented !== undefined) parts.push(presentedChange(state, inverse.presented ?? null, patch.presented))
  listed(patch.maps, {
    was: inverse.maps,
    known: state.maps ?? [],
    noun: 'map',
    nameOf: ({ title }) => title && mapLabel(title),
    changed: mapChanges,
  })
  // A removed map is closed without words.
  if (patch.shownMap !== undefined && !patch.maps?.remove?.includes(inverse.shownMap?.mapId ?? ''))
    parts.push(shownMapChange(state, inverse.shownMap ?? null, patch.shownMap))
  listed(patch.tokens, {
    was: inverse.tokens,
    known: state.tokens ?? [],
    noun: 'token',
    nameOf: ({ name }) => name && `the token of ${clipped(name)}`,
    changed: tokenChanges,
  })
  listed(patch.areas, {
    was: inverse.areas,
    known: state.areas ?? [],
    noun: 'area',
    nameOf: ({ shape }: Partial<MapArea>) => shape && `an area (${shape.kind})`,
    changed: (label) => [`${label} changed`],
  })
  listed(patch.requests, {
    was: inverse.requests,
    known: state.requests ?? [],
    noun: 'request',
    nameOf: ({ name }) => name && `the request for ${clipped(name)}`,
    changed: (label) => [`${label} changed`],
  })
  return parts
}

type Listed<T extends Keyed> = {
  was: ListPatch<T> | undefined
  known: readonly T[]
  noun: string
  nameOf(item: Partial<T>): string | undefined
  changed(label: string, was: Partial<T>, is: Partial<T>): string[]
}

function characterChanges(name: string, was: Partial<Character>, is: Partial<Character>): string[] {
  const of = `${name}’s`
  const parts: string[] = []
  const numbers = (what: string, from: number | null | undefined, to: number | null | undefined) => {
    if (to !== undefined && from !== to) parts.push(`${of} ${what} ${change(from ?? 'none', to ?? 'none')}`)
  }
  if (is.name !== undefined) parts.push(`${name} is called ${clipped(is.name)}`)
  numbers('hit points', was.hp?.current, is.hp?.current)
  numbers('temporary hit points', was.hp?.temp, is.hp?.temp)
  numbers('most hit points', was.hp?.max, is.hp?.max)
  for (const one of is.conditions ?? []) if (!was.conditions?.includes(one)) parts.push(`${name} is now ${one}`)
  for (const one of was.conditions ?? [])
    if (is.conditions && !is.conditions.includes(one)) parts.push(`${name} is no longer ${one}`)
  numbers('initiative', was.initiative, is.initiative)
  numbers('armour class', was.armourClass, is.armourClass)
  parts.push(...shown(name, is.visible), ...shown(`${of} hit points`, is.hpVisible))
  if (is.ownerId !== undefined) parts.push(`the player of ${name}`)
  if (is.kind !== undefined) parts.push(`the kind of ${name}`)
  if (is.dmNotes !== undefined) parts.push(`the DM notes on ${name}`)
  parts.push(...fighterChanges(name, was, is))
  return parts
}

/** Whether a fighter is down comes with the hit points, and a number for players with the fighter: they are not named. */
function fighterChanges(name: string, was: Partial<Character>, is: Partial<Character>): string[] {
  const parts: string[] = []
  if (is.downed !== undefined && is.hp === undefined) parts.push(`${name} ${is.downed ? is.downed.state : 'up again'}`)
  if (is.concentration !== undefined)
    parts.push(
      is.concentration ? `${name} concentrates on ${clipped(is.concentration.on)}` : `${name} no longer concentrates`,
    )
  if (is.alias !== undefined)
    parts.push(is.alias ? `${name} known to players as ${clipped(is.alias)}` : `${name} known by name to players`)
  if (is.waiting !== undefined) parts.push(is.waiting ? `${name} waits (${is.waiting})` : `${name} no longer waits`)
  if (is.uses !== undefined) parts.push(`the uses of ${name}`)
  if (is.durations !== undefined && is.conditions === undefined) parts.push(`how long conditions of ${name} last`)
  if (is.side !== undefined) parts.push(`the side of ${name}`)
  if (is.portrait !== undefined) parts.push(`the portrait of ${name}`)
  if (is.sheet !== undefined) parts.push(`the sheet of ${name}`)
  const isFigureChanged = (['level', 'xp', 'initiativeBonus', 'block', 'creature', 'number', 'group'] as const).some(
    (field) => is[field] !== undefined && is[field] !== was[field],
  )
  if (isFigureChanged) parts.push(`the figures of ${name}`)
  return parts
}

function handoutChanges(label: string, is: Partial<Handout>): string[] {
  const audience = { nobody: 'hidden from players', everyone: 'shown to players', members: 'shown to some players' }
  const isReworded = is.title !== undefined || is.text !== undefined || is.alt !== undefined
  const others = is.members !== undefined && is.shownTo === undefined ? [`the players who see ${label}`] : []
  return [
    ...(is.shownTo === undefined ? [] : [`${label} ${audience[is.shownTo]}`]),
    ...others,
    ...(isReworded ? [`${label} reworded`] : []),
  ]
}

function sceneChanges(was: CampaignState['scenePicture'], is: CampaignState['scenePicture']): string[] {
  if (!is) return ['the picture of the scene taken away']
  return [was?.pictureId === is.pictureId ? 'the look of the scene’s picture' : 'the picture of the scene']
}

const mapLabel = (title: string): string => `the map ${quoted(title)}`

function mapChanges(label: string, _was: Partial<GameMap>, is: Partial<GameMap>): string[] {
  return [
    ...(is.title === undefined ? [] : [`${label} renamed`]),
    ...(is.grid === undefined ? [] : [`the grid of ${label}`]),
    ...(is.sight === undefined ? [] : [`the sight on ${label}`]),
    ...(is.openDoors === undefined ? [] : [`a door on ${label}`]),
    ...(is.isLocked === undefined ? [] : [`${label} ${is.isLocked ? 'locked' : 'unlocked'} for players`]),
  ]
}

function shownMapChange(
  { maps }: CampaignState,
  was: CampaignState['shownMap'],
  is: CampaignState['shownMap'],
): string {
  const title = maps?.find(({ id }) => id === (is ?? was)?.mapId)?.title
  return `${title ? mapLabel(title) : 'a map'} ${is ? 'shown to' : 'closed for'} players`
}

function tokenChanges(label: string, _was: Partial<Token>, is: Partial<Token>): string[] {
  const isOther = (['name', 'size', 'darkvision', 'isLocked'] as const).some((field) => is[field] !== undefined)
  return [
    ...(is.x === undefined && is.y === undefined ? [] : [`${label} moved`]),
    ...shown(label, is.visible),
    ...(isOther ? [`${label} changed`] : []),
  ]
}

/** A patch tells nothing of fog. An operation of another kind, or of a later version, has no words here. */
function fogChanges({ maps }: CampaignState, operation: string | null): string[] {
  const found = operation === null ? null : FogStep.safeParse(JSON.parse(operation)).data
  if (!found) return []
  const title = maps?.find(({ id }) => id === found.mapId)?.title
  return [`a part of ${title ? mapLabel(title) : 'a map'} ${found.reveals ? 'revealed to' : 'hidden from'} players`]
}

const FogStep = z.object({ type: z.literal('changeFog'), mapId: z.string(), reveals: z.boolean() })

function presentedChange(
  { handouts }: CampaignState,
  was: CampaignState['presented'],
  is: CampaignState['presented'],
): string {
  const held = is ?? was
  const title = handouts?.find(({ id }) => id === held?.handoutId)?.title
  return `${title ? `handout ${quoted(title)}` : 'a handout'} ${is ? 'held up' : 'no longer held up'}`
}

function encounterChanges(was: CampaignState['encounter'], is: CampaignState['encounter']): string[] {
  if (is && !was) return [`the fight ${quoted(is.name)} started`]
  if (was && !is) return [`the fight ${quoted(was.name)} ended`]
  return []
}

function turnChanges(
  { characters }: CampaignState,
  was: CampaignState['turn'] | undefined,
  is: CampaignState['turn'],
): string[] {
  const parts: string[] = []
  const acting = (id: string | null | undefined) =>
    clipped(characters.find((character) => character.id === id)?.name ?? 'nobody')
  if (was?.round !== is.round) parts.push(`the round ${change(was?.round ?? 'none', is.round)}`)
  if (was?.current !== is.current) parts.push(`the turn ${change(acting(was?.current), acting(is.current))}`)
  if (was?.order.join() !== is.order.join()) parts.push('the turn order')
  return parts
}

const shown = (label: string, visible: boolean | undefined): string[] =>
  visible === undefined ? [] : [`${label} ${visible ? 'shown to' : 'hidden from'} players`]

const change = (from: string | number, to: string | number): string => `${from} → ${to}`
