// Counts the operations of fights, the changes that their limits refuse, and the files of creatures that are read.
import type { Limited } from '@tablecast/orchestrator'
import type { OperationType } from '@tablecast/rules'

export class FightTelemetry {
  /** The number of operations that were carried out, by type. */
  readonly operations = new Map<OperationType, number>()
  /** The number of changes that were refused, by the kind of rows that were too many. */
  readonly refused = new Map<Limited, number>()

  /** The number of imports of creatures whose files were read, by outcome. */
  readonly creatureReads = new Map<string, number>()

  creaturesRead(outcome: string): void {
    this.creatureReads.set(outcome, (this.creatureReads.get(outcome) ?? 0) + 1)
  }

  operated(type: OperationType): void {
    this.operations.set(type, (this.operations.get(type) ?? 0) + 1)
  }

  full(what: Limited): void {
    this.refused.set(what, (this.refused.get(what) ?? 0) + 1)
  }
}
