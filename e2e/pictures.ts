// Pictures for tests: files of real PNG, and the ways in which a person brings them onto a page.
import { crc32, deflateSync } from 'node:zlib'
import { expect, type Locator, type Page } from '@playwright/test'
import { httpClient, newKey } from '@tablecast/server/testing/clients'

type Colour = readonly [red: number, green: number, blue: number]
export type PictureFile = { name: string; mimeType: string; buffer: Buffer }

/** A PNG whose colour goes from one to the other, with a square of the second colour in the middle. */
function pictureFile(name: string, width: number, height: number, from: Colour, to: Colour): PictureFile {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isMiddle = Math.abs(x / width - 0.5) < 0.1 && Math.abs(y / height - 0.5) < 0.1
      const share = isMiddle ? 1 : (x / width + y / height) / 2
      for (let part = 0; part < 3; part++)
        rows[y * (width * 3 + 1) + 1 + x * 3 + part] = (from[part] ?? 0) * (1 - share) + (to[part] ?? 0) * share
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return { name, mimeType: 'image/png', buffer }
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, sum])
}

export const tideTable = pictureFile('tide-table.png', 900, 700, [240, 220, 170], [60, 90, 140])
export const chapel = pictureFile('chapel.png', 1600, 900, [20, 40, 70], [230, 170, 90])
export const face = pictureFile('mira.png', 500, 800, [200, 90, 80], [40, 30, 60])

export const floor = pictureFile('floor.png', 1200, 900, [92, 84, 70], [150, 128, 100])

/** A part of the player's page, which a phone shows alone. */
export async function showPart(player: Page, part: 'Story' | 'Party' | 'World') {
  const button = player.getByRole('button', { name: part, exact: true })
  if (await button.isVisible()) await button.click()
}
export const viewer = (page: Page) => page.getByTestId('viewer')
export const percent = (page: Page) => page.getByRole('status', { name: 'Zoom', exact: true })
/** The pixels by which a page can be moved to the side. */
export const sideways = (page: Page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))

/** Drops files on an element, as from a folder of the device. */
export async function dropFiles(target: Locator, files: readonly PictureFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString('base64') }))
  await target.evaluate((element, dropped) => {
    const dataTransfer = new DataTransfer()
    for (const { name, mimeType, text } of dropped) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
      dataTransfer.items.add(new File([bytes], name, { type: mimeType }))
    }
    for (const type of ['dragenter', 'dragover', 'drop'])
      element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
  }, given)
}

/** Pastes files into the page, as after copying a picture. */
export async function pasteFiles(page: Page, files: readonly PictureFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString('base64') }))
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer()
    for (const { name, mimeType, text } of pasted) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
      clipboardData.items.add(new File([bytes], name, { type: mimeType }))
    }
    const target = document.activeElement ?? document.body
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, given)
}

/** The picture has loaded, and is no blur any more. */
export const expectLoaded = (picture: Locator): Promise<void> =>
  expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true)

type Client = ReturnType<typeof httpClient>
type Operation = Parameters<Client['pictures']['operate']['mutate']>[0]['operation']
type Operated = Awaited<ReturnType<Client['pictures']['operate']['mutate']>>

type Calls = {
  client: Client
  where: { roomId: string; campaignId: string }
  operate(operation: Operation): Promise<Operated>
  /** Sends a picture, and answers its id. */
  send(file: PictureFile): Promise<string>
}

/** Takes the pictures out of the sample campaign, for tests that begin without one. */
export async function removeSamplePictures(url: string): Promise<void> {
  const { client, where, operate } = await callsOfDm(url)
  const { state } = await client.campaign.get.query(where)
  for (const { id } of state.handouts ?? []) await operate({ type: 'removeHandout', id })
  await operate({ type: 'setScenePicture', picture: null })
  for (const { id, portrait } of state.characters)
    if (portrait) await operate({ type: 'setPortrait', characterId: id, pictureId: null })
}

/** The calls of a DM without a page, for tests that look at players' pages alone. */
export async function callsOfDm(url: string): Promise<Calls> {
  const anonymous = httpClient(url)
  const { sample } = await anonymous.auth.config.query()
  const { token } = await anonymous.auth.guest.mutate({ name: 'Another DM' })
  const code = sample?.ownerCode ?? sample?.dmCode ?? ''
  await httpClient(url, token).rooms.join.mutate({ key: newKey(), code })
  return await callsWith(token, url)
}

/** The calls of the person of this page. */
export async function callsOf(page: Page, url: string): Promise<Calls> {
  const token = await page.evaluate(
    () => (JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }).token,
  )
  return await callsWith(token, url)
}

async function callsWith(token: string, url: string): Promise<Calls> {
  const client = httpClient(url, token)
  const { campaigns } = await client.campaign.list.query({ roomId: 'main' })
  const where = { roomId: 'main', campaignId: campaigns.find(({ active }) => active)?.id ?? '' }
  return {
    client,
    where,
    operate: (operation) => client.pictures.operate.mutate({ ...where, key: newKey(), operation }),
    async send({ name, buffer }) {
      const answer = await fetch(`${url}/api/rooms/main/pictures?for=campaign`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: new Blob([Uint8Array.from(buffer)]),
      })
      const { picture } = (await answer.json()) as { picture?: { id: string } }
      if (!picture) throw new Error(`${name} was refused`)
      return picture.id
    },
  }
}
