// Completions for the text that the DM has typed so far. Pure.
import { type CampaignState, type Command, commands } from '@tablecast/contracts'

/** `text` is the whole message when this completion is chosen. `group` and `example` are of a command. */
export type Completion = { text: string; label: string; hint: string; group?: string; example?: string }

const MAX = 8

export function completionsFor(text: string, state: CampaignState | null): Completion[] {
  if (!text.startsWith('/')) return []
  const [, word = '', rest] = /^(\/\S*)(?:\s+(.*))?$/s.exec(text) ?? []
  if (rest === undefined)
    return commandsFor(word.toLowerCase()).map(({ name, usage, does, group, example }) => ({
      text: `${name} `,
      label: usage,
      hint: does,
      group,
      example,
    }))
  const named = state ? namesFor(word.toLowerCase(), rest, state) : []
  return named.slice(0, MAX)
}

const groups = ['Fight', 'Dice', 'Story', 'Table'] as const

/** The commands whose name begins so; without one, those whose words do. Each group stands together. */
function commandsFor(word: string): Command[] {
  const named = commands.filter(({ name }) => name.startsWith(word))
  const asked = word.slice(1)
  const begins = ({ does, group }: Command) =>
    `${does} ${group}`
      .toLowerCase()
      .split(/[^\p{L}]+/u)
      .some((one) => one.startsWith(asked))
  const found = named.length > 0 ? named : commands.filter(begins)
  return groups.flatMap((group) => found.filter((one) => one.group === group))
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
    case '/temp':
    case '/conc':
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
