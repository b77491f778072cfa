// Counts the operations of fights, and the changes that their limits refuse.
import type { Limited } from '@tablecast/orchestrator'
import type { OperationType } from '@tablecast/rules'

export class FightTelemetry {
  /** The number of operations that were carried out, by type. */
  readonly operations = new Map<OperationType, number>()
  /** The number of changes that were refused, by the kind of rows that were too many. */
  readonly refused = new Map<Limited, number>()

  operated(type: OperationType): void {
    this.operations.set(type, (this.operations.get(type) ?? 0) + 1)
  }

  full(what: Limited): void {
    this.refused.set(what, (this.refused.get(what) ?? 0) + 1)
  }
}
