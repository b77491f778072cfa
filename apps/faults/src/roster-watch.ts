// The roster of the table, as a DM's page receives it.
import type { Presence } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'

export class RosterWatch implements AsyncDisposable {
  readonly #socket: ReturnType<typeof createWSClient>
  #roster: readonly Presence[] = []

  constructor({ url, token, roomId }: { url: string; token: string; roomId: string }) {
    this.#socket = createWSClient({
      url: `${url.replace(/^http/, 'ws')}/trpc`,
      WebSocket: WebSocket as never,
      connectionParams: { token },
    })
    createTRPCClient<AppRouter>({ links: [wsLink({ client: this.#socket })] }).presence.events.subscribe(
      { roomId },
      {
        onData: (event) => {
          if ('roster' in event) this.#roster = event.roster
        },
      },
    )
  }

  /** How far somebody is: `in_sync`, `lost` and so on; undefined for who is not known. */
  stateOf(name: string): string | undefined {
    return this.#roster.find((person) => person.name === name)?.sync?.state
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close()
  }
}
