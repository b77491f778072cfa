import { applyPatch, type CampaignEvent, type PlayerView } from '@tablecast/contracts'
import { Screen } from '../product/screen.ts'

/** A player's screen that loads each new picture at its full size. */
export class PictureScreen {
  readonly #port: number
  readonly #screen: Screen
  readonly #loaded = new Set<string>()
  #view: PlayerView | null = null
  #seen = Promise.withResolvers<void>()

  constructor(port: number, token: string, roomId: string) {
    this.#port = port
    this.#screen = new Screen(port, token, roomId, (event) => this.#hear(event))
  }

  get arrival(): Promise<void> {
    return this.#screen.arrival
  }

  nextPicture(): Promise<void> {
    this.#seen = Promise.withResolvers<void>()
    return this.#seen.promise
  }

  #hear(event: CampaignEvent): void {
    if (event.audience !== 'player') return
    if (event.type === 'campaign_active' || event.type === 'campaign_loaded') {
      this.#view = event.snapshot.view
    } else if (event.type === 'campaign_updated') {
      if (this.#view && event.patch) this.#view = applyPatch(this.#view, event.patch)
      void this.#load(event.campaign_id)
    }
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
}
