// The rights to the operations of a fight. docs/access.md has the table that a test makes of this.
import type { OperationType } from '@tablecast/rules'

/**
 * `own`: a player may, with characters of their own. `ownAndAllies`: also with characters of the other players, while the DM lets
 * players heal each other. `dm`: DMs alone. Spectators may nothing, and a model changes a campaign with patches alone.
 */
type OperationRight = 'own' | 'ownAndAllies' | 'dm'

export const operationRights: Readonly<Record<OperationType, OperationRight>> = {
  damage: 'own',
  attack: 'dm',
  heal: 'ownAndAllies',
  setTemp: 'ownAndAllies',
  addCondition: 'own',
  removeCondition: 'own',
  rollInitiative: 'own',
  deathSave: 'own',
  advanceTurn: 'own',
  setHitPoints: 'dm',
  concentrate: 'own',
  save: 'dm',
  setInitiative: 'own',
  moveInOrder: 'dm',
  wait: 'dm',
  enterTurn: 'dm',
  stabilise: 'dm',
  defeat: 'dm',
  revive: 'dm',
  use: 'own',
  setAlias: 'dm',
  revealName: 'dm',
  show: 'dm',
  startEncounter: 'dm',
  addFighters: 'dm',
  removeFighters: 'dm',
  endEncounter: 'dm',
}
