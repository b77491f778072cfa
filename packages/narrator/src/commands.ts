// The slash commands, as pure functions of the state. Their entries name nothing that players don't know: an entry about something
// hidden is for DMs only.
import type { Beat, CampaignState, Character, StatePatch, Threat } from '@tablecast/contracts'
import {
  commands,
  damage,
  heal,
  setHitPoints,
  TablecastError,
  withCondition,
  withoutCondition,
} from '@tablecast/contracts'
import { findNamed, splitName } from './names.ts'
import type { Dice, DraftEntry, NarrationResult } from './narrator.ts'
import { rollInline } from './prose.ts'

export type CommandContext = { state: CampaignState; dice: Dice; newId: () => string; usage: string; isDm: boolean }
type Action = (context: CommandContext, rest: string) => Partial<NarrationResult>

export const commandActions: Readonly<Record<string, Action>> = {
  '/roll': ({ dice, usage }, rest) => {
    const [notation = '', ...label] = rest.split(/\s+/)
    if (notation === '') throw wrong(usage)
    const roll = dice.roll(notation, label.join(' '))
    return { entries: [{ kind: 'roll', text: roll.label || roll.notation, rolls: [roll], audience: 'all' }] }
  },

  '/hp': ({ state, usage }, rest) => {
    const [character, change] = splitName(state.characters, nameOf, rest, 'character')
    const hp = changeHitPoints(character.hp, change.replaceAll(/\s/g, ''), usage)
    return changed(
      { characters: { upsert: [{ id: character.id, hp }] } },
      `${character.name}: hit points ${character.hp.current} → ${hp.current} of ${hp.max}${hp.temp > 0 ? `, ${hp.temp} temporary` : ''}`,
      character.visible && character.hpVisible,
    )
  },

  '/condition': ({ state, usage }, rest) => {
    const [character, change] = splitName(state.characters, nameOf, rest, 'character')
    const [, sign, condition] = /^([+-])\s*(.{1,40})$/.exec(change.trim()) ?? []
    if (!sign || !condition) throw wrong(usage)
    const others = withoutCondition(character.conditions, condition)
    if (sign === '-' && others.length === character.conditions.length)
      throw new TablecastError(
        'UNKNOWN_COMMAND',
        `${character.name} is not ${condition}, but ${character.conditions.join(', ') || 'free of conditions'}.`,
      )
    const conditions = sign === '+' ? withCondition(others, condition) : others
    return changed(
      { characters: { upsert: [{ id: character.id, conditions }] } },
      `${character.name} is ${sign === '+' ? 'now' : 'no longer'} ${condition}`,
      character.visible,
    )
  },

  '/initiative': ({ state, dice, usage }, rest) => {
    if (state.characters.length === 0)
      throw new TablecastError('UNKNOWN_COMMAND', 'There are no characters yet: add one first.')
    if (rest === '') {
      const rolled = state.characters.map(({ id }) => ({ id, initiative: dice.roll('1d20').total }))
      return changed(orderTurns(state, rolled, true), 'Roll for initiative! The order is set.', true)
    }
    const [character, value] = splitName(state.characters, nameOf, rest, 'character')
    if (!/^-?\d{1,3}$/.test(value)) throw wrong(usage)
    return changed(
      orderTurns(state, [{ id: character.id, initiative: Number(value) }], false),
      `${character.name} acts on ${value}`,
      character.visible,
    )
  },

  '/turn': ({ state, usage }, rest) => {
    const { order, current, round } = state.turn
    if (rest.toLowerCase() === 'end')
      return changed({ turn: { round: 0, order: [], current: null } }, 'The fight is over.', true)
    if (rest === '') throw wrong(usage)
    if (order.length === 0)
      throw new TablecastError('UNKNOWN_COMMAND', 'Nobody is in the turn order: start with /initiative.')
    const index = current === null ? -1 : order.indexOf(current)
    if (rest.toLowerCase() === 'next') {
      const wraps = index + 1 >= order.length
      return passTurn(state, order[wraps ? 0 : index + 1], wraps || round === 0 ? round + 1 : round)
    }
    if (rest.toLowerCase() === 'prev') {
      const wraps = index <= 0
      return passTurn(state, order[wraps ? order.length - 1 : index - 1], wraps ? Math.max(1, round - 1) : round)
    }
    const acting = state.characters.filter(({ id }) => order.includes(id))
    return passTurn(state, findNamed(acting, nameOf, rest, 'character in the turn order').id, Math.max(1, round))
  },

  '/round': ({ state, usage }, rest) => {
    if (rest !== '' && !/^\d{1,4}$/.test(rest)) throw wrong(usage)
    const round = rest === '' ? state.turn.round + 1 : Number(rest)
    const current = rest === '' ? (state.turn.order[0] ?? null) : state.turn.current
    return changed({ turn: { ...state.turn, round, current } }, `Round ${round}`, true)
  },

  '/scene': ({ usage }, rest) => changed({ scene: needed(rest, usage) }, `**Scene:** ${rest}`, true),
  '/status': ({ usage }, rest) => changed({ status: needed(rest, usage) }, `**Status:** ${rest}`, true),

  '/env': ({ state, newId, usage }, rest) => {
    const [verb, text] = verbOf(rest, ['add', 'remove'], usage)
    if (verb === 'add')
      return changed({ environment: { upsert: [{ id: newId(), text, visible: true }] } }, `Around you: ${text}`, true)
    const condition = findNamed(state.environment, (known) => known.text, text, 'condition of the environment')
    return changed({ environment: { remove: [condition.id] } }, `No longer: ${condition.text}`, condition.visible)
  },

  '/threat': ({ state, newId, usage }, rest) => {
    const [verb, text] = verbOf(rest, ['add', 'hide', 'reveal', 'clear'], usage)
    if (verb === 'add') {
      const [name = '', ...detail] = text.split(/:\s+/).map((part) => part.trimEnd())
      const threat = { id: newId(), name, detail: detail.join(': '), visible: false }
      return changed({ threats: { upsert: [threat] } }, `Hidden threat: ${name}`, false)
    }
    const threat = findNamed(state.threats, nameOf, text, 'threat')
    if (verb === 'clear')
      return changed({ threats: { remove: [threat.id] } }, `${threat.name} is no threat any more`, threat.visible)
    return showThreat(threat, verb === 'reveal')
  },

  '/beat': ({ state, newId, usage }, rest) => {
    const [verb, text] = verbOf(rest, ['add', 'done', 'reveal'], usage)
    if (verb === 'add') {
      const beat = { id: newId(), text, done: false, visible: false }
      return changed({ beats: { upsert: [beat] } }, `Hidden beat: ${text}`, false)
    }
    const beat = findNamed(state.beats, textOf, text, 'story beat')
    if (verb === 'reveal') return showBeat(beat, true)
    return changed({ beats: { upsert: [{ id: beat.id, done: true }] } }, `Done: ${beat.text}`, beat.visible)
  },

  '/reveal': ({ state, usage }, rest) => show(state, needed(rest, usage), true),
  '/hide': ({ state, usage }, rest) => show(state, needed(rest, usage), false),

  '/note': ({ state, usage }, rest) => {
    const dmNotes = [state.dmNotes, needed(rest, usage)].filter(Boolean).join('\n')
    return changed({ dmNotes }, `Note: ${rest}`, false)
  },

  '/secret': ({ dice, usage }, rest) => ({
    entries: [{ kind: 'narration', ...rollInline(needed(rest, usage), dice), audience: 'dm' }],
  }),

  '/undo': () => ({ action: 'undo' }),
  '/redo': () => ({ action: 'redo' }),

  '/help': ({ isDm }) => ({
    reply: commands
      .filter(({ who }) => isDm || who === 'all')
      .map(({ usage, does }) => `${usage} — ${does}`)
      .join('\n'),
  }),
}

function changeHitPoints(hp: Character['hp'], change: string, usage: string): Character['hp'] {
  const [, sign = '', digits = ''] = /^(\+|-|=|temp=)(\d{1,4})$/i.exec(change) ?? []
  const amount = Number(digits)
  switch (sign.toLowerCase()) {
    case 'temp=':
      return setHitPoints(hp, { current: hp.current, temp: amount })
    case '=':
      return setHitPoints(hp, { current: amount, temp: hp.temp })
    case '+':
      return heal(hp, amount)
    case '-':
      return damage(hp, amount)
    default:
      throw wrong(usage)
  }
}

/** Highest first; who has no initiative stays out. With `restart` the first one acts in round 1. */
function orderTurns(state: CampaignState, set: { id: string; initiative: number }[], restart: boolean): StatePatch {
  const values = new Map(state.characters.map(({ id, initiative }) => [id, initiative]))
  for (const { id, initiative } of set) values.set(id, initiative)
  const order = [...values]
    .filter((entry): entry is [string, number] => entry[1] !== null)
    .sort(([, a], [, b]) => b - a)
    .map(([id]) => id)
  const { round, current } = state.turn
  const begins = restart || current === null
  const turn = { round: begins ? 1 : round, order, current: begins ? (order[0] ?? null) : current }
  return { characters: { upsert: set }, turn }
}

function passTurn(state: CampaignState, id: string | undefined, round: number): Partial<NarrationResult> {
  const acting = state.characters.find((character) => character.id === id)
  if (!acting)
    throw new TablecastError('UNKNOWN_COMMAND', 'That character is not in the turn order: choose one that is.')
  const begins = round > state.turn.round ? `Round ${round}. ` : ''
  const turn = { ...state.turn, round, current: acting.id }
  // Players see that the DM acts; who it is stands in the DM's entry alone.
  return changed({ turn }, `${begins}${acting.name} acts.`, acting.visible)
}

function show(state: CampaignState, text: string, visible: boolean): Partial<NarrationResult> {
  type Found = { id: string; name: string; act: () => Partial<NarrationResult> }
  const all: Found[] = [
    ...state.characters.map((character) => ({
      ...found(character.id, character.name),
      act: () => showCharacter(character, visible),
    })),
    ...state.threats.map((threat) => ({ ...found(threat.id, threat.name), act: () => showThreat(threat, visible) })),
    ...state.beats.map((beat) => ({ ...found(beat.id, beat.text), act: () => showBeat(beat, visible) })),
  ]
  return findNamed(all, nameOf, text, 'character, threat or beat').act()
}

const found = (id: string, name: string) => ({ id, name })

const showCharacter = ({ id, name }: Character, visible: boolean) =>
  changed({ characters: { upsert: [{ id, visible }] } }, visible ? `${name} appears.` : `Hidden: ${name}`, visible)

const showThreat = ({ id, name, detail }: Threat, visible: boolean) =>
  changed(
    { threats: { upsert: [{ id, visible }] } },
    visible ? `A threat: **${name}**${detail ? `. ${detail}` : ''}` : `Hidden: ${name}`,
    visible,
  )

const showBeat = ({ id, text }: Beat, visible: boolean) =>
  changed({ beats: { upsert: [{ id, visible }] } }, visible ? `The story: ${text}` : `Hidden: ${text}`, visible)

function changed(patch: StatePatch, text: string, isPublic: boolean): Partial<NarrationResult> {
  const entry: DraftEntry = { kind: 'system', text, rolls: [], audience: isPublic ? 'all' : 'dm' }
  return { patch, entries: [entry] }
}

function verbOf<V extends string>(rest: string, verbs: readonly V[], usage: string): [V, string] {
  const [, word = '', text = ''] = /^(\S+)\s+(.+)$/s.exec(rest) ?? []
  const verb = verbs.find((known) => known === word.toLowerCase())
  if (!verb) throw wrong(usage)
  return [verb, text.trim()]
}

function needed(text: string, usage: string): string {
  if (text === '') throw wrong(usage)
  return text
}

const nameOf = ({ name }: { name: string }) => name
const textOf = ({ text }: { text: string }) => text
const wrong = (usage: string) => new TablecastError('UNKNOWN_COMMAND', `Write it like this: ${usage}`)
