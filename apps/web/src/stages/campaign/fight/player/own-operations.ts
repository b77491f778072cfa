import type { AskedOperation } from '../../../../live/outbox-calls.ts'

/** True if the operation is about this character. */
export function isAbout(operation: AskedOperation, id: string): boolean {
  if ('targets' in operation)
    return operation.targets.some((target) => (typeof target === 'string' ? target : target.id) === id)
  return 'id' in operation && operation.id === id
}

/** True if `operation` asks for a thing that happens once, and `other` asks for it already. */
export function isRepeated(operation: AskedOperation, other: AskedOperation): boolean {
  if (operation.type !== other.type) return false
  switch (operation.type) {
    case 'rollInitiative':
      return operation.targets.some((id) => isAbout(other, id))
    case 'deathSave':
      return isAbout(other, operation.id)
    case 'advanceTurn':
      return true
    default:
      return false
  }
}
