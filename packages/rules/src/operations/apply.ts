import type { FightState } from '../fighter.ts'
import { attack } from './attack-operation.ts'
import { changesBetween, type Change } from './changes.ts'
import { concentrate } from './concentration.ts'
import { addCondition, removeCondition, save } from './condition-operations.ts'
import { addFighters, endEncounter, removeFighters, startEncounter, type Summary } from './encounter-operations.ts'
import { Fight, type Due, type FightContext, type Line } from './fight.ts'
import { damage, deathSave, defeat, heal, revive, setHitPoints, setTemp, stabilise } from './hit-point-operations.ts'
import { revealName, setAlias, show } from './name-operations.ts'
import type { Operation } from './operation.ts'
import { moveInOrder, rollInitiative, setInitiative } from './order.ts'
import { advanceTurn, enterTurn, wait } from './turns.ts'
import { use } from './use-operation.ts'

/** `changes` is empty when the operation changed nothing, as a repeated `advanceTurn` does. */
export type Applied = { state: FightState; changes: Change[]; lines: Line[]; due: Due[]; summary: Summary | null }

/**
 * The state after an operation. Pure but for the rolls of the context; the state that was given is not changed, and parts that the
 * operation does not touch are shared. Fields that it does not know stay. Throws `Refusal` with a sentence.
 */
export function applyOperation(state: FightState, operation: Operation, context: FightContext): Applied {
  const fight = new Fight(state, context)
  const summary = carryOut(fight, operation)
  return {
    state: fight.state,
    changes: changesBetween(state, fight.state),
    lines: fight.lines,
    due: fight.due,
    summary,
  }
}

function carryOut(fight: Fight, operation: Operation): Summary | null {
  if (operation.type === 'endEncounter') return endEncounter(fight, operation)
  change(fight, operation)
  return null
}

function change(fight: Fight, operation: Exclude<Operation, { type: 'endEncounter' }>): void {
  switch (operation.type) {
    case 'damage':
      return damage(fight, operation)
    case 'attack':
      return attack(fight, operation)
    case 'heal':
      return heal(fight, operation)
    case 'setTemp':
      return setTemp(fight, operation)
    case 'setHitPoints':
      return setHitPoints(fight, operation)
    case 'addCondition':
      return addCondition(fight, operation)
    case 'removeCondition':
      return removeCondition(fight, operation)
    case 'concentrate':
      return concentrate(fight, operation)
    case 'save':
      return save(fight, operation)
    case 'setInitiative':
      return setInitiative(fight, operation)
    case 'rollInitiative':
      return rollInitiative(fight, operation)
    case 'advanceTurn':
      return advanceTurn(fight, operation)
    case 'moveInOrder':
      return moveInOrder(fight, operation)
    case 'wait':
      return wait(fight, operation)
    case 'enterTurn':
      return enterTurn(fight, operation)
    case 'deathSave':
      return deathSave(fight, operation)
    case 'stabilise':
      return stabilise(fight, operation)
    case 'defeat':
      return defeat(fight, operation)
    case 'revive':
      return revive(fight, operation)
    case 'use':
      return use(fight, operation)
    case 'setAlias':
      return setAlias(fight, operation)
    case 'revealName':
      return revealName(fight, operation)
    case 'show':
      return show(fight, operation)
    case 'startEncounter':
      return startEncounter(fight, operation)
    case 'addFighters':
      return addFighters(fight, operation)
    case 'removeFighters':
      return removeFighters(fight, operation)
  }
}
