// The things that a fight asks of the DM: they come with the answer to an operation and stay until somebody did them.
import type { CampaignState } from '@tablecast/contracts'
import type { Due } from '@tablecast/rules'
import type { AskedOperation } from '../../../live/outbox-calls.ts'

const MAX_DUES = 12

/** The list after an operation. A rolled attack is shown where it was rolled. News of a turn goes with the next turn; a save stays until it is rolled or dismissed. */
export function duesAfter(dues: readonly Due[], operation: AskedOperation, added: readonly Due[]): Due[] {
  return [...dues.filter((due) => !isSettled(due, operation)), ...added.filter(({ kind }) => kind !== 'attack')].slice(
    -MAX_DUES,
  )
}

function isSettled(due: Due, operation: AskedOperation): boolean {
  switch (operation.type) {
    case 'advanceTurn':
      return due.kind !== 'save' && due.kind !== 'concentration'
    case 'save':
      return (
        operation.targets.includes(due.fighter) &&
        ((due.kind === 'save' && due.condition === operation.ends) ||
          (due.kind === 'concentration' && operation.concentration === true))
      )
    case 'deathSave':
      return due.kind === 'deathSave' && due.fighter === operation.id
    default:
      return false
  }
}

/** The dues that still make sense: an undo, a player or another DM may have changed the fight since. */
export function openDues(dues: readonly Due[], { characters }: Pick<CampaignState, 'characters'>): Due[] {
  return dues.filter((due) => {
    const fighter = characters.find(({ id }) => id === due.fighter)
    if (!fighter) return false
    if (due.kind === 'save') return fighter.conditions.includes(due.condition)
    if (due.kind === 'concentration') return fighter.concentration?.on === due.on
    if (due.kind === 'deathSave') return fighter.downed?.state === 'dying'
    return true
  })
}
