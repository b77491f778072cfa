// The slash commands of a fight, which the rules read: with the names and the turn as the person knows them who types.
import { type CampaignState, TablecastError } from '@tablecast/contracts'
import { Refusal, shownNames, sideOf, type Operation } from '@tablecast/rules'
import { type Command, readCommand, type Table } from '@tablecast/rules/commands'
import type { Actor } from './narrator.ts'

/** Null: the text is no command of a fight. Throws UNKNOWN_COMMAND and BAD_REQUEST with the reason. */
export function readFightCommand(text: string, state: CampaignState, actor: Actor): Command | null {
  const isDm = actor.role === 'dm'
  const older = isDm ? readOlder(text) : null
  if (older && typeof older !== 'string') return { kind: 'operations', operations: [older] }
  try {
    const command = readCommand(older ?? text, isDm ? dmTable(state) : playerTable(state))
    return isDm && command && /^\s*\/initiative\b/i.test(text) ? withFirstTurn(command, state) : command
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, options } = error
    const isDice = code === 'notation' || code === 'dice'
    throw new TablecastError(isDice ? 'BAD_REQUEST' : 'UNKNOWN_COMMAND', message, { refusal: code, options })
  }
}

/** The forms of versions up to 0.1. `/turn Mira` is no operation: it goes to any turn. */
function readOlder(text: string): Operation | string | null {
  const [, verb = ''] = /^\s*\/turn\s+(next|prev|end)\s*$/i.exec(text) ?? []
  switch (verb.toLowerCase()) {
    case 'next':
      return '/next'
    case 'prev':
      return '/back'
    case 'end':
      return { type: 'endEncounter', removeFoes: 'none' }
    default:
      return null
  }
}

/** Outside of a prepared fight, the first initiative begins the turns. */
function withFirstTurn(command: Command, { turn, encounter }: CampaignState): Command {
  if (command.kind !== 'operations' || encounter || turn.current !== null) return command
  const ends = { fighter: null, round: turn.round }
  return { ...command, operations: [...command.operations, { type: 'advanceTurn', ends, direction: 'next' }] }
}

const dmTable = ({ characters, turn }: CampaignState): Table => ({
  fighters: characters.map((one) => ({
    id: one.id,
    name: one.name,
    side: sideOf(one),
    ...(one.alias ? { also: [one.alias] } : {}),
  })),
  turn,
})

/** A player's command can't find what is hidden, and its refusal names nothing of it. */
function playerTable({ characters, turn }: CampaignState): Table {
  const names = shownNames(characters)
  return {
    fighters: characters.flatMap((one) => {
      const name = names.get(one.id)
      return name === undefined ? [] : [{ id: one.id, name, side: sideOf(one) }]
    }),
    turn: {
      round: turn.round,
      order: turn.order.filter((id) => names.has(id)),
      current: turn.current !== null && names.has(turn.current) ? turn.current : null,
    },
  }
}
