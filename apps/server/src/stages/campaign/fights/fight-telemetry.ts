// Counts the operations of fights.
import type { OperationType } from '@tablecast/rules'

export class FightTelemetry {
  /** The number of operations that were carried out, by type. */
  readonly operations = new Map<OperationType, number>()

  operated(type: OperationType): void {
    this.operations.set(type, (this.operations.get(type) ?? 0) + 1)
  }
}
