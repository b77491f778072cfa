// The delay of a player's input on a phone while a fight goes on: Chromium's own event timing, with the processor throttled.
import type { Browser, Page } from '@playwright/test'
import type { MapOperation } from '@tablecast/contracts'
import { preparedGoblins } from './goblins.ts'
import type { Client, Product } from './product/product.ts'
import { SLOWED } from './slowed.ts'
import { quantile } from './statistics.ts'
import { sampleOf } from './product/sample.ts'
import { PHONE } from './phone.ts'

const ENTRIES = 500
/** Words that the player types, with a look at another part of the table after each. */
const WORDS = 20
const PARTS = ['Map', 'Party'] as const
/** Between two changes of the table. */
const CHANGE_INTERVAL_MS = 250
/** Chromium names no faster inputs. Those count as this. */
const FASTEST_MS = 16
const TIMEOUT_MS = 120_000

/** Milliseconds from an input until the next picture that follows it. */
export type PlayerInput = { inputs: number; p50: number; p95: number; longest: number; entries: number }

/** `words`: how many are typed; fewer for a look whether it works. */
export async function playerInput(browser: Browser, product: Product, words = WORDS): Promise<PlayerInput> {
  const dm = product.client(await product.join('Dana', 'owner'))
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(TIMEOUT_MS)
    await page.goto(`http://127.0.0.1:${product.port}`)
    await page.getByRole('button', { name: 'Open the sample as player' }).click()
    await page.getByRole('log').first().waitFor()
    const change = await fightOnMap(product, dm)
    await partsOf(page).getByRole('button', { name: 'Story' }).tap()
    await fillStory(product, dm, page)
    const devtools = await context.newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
    await page.evaluate(watchInputs, FASTEST_MS)
    await using _going = goingOn(change)
    await play(page, words)
    const { inputs, delays } = await page.evaluate(inputsSoFar)
    const all = [...delays, ...Array<number>(Math.max(0, inputs - delays.length)).fill(FASTEST_MS)]
    return {
      inputs,
      p50: quantile(all, 0.5),
      p95: quantile(all, 0.95),
      longest: Math.max(...all),
      entries: ENTRIES,
    }
  } finally {
    await context.close()
  }
}

/** The sample's map, whole, in a fight with goblins on it. Answers a function that makes the next change of the table. */
async function fightOnMap(product: Product, dm: Client): Promise<(n: number) => Promise<unknown>> {
  const where = await sampleOf(dm)
  const onMap = (operation: MapOperation) => dm.maps.operate.mutate({ ...where, key: product.key(), operation })
  const operate = (operation: Operation) => dm.campaign.operate.mutate({ ...where, key: product.key(), operation })
  const before = (await dm.campaign.get.query(where)).state
  const map = before.maps?.[0]
  if (!map) throw new Error('the sample campaign has no map')
  await onMap({ type: 'changeFog', mapId: map.id, stroke: { kind: 'all' }, reveals: true })
  await onMap({ type: 'showMap', id: map.id })
  const heroes = before.characters.filter(({ kind }) => kind === 'pc').map(({ id }) => id)
  const encounterId = await preparedGoblins(product, dm, where)
  await dm.encounters.start.mutate({ ...where, key: product.key(), encounterId, joining: heroes })
  const { state } = await dm.campaign.get.query(where)
  const goblins = state.characters.filter(({ creature }) => creature === 'Goblin').map(({ id }) => ({ id }))
  const { madeIds } = await onMap({
    type: 'addTokens',
    mapId: map.id,
    tokens: goblins.map(({ id }, n) => ({
      characterId: id,
      name: '',
      x: map.grid.size * (8.5 + n),
      y: map.grid.size * 8.5,
      size: 1,
      visible: true,
      darkvision: 0,
    })),
  })
  const placeOf = (n: number) => ({
    x: map.grid.size * (8.5 + (n % madeIds.length)),
    y: map.grid.size * (8.5 + (n % 5)),
  })
  return (n) => {
    const step = n % 4
    if (step === 0) return onMap({ type: 'moveToken', id: madeIds[n % madeIds.length] ?? '', way: [placeOf(n)] })
    if (step === 1) return operate({ type: 'damage', targets: goblins.slice(n % 6, (n % 6) + 1), amount: '1d4' })
    const message = step === 2 ? '/turn next' : `A blade flashes, ${n}.`
    return dm.campaign.say.mutate({ roomId: where.roomId, key: product.key(), message })
  }
}

/** The page is open, so that it holds all of them. */
async function fillStory(product: Product, dm: Client, page: Page): Promise<void> {
  for (let n = 1; n <= ENTRIES; n++)
    await dm.campaign.say.mutate({ roomId: 'main', key: product.key(), message: `The water rises, ${n}.` })
  await page.getByText(`The water rises, ${ENTRIES}.`).first().waitFor({ state: 'attached' })
}

/** Changes the table again and again until it is disposed of. */
function goingOn(change: (n: number) => Promise<unknown>): AsyncDisposable {
  let isOver = false
  const going = (async () => {
    for (let n = 0; !isOver; n++) {
      await change(n)
      await new Promise((resolve) => setTimeout(resolve, CHANGE_INTERVAL_MS))
    }
  })()
  return {
    [Symbol.asyncDispose]: () => {
      isOver = true
      return going
    },
  }
}

const partsOf = (page: Page) => page.getByRole('navigation', { name: 'Parts of the table' })

async function play(page: Page, words: number): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Say or act' })
  const look = (part: string) => partsOf(page).getByRole('button', { name: part }).tap()
  for (let n = 0; n < words; n++) {
    await look('Story')
    await box.tap()
    await box.pressSequentially(`sword${n % 10} `, { delay: 30 })
    await look(PARTS[n % PARTS.length] ?? 'Map')
    if (n % PARTS.length === 0) await page.getByRole('button', { name: n % 4 === 0 ? 'Zoom in' : 'Zoom out' }).tap()
  }
}

type Operation = Parameters<Client['campaign']['operate']['mutate']>[0]['operation']

type Timing = { duration: number; interactionId: number }
type Window = {
  inputs?: number
  delays?: Map<number, number>
  addEventListener(type: string, heard: () => void, options: object): void
  PerformanceObserver: new (heard: (list: { getEntries(): Timing[] }) => void) => { observe(what: object): void }
}

/** Runs in the page. A key or a tap is one input, with the longest of its events. */
function watchInputs(durationThreshold: number): void {
  const page = globalThis as unknown as Window
  const delays = new Map<number, number>()
  page.inputs = 0
  page.delays = delays
  for (const type of ['keydown', 'pointerup'])
    page.addEventListener(type, () => (page.inputs = (page.inputs ?? 0) + 1), { capture: true })
  new page.PerformanceObserver((list) => {
    for (const { duration, interactionId } of list.getEntries())
      if (interactionId > 0) delays.set(interactionId, Math.max(duration, delays.get(interactionId) ?? 0))
  }).observe({ type: 'event', durationThreshold })
}

/** Runs in the page. */
function inputsSoFar(): { inputs: number; delays: number[] } {
  const { inputs = 0, delays } = globalThis as unknown as Window
  return { inputs, delays: [...(delays?.values() ?? [])] }
}
