// Pictures in tests: sending a file, loading an address, and a state that names pictures.
import { randomBytes } from 'node:crypto'
import { type CampaignState, type Handout, type Picture, PictureName } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import { z } from 'zod'

export const newName = (): string => PictureName.parse(randomBytes(16).toString('base64url'))

const Sent = z.object({
  picture: z
    .object({ id: z.string(), width: z.int(), height: z.int(), thumbhash: z.string(), bytes: z.int() })
    .optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
})
export type Sent = z.infer<typeof Sent> & { status: number; retryAfter: string | null }

type Choice = { roomId?: string; query?: string; headers?: Record<string, string> }

/** Sends a file as a page does. */
export async function sendPicture(
  url: string,
  token: string | null,
  body: Uint8Array | ReadableStream<Uint8Array>,
  { roomId = 'main', query = '', headers = {} }: Choice = {},
): Promise<Sent> {
  const response = await fetch(`${url}/api/rooms/${roomId}/pictures${query}`, {
    method: 'POST',
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body: body instanceof ReadableStream ? body : new Blob([Uint8Array.from(body)]),
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  })
  const sent = Sent.parse(await response.json())
  return { ...sent, status: response.status, retryAfter: response.headers.get('retry-after') }
}

export type Loaded = { status: number; headers: Record<string, string>; body: Buffer }

export async function loadPicture(url: string, campaignId: string, name: string, file = '640.webp'): Promise<Loaded> {
  const response = await fetch(`${url}/media/${campaignId}/${name}/${file}`)
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  }
}

/** Writes what names pictures into the state of a campaign, with no journal and no events. */
export async function namePictures(
  store: Store,
  campaignId: string,
  named: Pick<CampaignState, 'pictures' | 'handouts' | 'scenePicture'>,
): Promise<void> {
  await store.write(async ({ campaigns }) => {
    const row = await campaigns.get(campaignId)
    if (!row) throw new Error('there is no such campaign')
    const updatedAt = new Date().toISOString()
    await campaigns.save({ ...row, version: row.version + 1, updatedAt, state: { ...row.state, ...named } })
  })
}

export const pictureOf = (sent: Sent, name = newName()): Picture => {
  if (!sent.picture) throw new Error(`the picture was refused: ${sent.error?.message}`)
  const { id, width, height, thumbhash } = sent.picture
  return { id, name, width, height, thumbhash }
}

export const handoutOf = (picture: Picture, shownTo: Handout['shownTo'], name: string | null): Handout => ({
  id: 'handout',
  title: 'Tide table',
  text: '',
  pictureId: picture.id,
  alt: '',
  shownTo,
  members: [],
  name,
})
