// Starts the process of the players, and sends it orders.
import type { ChildProcess } from 'node:child_process'
import { ask, end } from '../child.ts'
import { CLIENT_CORE, forkOn } from '../cores.ts'
import type { ConnectResult, ConnectOrder, ChatOrder, ChatResult } from './players.ts'

export class Players implements AsyncDisposable {
  readonly #child: ChildProcess = forkOn(CLIENT_CORE, new URL('players.ts', import.meta.url), [])

  come(order: Omit<ConnectOrder, 'do'>): Promise<ConnectResult> {
    return ask(this.#child, { do: 'connect', ...order })
  }

  speak(order: Omit<ChatOrder, 'do'>): Promise<ChatResult> {
    return ask(this.#child, { do: 'chat', ...order })
  }

  leave(): Promise<object> {
    return ask(this.#child, { do: 'leave' })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return end(this.#child)
  }
}
