/** Runs what belongs to one room one after the other, so that events go out in the order in which they were committed. */
export class RoomQueue {
  readonly #last = new Map<string, Promise<unknown>>()

  run<T>(roomId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(roomId) ?? Promise.resolve()
    const mine = before.then(work, work)
    const settled = mine.catch(() => {})
    this.#last.set(roomId, settled)
    void settled.finally(() => {
      if (this.#last.get(roomId) === settled) this.#last.delete(roomId)
    })
    return mine
  }
}
