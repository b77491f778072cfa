// Measures a DM's press until a television at the table has drawn what it asks for, in a real browser page.
import { type Browser, chromium, type Page } from '@playwright/test'
import type { ScreenShow } from '@tablecast/contracts'
import { buildPages, chromiumPath, LAUNCH } from './page-load.ts'
import { type Client, Product } from './product/product.ts'
import { atMost, type Section } from './section.ts'
import { quantile, table } from './statistics.ts'
import { sampleOf } from './product/sample.ts'

const SCREEN = { width: 1_920, height: 1_080 }
const TIMES = 100
const MAX_SHOWN_MS = 200

type Row = { what: string; times: number[] }

/** `times`: how many of each are timed; fewer for a look whether it works. */
export async function television(times = TIMES): Promise<Section> {
  const executablePath = chromiumPath()
  if (!executablePath) {
    process.stderr.write('CHROMIUM IS NOT INSTALLED HERE: the television is left out\n')
    return sectionOf(null)
  }
  buildPages()
  await using product = await Product.start()
  const browser = await chromium.launch({ executablePath, args: LAUNCH })
  try {
    return sectionOf(await measured(product, browser, times))
  } finally {
    await browser.close()
  }
}

async function measured(product: Product, browser: Browser, times: number): Promise<Row[]> {
  const roomId = 'main'
  const dm = product.client(await product.join('Dana', 'owner'))
  const { token } = await dm.screens.create.mutate({ roomId, key: product.key(), kind: 'tv', name: 'Living room' })
  const page = await browser.newPage({ viewport: SCREEN })
  await page.goto(`http://127.0.0.1:${product.port}/r/${roomId}/tv#${token}`)
  await page.getByRole('region', { name: 'Turn order' }).waitFor()
  const show = (what: ScreenShow) => () => dm.screens.show.mutate({ roomId, key: product.key(), show: what })
  const black: Row = { what: 'black', times: [] }
  const scene: Row = { what: 'the scene again', times: [] }
  for (let count = 0; count < times; count++) {
    black.times.push(await untilDrawn(page, '[data-show=black]', show('black')))
    scene.times.push(await untilDrawn(page, '[data-show=scene] .tv-scene', show('scene')))
  }
  await show('auto')()
  return [black, scene, await handouts(product, dm, page, times)]
}

async function handouts(product: Product, dm: Client, page: Page, times: number): Promise<Row> {
  const where = await sampleOf(dm)
  const { state } = await dm.campaign.get.query(where)
  const id = state.handouts?.[0]?.id
  if (id === undefined) throw new Error('the sample campaign has no handout')
  const operate = (operation: Parameters<Client['pictures']['operate']['mutate']>[0]['operation']) =>
    dm.pictures.operate.mutate({ ...where, key: product.key(), operation })
  await operate({ type: 'show', id, to: 'everyone' })
  const row: Row = { what: '“Show now” for a handout', times: [] }
  for (let count = 0; count < times; count++) {
    row.times.push(await untilDrawn(page, '.tv-handout', () => operate({ type: 'present', id })))
    await untilDrawn(page, '.tv-scene', () => operate({ type: 'present', id: null }))
  }
  return row
}

/** Until the frame in which the page has the element. Both clocks are of this machine. */
async function untilDrawn(page: Page, selector: string, press: () => Promise<unknown>): Promise<number> {
  const drawn = page.evaluate<number>(DRAWN.replace('SELECTOR', JSON.stringify(selector)))
  // The page must watch before the press. It answers in order, so an empty question is answered after that.
  await page.evaluate(() => null)
  const began = performance.timeOrigin + performance.now()
  await press()
  return (await drawn) - began
}

/** Runs in the page. The time is that of the machine's clock, in milliseconds. */
const DRAWN = `new Promise((resolve) => {
  const look = () =>
    document.querySelector(SELECTOR)
      ? resolve(performance.timeOrigin + performance.now())
      : requestAnimationFrame(look)
  look()
})`

/** Null without Chromium. */
function sectionOf(rows: readonly Row[] | null): Section {
  const title = 'A television at the table'
  const what = 'From a DM’s press until a television shows it, p95'
  if (!rows)
    return { title, text: 'Chromium is **not installed here**.', targets: [atMost(what, MAX_SHOWN_MS, null, 'ms')] }
  const slowest = Math.max(...rows.map(({ times }) => quantile(times, 0.95)))
  return {
    title,
    text: `The whole server on SQLite, and a page of a television with ${SCREEN.width} × ${SCREEN.height} pixels in Chromium. Each is timed from the DM's call until the frame in which the page has it, ${rows[0]?.times.length ?? 0} times.\n\n${table(
      [
        ['', 'p50, ms', 'p95, ms'],
        ...rows.map(({ what: shown, times }) => [
          shown,
          quantile(times, 0.5).toFixed(1),
          quantile(times, 0.95).toFixed(1),
        ]),
      ],
    )}`,
    targets: [atMost(what, MAX_SHOWN_MS, slowest, 'ms')],
  }
}
