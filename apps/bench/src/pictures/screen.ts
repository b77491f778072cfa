import { applyPatch, type PlayerView } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'

/** A player's screen: it follows the campaign, and loads each new picture at its full size. */
export class Screen implements AsyncDisposable {
  readonly #port: number
  readonly #socket: ReturnType<typeof createWSClient>
  readonly #arrival = Promise.withResolvers<void>()
  readonly #loaded = new Set<string>()
  #view: PlayerView | null = null
  #updated = Promise.withResolvers<void>()
  #seen = Promise.withResolvers<void>()

  constructor(port: number, token: string, roomId: string) {
    this.#port = port
    this.#socket = createWSClient({ url: `ws://127.0.0.1:${port}/trpc`, connectionParams: () => ({ token }) })
    const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: this.#socket })] })
    client.campaign.events.subscribe(
      { roomId },
      {
        onData: ({ data }) => {
          if (data.audience !== 'player') return
          if (data.type === 'campaign_active' || data.type === 'campaign_loaded') {
            this.#view = data.snapshot.view
            this.#arrival.resolve()
          } else if (data.type === 'campaign_updated') {
            if (this.#view && data.patch) this.#view = applyPatch(this.#view, data.patch)
            void this.#load(data.campaign_id)
            this.#updated.resolve()
          }
        },
        onError: (error) => this.#arrival.reject(error),
      },
    )
  }

  get arrival(): Promise<void> {
    return this.#arrival.promise
  }

  nextUpdate(): Promise<void> {
    this.#updated = Promise.withResolvers<void>()
    return this.#updated.promise
  }

  nextPicture(): Promise<void> {
    this.#seen = Promise.withResolvers<void>()
    return this.#seen.promise
  }

  async #load(campaignId: string): Promise<void> {
    for (const { picture } of this.#view?.handouts ?? []) {
      if (!picture || this.#loaded.has(picture.name)) continue
      this.#loaded.add(picture.name)
      const response = await fetch(`http://127.0.0.1:${this.#port}/media/${campaignId}/${picture.name}/2560.webp`)
      const { byteLength } = await response.arrayBuffer()
      if (response.status === 200 && byteLength > 0) this.#seen.resolve()
      else this.#seen.reject(new Error(`a picture was answered with ${response.status}`))
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#socket.close()).then(() => undefined)
  }
}
