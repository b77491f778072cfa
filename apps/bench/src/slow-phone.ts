// A cold phone on a bad line: the player's first minutes in Chromium, with the browser's own throttling of network and processor.
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { PHONE } from './phone.ts'
import { SLOWED } from './slowed.ts'

/** 60 kB/s with 300 ms to the server, as on the edge of a mobile network. */
const LINE = { offline: false, latency: 300, downloadThroughput: 60_000, uploadThroughput: 60_000 }

/** The cookies and the storage of a browser, without its cache. */
export type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>

/** In milliseconds since the page was asked for. */
export type SlowPhone = {
  firstContentMs: number
  joinMs: number
  /** Until the table is shown to a person who has typed a name and pressed the button as soon as it was there. */
  seatedMs: number
  entriesMs: number
}

/** Opens the invite in a browser that has nothing, and then the room in another one, as a member who comes back. */
export async function slowPhone(browser: Browser, invite: string, roomName: string): Promise<SlowPhone> {
  await using guest = await open(browser)
  await slow(guest.context, guest.page)
  await guest.page.goto(invite, { waitUntil: 'commit' })
  const joinMs = await momentOf(guest.page, isJoinReady, roomName)
  const firstContentMs = await guest.page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  )
  await guest.page.getByRole('textbox', { name: 'Your name' }).fill('Early')
  await guest.page.locator('button[type=submit]').click()
  const seatedMs = await momentOf(guest.page, isTableReady, '')

  await using joining = await open(browser)
  await joining.page.goto(invite)
  await joining.page.getByRole('textbox', { name: 'Your name' }).fill('Phone')
  await joining.page.getByRole('button', { name: 'Join the table' }).click()
  await joining.page.getByRole('log').first().waitFor()
  await using member = await open(browser, await joining.context.storageState())
  await slow(member.context, member.page)
  await member.page.goto(joining.page.url(), { waitUntil: 'commit' })
  const entriesMs = await momentOf(member.page, isTableReady, '')
  return { firstContentMs, joinMs, seatedMs, entriesMs }
}

/** With an empty cache, and not without any: a page may fetch a file first and take it from there later. */
async function open(browser: Browser, storageState?: StorageState) {
  const context = await browser.newContext({ viewport: PHONE, ...(storageState ? { storageState } : {}) })
  const page = await context.newPage()
  return { context, page, [Symbol.asyncDispose]: () => context.close() }
}

async function slow(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', LINE)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
}

async function momentOf(page: Page, ready: (roomName: string) => number | null, roomName: string): Promise<number> {
  const moment = await page.waitForFunction(ready, roomName, { timeout: 60_000, polling: 20 })
  return (await moment.jsonValue()) ?? 0
}

type Window = {
  document: { querySelector(selector: string): { textContent: string; disabled?: boolean } | null }
  performance: { now(): number; getEntriesByName(name: string): { startTime: number }[] }
}

/** Runs in the page: the room's name has been painted, and its button is ready to be pressed. */
function isJoinReady(roomName: string): number | null {
  const { document, performance: clock } = globalThis as unknown as Window
  const isPainted = clock.getEntriesByName('first-contentful-paint').length > 0
  const isNamed = document.querySelector('h1')?.textContent.includes(roomName) ?? false
  return isPainted && isNamed && document.querySelector('button[type=submit]')?.disabled === false ? clock.now() : null
}

/** Runs in the page: the newest entries and the box for the player's words are there. */
function isTableReady(): number | null {
  const { document, performance: clock } = globalThis as unknown as Window
  const isThere = ['[data-testid=entry]', 'textarea'].every((selector) => document.querySelector(selector) !== null)
  return isThere ? clock.now() : null
}
