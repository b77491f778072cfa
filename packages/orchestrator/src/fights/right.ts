// Whether somebody may carry out an operation: the rights of the contract, and the characters that it is about.
import { type CampaignState, type Character, operationRights, TablecastError } from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import { type Operation, sideOf, targetsOf } from '@tablecast/rules'

/**
 * Throws NOT_THE_DM for an operation that is the DM's, and FORBIDDEN for a character that is not the player's. A hidden character is
 * answered as one that does not exist.
 */
export function assertMayOperate(state: CampaignState, { id: userId, role }: Actor, operation: Operation): void {
  if (role !== 'player') return
  const right = operationRights[operation.type]
  if (right === 'dm' || isForDmOnly(operation))
    throw new TablecastError('NOT_THE_DM', 'Only a DM of this room can do that.')
  const targets = targetsOf(operation)
  if (targets.length === 0) throw notYours()
  const isHealing = right === 'ownAndAllies' && Boolean(state.playersHeal)
  for (const id of targets) {
    const character = state.characters.find((one) => one.id === id)
    if (!character?.visible) throw notYours()
    if (character.ownerId !== userId && !(isHealing && isAlly(character))) throw notYours()
    if (changesNumbers(operation) && !character.hpVisible)
      throw new TablecastError('FORBIDDEN', 'The DM keeps the hit points of this character.')
  }
}

/** A turn goes back, and a fighter leaves the order, by the DM alone. */
const isForDmOnly = (operation: Operation): boolean =>
  (operation.type === 'advanceTurn' && operation.direction === 'back') ||
  (operation.type === 'setInitiative' && operation.initiative === null)

const isAlly = (character: Character): boolean => character.ownerId !== null && sideOf(character) === 'party'

const changesNumbers = ({ type }: Operation): boolean => type === 'damage' || type === 'heal' || type === 'setTemp'

const notYours = () => new TablecastError('FORBIDDEN', 'This is not your character. The DM can do that.')
