// How far the player's page jumps while the table plays: Chromium's own score of unexpected layout shifts.
import type { Page } from '@playwright/test'
import type { Client } from './product/product.ts'
import { sampleOf } from './product/sample.ts'

type Shift = { value: number }
type Watched = {
  layoutShift?: number
  PerformanceObserver: new (heard: (list: { getEntries(): Shift[] }) => void) => { observe(what: object): void }
}

/** The score of `count` updates: words, hit points, and turns that come to this page's player and go on. `open` page of the sample room. */
export async function layoutShift(page: Page, dm: Client, count: number): Promise<number> {
  const { roomId, campaignId } = await sampleOf(dm)
  const { state, campaign } = await dm.campaign.get.query({ roomId, campaignId })
  const [character] = state.characters
  const id = character?.id ?? ''
  // The player plays it, so that the page says whose turn it is.
  const ownerId = await page.evaluate(userIdHere)
  const patch = { characters: { upsert: [{ id, ownerId }] } }
  const baseVersion = campaign.version
  await dm.campaign.edit.mutate({ roomId: 'main', campaignId, key: 'shift-owner-of-a-character', baseVersion, patch })
  // A phone shows the party on a tab of its own.
  await page.getByTestId('character').filter({ hasText: '(you)' }).waitFor({ state: 'attached' })
  await page.evaluate(watch)
  for (let n = 0; n < count; n++)
    await dm.campaign.say.mutate({
      roomId: 'main',
      key: `shift-${n}-of-a-page`,
      message: messageFor(n, character?.name ?? ''),
    })
  const last = `The bell rings, ${count - 1}.`
  await dm.campaign.say.mutate({ roomId: 'main', key: `shift-last-of-a-page`, message: last })
  await page.getByText(last).first().waitFor()
  return page.evaluate(() => (globalThis as unknown as Watched).layoutShift ?? 0)
}

function messageFor(n: number, name: string): string {
  if (n % 5 === 1) return '/turn next'
  if (n % 5 === 3) return `/hp ${name} ${n % 2 === 0 ? '+1' : '-1'}`
  return `The water rises, ${n}.`
}

/** Runs in the page. */
function userIdHere(): string {
  const { localStorage } = globalThis as unknown as { localStorage: { getItem(key: string): string | null } }
  return (JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { userId: string }).userId
}

/** Runs in the page. */
function watch(): void {
  const page = globalThis as unknown as Watched
  page.layoutShift = 0
  new page.PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) page.layoutShift = (page.layoutShift ?? 0) + value
  }).observe({ type: 'layout-shift', buffered: false })
}
