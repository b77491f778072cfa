// The slash commands, as pure functions of the state. Their entries name nothing that players don't know: an entry about something
// hidden is for DMs only.
import type { Beat, CampaignState, Character, StatePatch, Threat } from '@tablecast/contracts'
import { commands, TablecastError } from '@tablecast/contracts'
import { shownNames } from '@tablecast/rules'
import { findNamed } from './names.ts'
import type { Dice } from './dice.ts'
import type { DraftEntry, NarrationResult } from './narrator.ts'
import { rollInline } from './prose.ts'

export type CommandContext = { state: CampaignState; dice: Dice; newId: () => string; usage: string; isDm: boolean }
type Action = (context: CommandContext, rest: string) => Partial<NarrationResult>

export const commandActions: Readonly<Record<string, Action>> = {
  '/turn': ({ state, usage }, rest) => {
    const { order, round } = state.turn
    if (rest === '') throw wrong(usage)
    if (order.length === 0)
      throw new TablecastError('UNKNOWN_COMMAND', 'Nobody is in the turn order: start with /initiative.')
    const acting = state.characters.filter(({ id }) => order.includes(id))
    return passTurn(state, findNamed(acting, nameOf, rest, 'character in the turn order'), Math.max(1, round))
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
    entries: [{ kind: 'narration', ...rollInline(needed(rest, usage), dice, 'secret'), audience: 'dm' }],
  }),

  '/undo': ({ usage }, rest) => ({ action: 'undo', force: isForced(rest, usage) }),
  '/redo': ({ usage }, rest) => ({ action: 'redo', force: isForced(rest, usage) }),

  '/help': ({ isDm }) => ({
    reply: commands
      .filter(({ who }) => isDm || who === 'all')
      .map(({ usage, does }) => `${usage} — ${does}`)
      .join('\n'),
  }),
}

/** Players see that the DM acts while somebody hidden does. They read the name that they know. */
function passTurn(state: CampaignState, acting: Character, round: number): Partial<NarrationResult> {
  const begins = round > state.turn.round ? `Round ${round}. ` : ''
  const patch = { turn: { ...state.turn, round, current: acting.id } }
  const shown = shownNames(state.characters).get(acting.id)
  const line = (name: string, audience: 'all' | 'dm'): DraftEntry => ({
    kind: 'system',
    text: `${begins}${name} acts.`,
    rolls: [],
    audience,
  })
  if (shown === acting.name) return { patch, entries: [line(shown, 'all')] }
  return { patch, entries: [line(acting.name, 'dm'), ...(shown === undefined ? [] : [line(shown, 'all')])] }
}

function show(state: CampaignState, text: string, visible: boolean): Partial<NarrationResult> {
  type Found = { id: string; name: string; act: () => Partial<NarrationResult> }
  const all: Found[] = [
    ...state.characters.map((character) => ({
      ...found(character.id, character.name),
      act: () => showCharacter(character.id, visible),
    })),
    ...state.threats.map((threat) => ({ ...found(threat.id, threat.name), act: () => showThreat(threat, visible) })),
    ...state.beats.map((beat) => ({ ...found(beat.id, beat.text), act: () => showBeat(beat, visible) })),
  ]
  return findNamed(all, nameOf, text, 'character, threat or beat').act()
}

const found = (id: string, name: string) => ({ id, name })

const showCharacter = (id: string, visible: boolean): Partial<NarrationResult> => ({
  command: { kind: 'operations', operations: [{ type: 'show', targets: [id], visible }] },
})

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

function isForced(rest: string, usage: string): boolean {
  if (rest !== '' && rest.toLowerCase() !== 'anyway') throw wrong(usage)
  return rest !== ''
}

const nameOf = ({ name }: { name: string }) => name
const textOf = ({ text }: { text: string }) => text
const wrong = (usage: string) => new TablecastError('UNKNOWN_COMMAND', `Write it like this: ${usage}`)
