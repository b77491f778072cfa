// An attack of a slash command: found by its name in the stat block of the fighter who makes it.
import type { Action } from '@tablecast/bestiary'
import { TablecastError } from '@tablecast/contracts'
import type { FightCommand } from '@tablecast/narrator'
import { damageAmount, damageChoices, damageTypes, type Due, type OperationOf } from '@tablecast/rules'
import { fold } from '@tablecast/rules/names'
import type { CampaignRow, Repositories } from '@tablecast/store'
import type { BlockShelf } from './block-shelf.ts'

type AttackCommand = Extract<FightCommand, { kind: 'attack' }>
export type NamedAttack = { action: Action; operation: OperationOf<'attack'> }

/**
 * The attack with that name, or the only one that begins so. Throws UNKNOWN_COMMAND with the names to choose from where none or several
 * fit.
 */
export async function namedAttack(
  tables: Repositories,
  { roomId, state }: CampaignRow,
  { by, action: asked, target, advantage, isSecret }: AttackCommand,
  shelf: BlockShelf,
): Promise<NamedAttack> {
  const fighter = state.characters.find(({ id }) => id === by)
  const name = fighter?.name ?? ''
  const reference = fighter?.block
  const found = reference ? (await shelf.find(tables, roomId, [reference])).get(reference) : undefined
  const attacks = found?.block.actions.filter(({ toHit }) => toHit !== undefined) ?? []
  if (attacks.length === 0) throw refusal(`${name} has no attacks in a stat block. Roll with /roll 1d20+5.`, attacks)
  const wanted = fold(asked)
  const whole = attacks.filter((one) => fold(one.name) === wanted)
  const fitting = whole.length > 0 ? whole : attacks.filter((one) => fold(one.name).startsWith(wanted))
  const [action, another] = fitting
  if (!action) throw refusal(`${name} has no attack “${asked}”.`, attacks)
  if (another && fold(another.name) !== fold(action.name)) throw refusal(`Which attack of ${name}?`, fitting)
  return {
    action,
    operation: {
      type: 'attack',
      by,
      action: action.name,
      target,
      secret: isSecret,
      ...(advantage === null ? {} : { advantage }),
    },
  }
}

function refusal(message: string, fitting: readonly Action[]): TablecastError {
  const options = [...new Set(fitting.map(({ name }) => name))].slice(0, 8)
  const hint = options.length > 0 ? ` There is ${options.join(', ')}.` : ''
  return new TablecastError('UNKNOWN_COMMAND', message + hint, {
    refusal: options.length > 0 ? 'several' : 'name',
    options,
  })
}

/** The command that deals the damage of a rolled attack; null after a miss, and for an attack without damage or target. */
export function damageCommand({ action, operation }: NamedAttack, state: CampaignRow['state'], due: readonly Due[]) {
  const result = due.find((one) => one.kind === 'attack')
  const target = state.characters.find(({ id }) => id === operation.target)
  const [parts] = damageChoices(action.damage ?? []).hits
  if (!result || !target || !parts || result.hits === false) return null
  const type = damageTypes.find((one) => one === parts[0]?.type)
  const words = [damageAmount(parts), result.isCritical && 'critical', type, target.name].filter(Boolean)
  return `${result.hits ? 'It hits' : 'If it hits'}: /damage ${words.join(' ')}`
}
