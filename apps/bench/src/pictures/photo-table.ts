// The process of the table that shows photos: a DM who drops them, and players who load them. It is apart from the process that times the
// other table, because sending 5 MB takes a thread a while too. Orders come over its channel, and it answers each once.
import { samplePhoto } from '@tablecast/media/testing'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { Client } from '../product/product.ts'
import { PictureScreen } from './picture-screen.ts'

export type Sit = {
  do: 'sit'
  port: number
  roomId: string
  campaignId: string
  dm: string
  players: readonly string[]
}
/** Drops a photo; it is answered when all players have it. */
export type Drop = { do: 'drop' }
/** `bytes`: of a photo. */
export type Seated = { bytes: number; megapixels: number }
export type Seen = { ms: number }

/** About 5 MB. */
const PHOTO = { width: 4_400, height: 3_300 }
/** The server reads a photo that it knows like any other. */
const PHOTOS = 10

type Operation = Parameters<Client['pictures']['operate']['mutate']>[0]['operation']

class PhotoTable {
  readonly #sat: Sit
  readonly #photos: readonly Blob[]
  readonly #screens: readonly PictureScreen[]
  readonly #dm: Client
  #drops = 0

  private constructor(sat: Sit, photos: readonly Blob[]) {
    this.#sat = sat
    this.#photos = photos
    this.#screens = sat.players.map((token) => new PictureScreen(sat.port, token, sat.roomId))
    const headers = { authorization: `Bearer ${sat.dm}` }
    this.#dm = createTRPCClient<AppRouter>({
      links: [httpLink({ url: `http://127.0.0.1:${sat.port}/trpc`, headers })],
    })
  }

  static async sit(order: Sit): Promise<{ table: PhotoTable; seated: Seated }> {
    const photos: Blob[] = []
    for (let n = 0; n < PHOTOS; n++) {
      const photo = await samplePhoto({ ...PHOTO, width: PHOTO.width + n })
      photos.push(new Blob([new Uint8Array(photo)]))
    }
    const table = new PhotoTable(order, photos)
    await Promise.all(table.#screens.map((screen) => screen.arrival))
    return { table, seated: { bytes: photos[0]?.size ?? 0, megapixels: (PHOTO.width * PHOTO.height) / 1e6 } }
  }

  async drop(): Promise<Seen> {
    const began = performance.now()
    const seen = Promise.all(this.#screens.map((screen) => screen.nextPicture()))
    await this.#dropped()
    await seen
    return { ms: performance.now() - began }
  }

  /** As the page does it: the file goes up, becomes a handout, and is shown to everyone. */
  async #dropped(): Promise<void> {
    const { port, roomId, campaignId, dm } = this.#sat
    const number = this.#drops++
    const response = await fetch(`http://127.0.0.1:${port}/api/rooms/${roomId}/pictures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${dm}` },
      body: this.#photos[number % PHOTOS] ?? null,
    })
    const answer = (await response.json()) as { picture?: { id: string }; error?: { message: string } }
    if (!answer.picture) throw new Error(`the photo was refused: ${answer.error?.message}`)
    const operate = (step: string, operation: Operation) =>
      this.#dm.pictures.operate.mutate({ roomId, campaignId, key: `photo-${step}-${number}`, operation })
    const title = `Photo ${number}`
    const { handoutId } = await operate('add', { type: 'addHandout', title, pictureId: answer.picture.id })
    await operate('show', { type: 'show', id: handoutId ?? '', to: 'everyone' })
  }
}

let table: PhotoTable | null = null

async function obey(order: Sit | Drop): Promise<Seated | Seen> {
  if (order.do === 'sit') {
    const came = await PhotoTable.sit(order)
    table = came.table
    return came.seated
  }
  if (!table) throw new Error('nobody sits at the table yet')
  return table.drop()
}

process.on('message', (order: Sit | Drop) => {
  // A failure ends the process, which ends the benchmark.
  void obey(order).then((answer) => process.send?.(answer))
})
