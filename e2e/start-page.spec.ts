// The start page on a slow phone: once a person can press a button of it, the button stays under their finger.
import type { Page } from '@playwright/test'
import { desktop, expect, phone, type Table, test, type View } from './table.ts'

/** 60 kB/s with 300 ms to the server, as on the edge of a mobile network. */
const LINE = { offline: false, latency: 300, downloadThroughput: 60_000, uploadThroughput: 60_000 }
const SLOWED = 4
const MAX_SHIFT = 0.05
/** In pixels. Two fonts draw one word with as much of a difference. */
const MAX_MOVE = 2
/** All places of each button and link, by its words. */
type Place = [x: number, y: number, width: number, height: number]
type Places = Record<string, Place[]>
type Watched = { shift: number; places: Places }

test.use({ contextOptions: { reducedMotion: 'no-preference' } })

async function slowPage(table: Table, view: View, session?: string): Promise<Page> {
  const page = await table.page({
    view,
    before: async (context) => {
      if (session !== undefined)
        await context.addInitScript((value) => localStorage.setItem('tablecast.session', value), session)
      await context.addInitScript(() => {
        const watched: Watched = { shift: 0, places: {} }
        Object.assign(window, { watched })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) watched.shift += (entry as PerformanceEntry & { value: number }).value
        }).observe({ type: 'layout-shift', buffered: true })
        const look = () => {
          for (const button of document.querySelectorAll('main :is(button, a), footer a')) {
            const { x, y, width, height } = button.getBoundingClientRect()
            const places = (watched.places[button.textContent] ??= [])
            if (places.at(-1)?.join() !== [x, y, width, height].join()) places.push([x, y, width, height])
          }
          requestAnimationFrame(look)
        }
        look()
      })
    },
  })
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', LINE)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
  return page
}

/** Waits until the page has its own fonts, which come last. */
const expectFonts = (page: Page) =>
  expect
    .poll(
      () =>
        page.evaluate(() =>
          [...document.fonts]
            .filter(({ status, family }) => status === 'loaded' && family.includes('Variable'))
            .map(({ family }) => family.replaceAll(/["']/g, ''))
            .toSorted(),
        ),
      { timeout: 60_000 },
    )
    .toEqual(expect.arrayContaining(['Inter Variable', 'Literata Variable']))

const watchedOn = (page: Page) => page.evaluate(() => (window as unknown as { watched: Watched }).watched)

async function expectStill(page: Page): Promise<void> {
  const { shift, places } = await watchedOn(page)
  test.info().annotations.push({ type: 'layout shift', description: shift.toFixed(4) })
  const moved = Object.entries(places).filter(([, all]) =>
    [0, 1, 2, 3].some((side) => {
      const ends = all.map((place) => place[side] ?? 0)
      return Math.max(...ends) - Math.min(...ends) > MAX_MOVE
    }),
  )
  expect(Object.keys(places)).toEqual(expect.arrayContaining(['Open the sample as DM', 'Start as DM', 'Join']))
  expect(Object.fromEntries(moved)).toEqual({})
  expect(shift).toBeLessThanOrEqual(MAX_SHIFT)
}

const views = { phone, tablet: { width: 820, height: 1180 }, desktop, narrow: { width: 360, height: 640 } }
for (const [name, view] of Object.entries(views))
  test(`nothing that can be pressed on the start page moves while it loads over a slow line (${name})`, async ({
    table,
  }) => {
    test.slow()
    const page = await slowPage(table, view)
    await page.goto(table.server.url)
    await expect(page.getByRole('button', { name: 'Open the sample as DM' })).toBeVisible({ timeout: 60_000 })
    await expectFonts(page)
    await expectStill(page)
  })

test('nothing moves on the start page of a person who has tables', async ({ table }) => {
  test.slow()
  const { session } = await table.seat('player')
  const page = await slowPage(table, phone, JSON.stringify(session))
  await page.goto(table.server.url)
  await expect(page.getByRole('heading', { name: 'Your tables' })).toBeVisible({ timeout: 60_000 })
  await expectFonts(page)
  await expectStill(page)
})

test('a person can start a table although the server does not say which parts the start page has', async ({
  table,
}) => {
  const page = await table.page({
    view: phone,
    before: (context) => context.route(/auth\.config/, (route) => route.abort()),
  })
  await page.goto(table.server.url)
  await page.getByRole('textbox', { name: 'Name of the table' }).fill('Thursday')
  await page.getByRole('textbox', { name: 'Your name' }).fill('Dee')
  await page.getByRole('button', { name: 'Start as DM' }).click()
  await expect(page.getByRole('button', { name: 'Create and open' })).toBeVisible()
})
