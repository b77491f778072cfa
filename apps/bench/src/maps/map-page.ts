// A player's page with a map, in Chromium: the time of its first view on a slow line, its code, and the frames of a phone that pans it.
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium, type Page, type Response } from '@playwright/test'
import type { MapOperation } from '@tablecast/contracts'
import { sendMap } from '@tablecast/server/testing/map-pictures'
import { buildPages, chromiumPath, LAUNCH } from '../page-load.ts'
import { Product } from '../product/product.ts'
import { SLOWED } from '../slowed.ts'
import { median } from '../statistics.ts'
import { drawnMap } from './drawn-map.ts'
import { sampleOf } from '../product/sample.ts'
import { PHONE } from '../phone.ts'

/** 1.5 Mbit/s in bytes, with 300 ms to the server. */
const LINE = { offline: false, latency: 300, downloadThroughput: 187_500, uploadThroughput: 187_500 }
const DESK = { width: 1_280, height: 800 }
const SIDE = 4_096
const ROUNDS = 5
const TOKENS = 50
const PAN_STEPS = 120
const TIMEOUT_MS = 60_000

/** `firstViewMs`: from the moment in which the DM shows the map. `chunkKB`: scripts that the page loads for it. */
export type MapPageResult = { firstViewMs: number; chunkKB: number; framesASecond: number; tokens: number }

type Table = { product: Product; operate(operation: MapOperation): Promise<{ madeIds: string[] }>; mapId: string }

/** Null without Chromium on this machine. */
export async function mapPage(): Promise<MapPageResult | null> {
  const executablePath = chromiumPath()
  if (!executablePath) return null
  buildPages()
  await using product = await Product.start({ MEDIA_MIN_FREE_BYTES: '0' }, { isPinned: false })
  const tableWithMap = await prepared(product)
  const browser = await chromium.launch({ executablePath, args: LAUNCH })
  try {
    const views: number[] = []
    let chunkKB = 0
    for (let round = 0; round <= ROUNDS; round++) {
      const view = await firstView(browser, tableWithMap)
      chunkKB = view.chunkKB
      // The first round makes the tiles.
      if (round > 0) views.push(view.ms)
    }
    const framesASecond = await panned(browser, tableWithMap)
    return { firstViewMs: median(views), chunkKB, framesASecond, tokens: TOKENS }
  } finally {
    await browser.close()
  }
}

/** A map of the sample campaign, wholly revealed, with tokens; it is not shown yet. */
async function prepared(product: Product): Promise<Table> {
  const token = await product.join('Dee', 'owner')
  const dm = product.client(token)
  const { roomId, campaignId } = await sampleOf(dm)
  const operate = (operation: MapOperation) =>
    dm.maps.operate.mutate({ roomId, campaignId, key: product.key(), operation })
  const { picture } = await sendMap(`http://127.0.0.1:${product.port}`, token, await drawnMap(1, SIDE))
  const added = await operate({ type: 'addMap', title: 'The crypt', picture: { id: picture?.id ?? '' } })
  const mapId = added.madeIds[0] ?? ''
  await operate({ type: 'changeFog', mapId, stroke: { kind: 'all' }, reveals: true })
  const tokens = Array.from({ length: TOKENS }, (_, n) => ({
    characterId: null,
    name: `Crate ${n + 1}`,
    x: 1_600 + (n % 10) * 90,
    y: 1_800 + Math.floor(n / 10) * 90,
    size: 1,
    visible: true,
    darkvision: 0,
  }))
  await operate({ type: 'addTokens', mapId, tokens })
  return { product, operate, mapId }
}

async function firstView(browser: Browser, { product, operate, mapId }: Table) {
  await operate({ type: 'showMap', id: null })
  await using open = await seated(browser, product, DESK)
  const { page, context } = open
  // Pictures load their code as soon as a page is live, with and without a map.
  await page.waitForLoadState('networkidle')
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', LINE)
  const scripts: Response[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response)
  })
  const began = performance.now()
  await operate({ type: 'showMap', id: mapId })
  await page.waitForFunction(isSharp, null, { timeout: TIMEOUT_MS, polling: 20 })
  const ms = performance.now() - began
  const bodies = await Promise.all(scripts.map((response) => response.body()))
  return { ms, chunkKB: bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1_000 }
}

/** Frames a second while a finger moves the map. */
async function panned(browser: Browser, { product, operate, mapId }: Table): Promise<number> {
  await operate({ type: 'showMap', id: mapId })
  await using open = await seated(browser, product, PHONE)
  const { page, context } = open
  await page.getByRole('navigation', { name: 'Parts of the table' }).getByRole('button', { name: 'Map' }).click()
  await page.waitForFunction(isSharp, null, { timeout: TIMEOUT_MS, polling: 20 })
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
  await page.evaluate(countFrames)
  const at = (step: number) => [{ x: 60 + (step % 60) * 4, y: 400 + (step % 40) * 3 }]
  const began = performance.now()
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })
  for (let step = 1; step < PAN_STEPS; step++)
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(step) })
  const frames = await page.evaluate(framesSoFar)
  const seconds = (performance.now() - began) / 1_000
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  return frames / seconds
}

async function seated(browser: Browser, product: Product, viewport: { width: number; height: number }) {
  const context: BrowserContext = await browser.newContext({ viewport, hasTouch: viewport === PHONE })
  const page: Page = await context.newPage()
  await page.goto(`http://127.0.0.1:${product.port}`)
  await page.getByRole('button', { name: 'Open the sample as player' }).click()
  await page.getByRole('log').first().waitFor()
  return { context, page, [Symbol.asyncDispose]: () => context.close() }
}

type Tile = { querySelector(selector: string): { complete: boolean; naturalWidth: number } | null }
type Window = {
  frames?: number
  document: { querySelectorAll(selector: string): ArrayLike<Tile> }
  requestAnimationFrame(draw: () => void): void
}

/** Runs in the page: each tile of the view has its picture. */
function isSharp(): boolean {
  const { document } = globalThis as unknown as Window
  const tiles = Array.from(document.querySelectorAll('.leaflet-tile'))
  return tiles.length > 0 && tiles.every((tile) => (tile.querySelector('img')?.naturalWidth ?? 0) > 0)
}

/** Runs in the page. */
function countFrames(): void {
  const window = globalThis as unknown as Window
  window.frames = 0
  const draw = () => {
    window.frames = (window.frames ?? 0) + 1
    window.requestAnimationFrame(draw)
  }
  window.requestAnimationFrame(draw)
}

/** Runs in the page. */
function framesSoFar(): number {
  return (globalThis as unknown as Window).frames ?? 0
}
