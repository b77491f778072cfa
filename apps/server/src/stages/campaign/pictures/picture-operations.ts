// Counts the operations on pictures.
import type { PictureOperationType } from '@tablecast/contracts'

export class PictureOperations {
  /** The number of operations that were carried out, by type. */
  readonly carriedOut = new Map<PictureOperationType, number>()

  operated(type: PictureOperationType): void {
    this.carriedOut.set(type, (this.carriedOut.get(type) ?? 0) + 1)
  }
}
