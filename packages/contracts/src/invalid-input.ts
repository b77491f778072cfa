// A value that a schema refuses, in a sentence for the person who gave it. Programs read the issues themselves.
import { BLANK } from './text.ts'

/** The part of zod's issues that a sentence needs. */
export type InputIssue = {
  code?: string | undefined
  path: readonly PropertyKey[]
  message: string
  origin?: unknown
  maximum?: unknown
  minimum?: unknown
}

/** Fields by their path without the places in lists. A longer path wins over its end: `beats.text` over `text`. */
const labels: Record<string, string> = {
  name: 'The name',
  'characters.name': 'The name of a character',
  'characters.dmNotes': 'The notes about a character',
  'characters.conditions': 'A condition',
  conditions: 'A condition',
  'hp.current': 'The hit points',
  'hp.max': 'The maximum of hit points',
  'hp.temp': 'The temporary hit points',
  armourClass: 'The armour class',
  initiative: 'The initiative',
  scene: 'The scene',
  status: 'The status of the scene',
  'threats.name': 'The name of a threat',
  'threats.detail': 'The details of a threat',
  'beats.text': 'A story beat',
  'environment.text': 'A line about weather, light or the surroundings',
  dmNotes: 'The DM notes',
  round: 'The round',
  rounds: 'The number of rounds',
  message: 'The message',
  text: 'The text',
  prompt: 'The request to the narrator',
  code: 'The invite link',
  expiresInHours: 'The time until the link ends',
  maxUses: 'The number of people',
  markdown: 'The adventure',
  sessionId: 'The name of the game',
  content: 'The news',
  topic: 'The name of the topic',
  title: 'The title',
  label: 'The label',
  description: 'The description',
}

/** The items of lists that have a limit. */
const items: Record<string, string> = {
  characters: 'characters',
  'characters.conditions': 'conditions',
  conditions: 'conditions',
  environment: 'lines about the surroundings',
  threats: 'threats',
  beats: 'story beats',
  order: 'turns',
  entries: 'entries of the story',
  pages: 'pages',
}

/** Says which field is wrong and how to make it right. Begins with a capital and ends with a full stop. */
export function sentenceOfIssue(issue: InputIssue | undefined): string {
  if (!issue) return NOT_UNDERSTOOD
  const { path, code, origin } = issue
  const label = ofPath(labels, path)
  if (code === 'too_big' && origin === 'array') {
    const what = ofPath(items, path)
    return what ? `There can be at most ${numeral(issue.maximum)} ${what}. Remove some first.` : NOT_UNDERSTOOD
  }
  if (!label) return NOT_UNDERSTOOD
  if (issue.message === BLANK || (code === 'too_small' && origin === 'string' && issue.minimum === 1))
    return `${label} is empty. Fill it in.`
  const isText = origin === 'string'
  switch (code) {
    case 'too_big':
      return isText
        ? `${label} can have at most ${numeral(issue.maximum)} characters. Shorten it.`
        : `${label} can be at most ${numeral(issue.maximum)}. Choose a smaller number.`
    case 'too_small':
      return isText
        ? `${label} needs at least ${numeral(issue.minimum)} characters. Write more.`
        : `${label} can be no less than ${numeral(issue.minimum)}. Choose a larger number.`
    case 'invalid_type':
      return /received undefined/.test(issue.message)
        ? `${label} is missing. Fill it in.`
        : `${label} is not of the right kind. ${/expected (?:int|number)/.test(issue.message) ? 'Write a whole number.' : 'Write it again.'}`
    case 'invalid_format':
      return issue.message.startsWith('must ')
        ? `${label} ${issue.message}.`
        : `${label} has a wrong form. Write it again.`
    default:
      return NOT_UNDERSTOOD
  }
}

/** The answer to a mistake that no field of a page can cause. */
const NOT_UNDERSTOOD = 'The server did not understand this request. Reload the page and try again.'

const numeral = (limit: unknown): string => Number(limit).toLocaleString('en')

function ofPath(words: Record<string, string>, path: readonly PropertyKey[]): string | undefined {
  const names = path.filter((part): part is string => typeof part === 'string' && part !== 'upsert')
  const [field, list] = [names.at(-1), names.at(-2)]
  return field === undefined ? undefined : (words[`${list}.${field}`] ?? words[field])
}
