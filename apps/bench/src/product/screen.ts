import type { CampaignEvent } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'

/** A player's page as far as the server sees it: it follows the campaign of a room over a WebSocket. */
export class Screen implements AsyncDisposable {
  readonly #socket: ReturnType<typeof createWSClient>
  readonly #arrival = Promise.withResolvers<void>()
  #updated = Promise.withResolvers<void>()

  constructor(port: number, token: string, roomId: string, onEvent: (event: CampaignEvent) => void = () => {}) {
    this.#socket = createWSClient({ url: `ws://127.0.0.1:${port}/trpc`, connectionParams: () => ({ token }) })
    const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: this.#socket })] })
    client.campaign.events.subscribe(
      { roomId },
      {
        onData: ({ data }) => {
          onEvent(data)
          if (data.type === 'campaign_updated') this.#updated.resolve()
          else if (data.type === 'campaign_active' || data.type === 'campaign_loaded') this.#arrival.resolve()
        },
        onError: (error) => this.#arrival.reject(error),
      },
    )
  }

  /** The screen has the campaign. */
  get arrival(): Promise<void> {
    return this.#arrival.promise
  }

  nextUpdate(): Promise<void> {
    this.#updated = Promise.withResolvers<void>()
    return this.#updated.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close()
  }
}
