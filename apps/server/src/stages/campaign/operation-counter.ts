/** Counts operations that were carried out, by type. */
export class OperationCounter<Type extends string> {
  readonly carriedOut = new Map<Type, number>()

  operated(type: Type): void {
    this.carriedOut.set(type, (this.carriedOut.get(type) ?? 0) + 1)
  }
}
