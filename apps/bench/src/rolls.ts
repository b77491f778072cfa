// Measures a player's tap on a die of the tray until the roll is drawn on three players' pages, each a real browser page.
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from '@playwright/test'
import { buildServer } from '@tablecast/server/build'
import { buildPages, chromiumPath, LAUNCH } from './page-load.ts'
import { Product } from './product/product.ts'
import { atMost, type Section } from './section.ts'
import { quantile, table } from './statistics.ts'
import { PHONE } from './phone.ts'

const built = new URL('../../server/dist/', import.meta.url)
const PAGES = 3
const TIMES = 100
const WARM_UP = 5
const MAX_TAP_MS = 150

/** `times`: how many rolls are timed; fewer for a look whether it works. */
export async function rolls(times = TIMES): Promise<Section> {
  const executablePath = chromiumPath()
  if (!executablePath) {
    process.stderr.write('CHROMIUM IS NOT INSTALLED HERE: the rolls are left out\n')
    return sectionOf(null)
  }
  buildPages()
  await buildServer(fileURLToPath(built))
  await using product = await Product.start({}, { main: new URL('start.js', built), isPinned: false })
  const browser = await chromium.launch({ executablePath, args: LAUNCH })
  try {
    const pages = await Promise.all(Array.from({ length: PAGES }, () => playerPage(browser, product.port)))
    const [first] = pages
    if (!first) throw new Error('no page was opened')
    await first.getByRole('button', { name: 'Roll dice' }).click()
    const die = first.getByRole('button', { name: 'Roll d20', exact: true })
    const measured: number[] = []
    for (let count = -WARM_UP; count < times; count++) {
      const ms = await tapUntilDrawn(first, pages, () => die.click())
      if (count >= 0) measured.push(ms)
    }
    return sectionOf(measured)
  } finally {
    await browser.close()
  }
}

/** Null without Chromium. */
function sectionOf(times: readonly number[] | null): Section {
  const title = 'A roll on all screens'
  const what = "A player's tap until the roll is drawn on three pages, p95"
  if (!times)
    return { title, text: 'Chromium is **not installed here**.', targets: [atMost(what, MAX_TAP_MS, null, 'ms')] }
  const row = [0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(1))
  return {
    title,
    text: `The whole server on SQLite, compiled ahead, and ${PAGES} players' pages in Chromium, all on the same cores. A player taps a d20 in the dice tray. The roll is timed from the browser's click until the last of the ${PAGES} pages has its entry in the document, ${times.length} times.\n\n${table(
      [
        ['', 'p50, ms', 'p95, ms', 'p99, ms'],
        ['tap until drawn on all pages', ...row],
      ],
    )}`,
    targets: [atMost(what, MAX_TAP_MS, quantile(times, 0.95), 'ms')],
  }
}

async function playerPage(browser: Browser, port: number): Promise<Page> {
  const context = await browser.newContext({ viewport: PHONE })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${port}`)
  await page.getByRole('button', { name: 'Open the sample as player' }).click()
  await page.getByRole('log').first().waitFor()
  await page.getByTestId('connection').getByText('Live').waitFor()
  return page
}

/** All pages are of one machine, so their clocks agree. */
async function tapUntilDrawn(tapped: Page, pages: readonly Page[], tap: () => Promise<void>): Promise<number> {
  const drawn = pages.map((page) => page.evaluate<number>(NEXT_ENTRY))
  const clicked = tapped.evaluate<number>(NEXT_CLICK)
  // The pages must watch before the tap. Each answers in order, so an empty question is answered after that.
  await Promise.all(pages.map((page) => page.evaluate(() => null)))
  await tap()
  const [began, ...ends] = await Promise.all([clicked, ...drawn])
  return Math.max(...ends) - began
}

// Scripts of a page. Each resolves with a time of the machine's clock, in milliseconds.
const NEXT_ENTRY = `new Promise((resolve) => {
  const newest = () => [...document.querySelectorAll('[data-testid=entry]')].at(-1)
  const before = newest()
  const observer = new MutationObserver(() => {
    if (newest() === before) return
    observer.disconnect()
    resolve(performance.timeOrigin + performance.now())
  })
  observer.observe(document.body, { childList: true, subtree: true })
})`
const NEXT_CLICK = `new Promise((resolve) => {
  const clicked = () => resolve(performance.timeOrigin + performance.now())
  document.addEventListener('click', clicked, { once: true, capture: true })
})`
