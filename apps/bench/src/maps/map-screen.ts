import { applyPatch, type MapTile, type PlayerView } from '@tablecast/contracts'
import { pixelsOf } from '@tablecast/media/testing'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { hiddenPixels } from './drawn-map.ts'

type Waiting = { tiles: number; done: PromiseWithResolvers<void> }

/** A player's screen with a map: it loads each tile of the picture's own size as soon as it has another name, and sees drags. */
export class MapScreen implements AsyncDisposable {
  readonly #port: number
  readonly #socket: ReturnType<typeof createWSClient>
  readonly #arrival = Promise.withResolvers<void>()
  #view: PlayerView | null = null
  #named = new Map<string, string>()
  #waiting: Waiting = { tiles: 0, done: Promise.withResolvers() }
  #dragged = Promise.withResolvers<void>()

  constructor(port: number, token: string, roomId: string) {
    this.#port = port
    this.#socket = createWSClient({ url: `ws://127.0.0.1:${port}/trpc`, connectionParams: () => ({ token }) })
    const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: this.#socket })] })
    client.campaign.events.subscribe(
      { roomId },
      {
        onData: ({ data }) => {
          if (data.audience !== 'player' || data.type === 'campaign_deactivated') return
          if (data.type !== 'campaign_updated') this.#view = data.snapshot.view
          else if (this.#view && data.patch) this.#view = applyPatch(this.#view, data.patch)
          this.#arrival.resolve()
          if (data.campaign_id) this.#loadNew(data.campaign_id)
        },
        onError: (error) => this.#arrival.reject(error),
      },
    )
    client.maps.gestures.subscribe(
      { roomId },
      {
        onData: ({ gesture }) => {
          if (gesture.kind === 'drag') this.#dragged.resolve()
        },
      },
    )
  }

  get arrival(): Promise<void> {
    return this.#arrival.promise
  }

  /** Resolves when this many tiles of the picture's own size are loaded. */
  nextTiles(tiles: number): Promise<void> {
    this.#waiting = { tiles, done: Promise.withResolvers() }
    return this.#waiting.done.promise
  }

  nextDrag(): Promise<void> {
    this.#dragged = Promise.withResolvers()
    return this.#dragged.promise
  }

  /** Loads every tile of every level, and counts the pixels that have a part of the hidden colour. */
  async hiddenPixels(campaignId: string): Promise<{ tiles: number; hidden: number }> {
    const { map, tiles } = this.#view ?? { map: null, tiles: [] }
    let hidden = 0
    for (const tile of tiles)
      hidden += hiddenPixels((await pixelsOf(await this.#load(campaignId, map?.id ?? '', tile))).data)
    return { tiles: tiles.length, hidden }
  }

  #loadNew(campaignId: string): void {
    const { map, tiles } = this.#view ?? { map: null, tiles: [] }
    const before = this.#named
    this.#named = new Map(tiles.map(({ id, name }) => [id, name]))
    const waiting = this.#waiting
    for (const tile of tiles) {
      if (!map || !tile.id.startsWith('0-') || before.get(tile.id) === tile.name) continue
      this.#load(campaignId, map.id, tile)
        .then(() => {
          waiting.tiles -= 1
          return waiting.tiles === 0 ? waiting.done.resolve() : undefined
        })
        .catch((error: unknown) => waiting.done.reject(error))
    }
  }

  async #load(campaignId: string, mapId: string, { id, name }: MapTile): Promise<Buffer> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/media/${campaignId}/map/${mapId}/${id}/${name}.webp`)
    const body = Buffer.from(await response.arrayBuffer())
    if (response.status !== 200) throw new Error(`the tile ${id} was answered with ${response.status}`)
    return body
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#socket.close()).then(() => undefined)
  }
}
