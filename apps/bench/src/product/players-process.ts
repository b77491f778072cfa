// The players' process of a product.
import type { ChildProcess } from 'node:child_process'
import { ask, end } from '../child.ts'
import { CLIENT_CORE, forkOn } from '../cores.ts'
import type { Came, Come, Speak, Spoke } from './players.ts'

export class Players implements AsyncDisposable {
  readonly #child: ChildProcess = forkOn(CLIENT_CORE, new URL('players.ts', import.meta.url), [])

  come(order: Omit<Come, 'do'>): Promise<Came> {
    return ask(this.#child, { do: 'come', ...order })
  }

  speak(order: Omit<Speak, 'do'>): Promise<Spoke> {
    return ask(this.#child, { do: 'speak', ...order })
  }

  leave(): Promise<object> {
    return ask(this.#child, { do: 'leave' })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return end(this.#child)
  }
}
