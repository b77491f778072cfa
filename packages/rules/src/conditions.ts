// The conditions of the game's fifth edition, each in a line of our own.
import { fold } from './names/fold.ts'

export type RuleCondition = { name: string; does: string }

export const conditions: readonly RuleCondition[] = [
  { name: 'blinded', does: 'Sees nothing. Attacks at disadvantage; others attack it with advantage.' },
  { name: 'charmed', does: "Can't attack the one who charmed it, who has advantage when talking to it." },
  { name: 'deafened', does: 'Hears nothing, and fails every check that needs hearing.' },
  { name: 'frightened', does: "Disadvantage on checks and attacks while it sees the cause, and can't go nearer." },
  { name: 'grappled', does: 'Its speed is 0 until the grip ends.' },
  { name: 'incapacitated', does: 'No actions and no reactions.' },
  { name: 'invisible', does: 'Unseen without magic. Attacks with advantage; others attack it at disadvantage.' },
  {
    name: 'paralyzed',
    does: 'No actions, movement or speech; fails strength and dexterity saves; near hits are critical.',
  },
  { name: 'petrified', does: 'Turned to stone: no actions, resists all damage, fails strength and dexterity saves.' },
  { name: 'poisoned', does: 'Disadvantage on attacks and on ability checks.' },
  { name: 'prone', does: 'Crawls; attacks at disadvantage. Near attackers have advantage, distant ones disadvantage.' },
  { name: 'restrained', does: 'Speed 0; attacks and dexterity saves at disadvantage; others attack with advantage.' },
  {
    name: 'stunned',
    does: 'No actions or movement; fails strength and dexterity saves; others attack with advantage.',
  },
  {
    name: 'unconscious',
    does: 'Lies prone, knows nothing, fails strength and dexterity saves; near hits are critical.',
  },
  { name: 'exhausted', does: 'Six levels: checks, speed, attacks and saves, maximum hit points, no speed, death.' },
  { name: 'surprised', does: "Does not move or act on its first turn, and can't react until that turn ends." },
]

const stopping = new Set(['incapacitated', 'paralyzed', 'petrified', 'stunned', 'unconscious'])

/** Whether a fighter with this condition can't concentrate. */
export const endsConcentration = (condition: string): boolean => stopping.has(fold(condition))

/** The condition of the rules that a text means: its whole name, or a beginning that only one has. */
export function findCondition(text: string): RuleCondition | null {
  const wanted = fold(text)
  const whole = conditions.find(({ name }) => name === wanted)
  if (whole) return whole
  const starting = wanted.length < 3 ? [] : conditions.filter(({ name }) => name.startsWith(wanted))
  return starting.length === 1 ? (starting[0] ?? null) : null
}
