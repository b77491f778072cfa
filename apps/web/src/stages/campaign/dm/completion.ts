// Completions for the text that the DM has typed so far. Pure.
import { type CampaignState, commands } from '@tablecast/contracts'

/** `text` is the whole message when this completion is chosen. */
export type Completion = { text: string; label: string; hint: string }

const MAX = 8

export function completionsFor(text: string, state: CampaignState | null): Completion[] {
  if (!text.startsWith('/')) return []
  const [, word = '', rest] = /^(\/\S*)(?:\s+(.*))?$/s.exec(text) ?? []
  if (rest === undefined)
    return commands
      .filter(({ name }) => name.startsWith(word.toLowerCase()))
      .slice(0, MAX)
      .map(({ name, usage, does }) => ({ text: `${name} `, label: usage, hint: does }))
  const named = state ? namesFor(word.toLowerCase(), rest, state) : []
  return named.slice(0, MAX)
}

function namesFor(command: string, rest: string, state: CampaignState): Completion[] {
  const characters = state.characters.map(({ name }) => name)
  const threats = state.threats.map(({ name }) => name)
  const beats = state.beats.map(({ text }) => text)
  const offer = (head: string, words: readonly string[], typed: string): Completion[] =>
    words
      .filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()) && word !== typed)
      .map((word) => ({ text: `${head}${word} `, label: word, hint: '' }))
  switch (command) {
    case '/hp':
    case '/condition':
    case '/initiative':
      return offer(`${command} `, characters, rest)
    case '/turn':
      return offer(`${command} `, ['next', 'prev', 'end', ...characters], rest)
    case '/reveal':
    case '/hide':
      return offer(`${command} `, [...characters, ...threats, ...beats], rest)
    case '/threat':
      return verbThenName(command, rest, ['add', 'hide', 'reveal', 'clear'], threats, offer)
    case '/beat':
      return verbThenName(command, rest, ['add', 'done', 'reveal'], beats, offer)
    case '/env':
      return verbThenName(
        command,
        rest,
        ['add', 'remove'],
        state.environment.map(({ text }) => text),
        offer,
      )
    default:
      return []
  }
}

function verbThenName(
  command: string,
  rest: string,
  verbs: string[],
  names: string[],
  offer: (head: string, words: readonly string[], typed: string) => Completion[],
): Completion[] {
  const [, verb = '', typed] = /^(\S*)(?:\s+(.*))?$/s.exec(rest) ?? []
  if (typed === undefined) return offer(`${command} `, verbs, verb)
  return verb === 'add' ? [] : offer(`${command} ${verb} `, names, typed)
}
