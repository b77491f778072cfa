// Measures a photo from the moment in which a DM drops it until three players' screens have it whole, and what that costs another table.
import { fileURLToPath } from 'node:url'
import { applyPatch, type PlayerView } from '@tablecast/contracts'
import { samplePhoto } from '@tablecast/media/testing'
import type { AppRouter } from '@tablecast/server'
import { buildServer } from '@tablecast/server/build'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, Product } from './product/product.ts'
import { atMost, type Section } from './section.ts'
import { quantile, table } from './statistics.ts'

const built = new URL('../../server/dist/', import.meta.url)
const SCREENS = 3
const UPLOADS = 50
/** About 5 MB. */
const PHOTO = { width: 4_400, height: 3_300 }
const PHOTOS = 10
const WORD_INTERVAL_MS = 100
const WORDS_BEFORE = 300
const MAX_SEEN_MS = 1_000
const MAX_SLOWDOWN = 1.5
const MAX_GROWTH_MB = 30
/** The encoder ends after a minute without a picture. */
const IDLE_MS = 70_000
const MB = 2 ** 20

export async function pictures(): Promise<Section> {
  await buildServer(fileURLToPath(built))
  const photos: Buffer[] = []
  for (let n = 0; n < PHOTOS; n++) photos.push(await samplePhoto({ ...PHOTO, width: PHOTO.width + n }))
  const environment = { UPLOADS_PER_HOUR: '10000', MEDIA_MIN_FREE_BYTES: '0' }
  await using product = await Product.start(environment, { main: new URL('start.js', built), isPinned: false })
  const token = await product.join('DM', 'owner')
  const dm = product.client(token)
  const tokens = await product.players(SCREENS)
  await using opened = new AsyncDisposableStack()
  const screens = tokens.map((one) => opened.use(new Screen(product.port, one, 'main')))
  const bystanders = await otherTable(product, opened)
  await Promise.all(screens.map((screen) => screen.arrival))
  const { campaigns } = await dm.campaign.list.query({ roomId: 'main' })
  const where = { roomId: 'main', campaignId: campaigns.find(({ active }) => active)?.id ?? '' }

  const before: number[] = []
  while (before.length < WORDS_BEFORE) await bystanders.word(before)
  const empty = await product.memory()
  const during: number[] = []
  let isOver = false
  const talking = (async () => {
    while (!isOver) await bystanders.word(during)
  })()
  const times: number[] = []
  for (let n = 0; n < UPLOADS; n++) {
    // The server reads a photo that it knows like any other.
    const photo = photos[n % PHOTOS] ?? Buffer.alloc(0)
    const began = performance.now()
    const seen = Promise.all(screens.map((screen) => screen.nextPicture()))
    await dropped(product, dm, { token, where, photo, title: `Photo ${n}` })
    await seen
    times.push(performance.now() - began)
  }
  isOver = true
  await talking
  await pause(IDLE_MS)
  const after = await product.memory()
  const growthMB = (after.resident - empty.resident) / MB
  const slowdown = quantile(during, 0.99) / quantile(before, 0.99)
  const size = ((photos[0]?.length ?? 0) / 1e6).toFixed(1)
  return {
    title: 'Pictures',
    text: `The whole server on SQLite, compiled ahead, on all cores together with its clients. A DM drops a photo of ${size} MB with ${((PHOTO.width * PHOTO.height) / 1e6).toFixed(0)} megapixels, and shows it to everyone; ${SCREENS} players load it at its full size as soon as it is in their view. It is timed from the drop until all have it, ${UPLOADS} times.\n\nMeanwhile a DM of another table speaks every ${WORD_INTERVAL_MS} ms; a word is timed until a player of that table has it. Memory is that of the server's process, after garbage collection, before the first photo and ${IDLE_MS / 1_000} s after the last.\n\n${table(
      [
        ['', 'p50', 'p95', 'p99'],
        ['from the drop until all three have it, ms', ...percentiles(times)],
        ["the other table's word without pictures, ms", ...percentiles(before)],
        ["the other table's word meanwhile, ms", ...percentiles(during)],
      ],
    )}\n\nThe server's memory: ${(empty.resident / MB).toFixed(0)} MB before, ${(after.resident / MB).toFixed(0)} MB after ${UPLOADS} photos.`,
    targets: [
      atMost('From the drop of a photo until three players have it, p95', MAX_SEEN_MS, quantile(times, 0.95), 'ms'),
      atMost("Another table's word while photos are read, p99 against without", MAX_SLOWDOWN, slowdown),
      atMost(`The server's memory after ${UPLOADS} photos, more than before`, MAX_GROWTH_MB, growthMB, 'MB'),
    ],
  }
}

const percentiles = (times: readonly number[]): string[] =>
  [0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(share === 0.5 ? 1 : 0))

type Where = { roomId: string; campaignId: string }
type Drop = { token: string; where: Where; photo: Buffer; title: string }

/** As the page does it: the file goes up, becomes a handout, and is shown to everyone. */
async function dropped(product: Product, dm: Client, { token, where, photo, title }: Drop): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${product.port}/api/rooms/${where.roomId}/pictures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new Uint8Array(photo),
  })
  const answer = (await response.json()) as { picture?: { id: string }; error?: { message: string } }
  if (!answer.picture) throw new Error(`the photo was refused: ${answer.error?.message}`)
  const operate = (operation: Parameters<Client['pictures']['operate']['mutate']>[0]['operation']) =>
    dm.pictures.operate.mutate({ ...where, key: product.key(), operation })
  const { handoutId } = await operate({ type: 'addHandout', title, pictureId: answer.picture.id })
  await operate({ type: 'show', id: handoutId ?? '', to: 'everyone' })
}

/** Another room of the same server, with its own DM and one player. */
async function otherTable(product: Product, opened: AsyncDisposableStack) {
  const anonymous = product.client()
  const [owner, guest] = [
    await anonymous.auth.guest.mutate({ name: 'Other DM' }),
    await anonymous.auth.guest.mutate({ name: 'Bystander' }),
  ]
  const dm = product.client(owner.token)
  const { room, invites } = await dm.rooms.create.mutate({ key: product.key(), name: 'Another table' })
  const roomId = room.id
  const { id: campaignId } = await dm.campaign.create.mutate({ key: product.key(), roomId, name: 'Another' })
  await dm.campaign.activate.mutate({ key: product.key(), roomId, campaignId })
  const code = invites.find(({ role }) => role === 'player')?.code ?? ''
  await product.client(guest.token).rooms.join.mutate({ key: product.key(), code })
  const screen = opened.use(new Screen(product.port, guest.token, roomId))
  await screen.arrival
  return {
    async word(times: number[]): Promise<void> {
      const began = performance.now()
      const heard = screen.nextUpdate()
      await dm.campaign.say.mutate({ roomId, key: product.key(), message: 'The bell tolls.' })
      await heard
      times.push(performance.now() - began)
      await pause(Math.max(0, WORD_INTERVAL_MS - (performance.now() - began)))
    },
  }
}

/** A player's screen: it follows the campaign, and loads each new picture at its full size. */
class Screen implements AsyncDisposable {
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
