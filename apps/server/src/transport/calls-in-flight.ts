import type { WebSocket } from 'ws'

/** The calls that wait for an answer, by socket. */
export class CallsInFlight {
  readonly #calls = new Map<WebSocket, { count: number; done: PromiseWithResolvers<void> }>()

  /** Returns a function that ends the call. Call it after the answer was written to the socket. */
  begin(socket: WebSocket): () => void {
    const calls = this.#calls.get(socket) ?? { count: 0, done: Promise.withResolvers<void>() }
    calls.count += 1
    this.#calls.set(socket, calls)
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      calls.count -= 1
      if (calls.count > 0) return
      this.#calls.delete(socket)
      calls.done.resolve()
    }
  }

  /** Resolves when no call on this socket waits for an answer. */
  async idle(socket: WebSocket): Promise<void> {
    for (let calls = this.#calls.get(socket); calls; calls = this.#calls.get(socket)) await calls.done.promise
  }
}
