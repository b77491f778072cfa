// A phone opens the page while nothing answers at its address: the time until the offline page is painted, in Chromium.
import type { Browser } from '@playwright/test'
import { PHONE } from './phone.ts'
import { Product } from './product/product.ts'
import { SLOWED } from './slowed.ts'

/** In milliseconds since the page was asked for. The service worker has to start each time, as when a person taps the icon. */
export async function offlinePage(browser: Browser, rounds: number): Promise<number[]> {
  await using context = await browser.newContext({ viewport: PHONE, serviceWorkers: 'allow' })
  const page = await context.newPage()
  const url = await keptBy(async (address) => {
    await page.goto(address)
    await page.evaluate(workerIsReady)
  })
  const devtools = await context.newCDPSession(page)
  await devtools.send('ServiceWorker.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.goto('about:blank')
    await devtools.send('ServiceWorker.stopAllWorkers')
    await page.goto(url)
    await page.getByRole('button', { name: 'Try now' }).waitFor()
    const painted = await page.waitForFunction(paintedAt)
    times.push((await painted.jsonValue()) ?? 0)
  }
  return times
}

type Window = { navigator: { serviceWorker: { ready: Promise<unknown> } } }

/** Runs in the page. */
async function workerIsReady(): Promise<void> {
  const { navigator } = globalThis as unknown as Window
  await navigator.serviceWorker.ready
}

/** Runs in the page. */
const paintedAt = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime

/** Answers with the address of a server that ran while `visit` did, and is gone. */
async function keptBy(visit: (address: string) => Promise<void>): Promise<string> {
  await using product = await Product.start()
  const address = `http://127.0.0.1:${product.port}/more`
  await visit(address)
  return address
}
