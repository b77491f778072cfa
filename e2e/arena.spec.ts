// The arena as a game master and spectators see it.
import { expect, type Page } from '@playwright/test'
import { expectWell } from './looks.ts'
import { desktop, phone, type Table, test, withoutWebSockets, ownProcess } from './table.ts'

type Probe = { link: string; seq: number; received: number; round: number; alive: string[] }
const probe = (page: Page): Promise<Probe> =>
  page.evaluate(() => (window as unknown as { tablecast(): Probe }).tablecast())

const news = [
  'Birds are government drones that recharge on power lines.',
  'A secret bank pays whoever shares this!',
  'Coffee makes plants remember names.',
]

async function start(table: Table, name: string, rounds: number, view = desktop): Promise<Page> {
  const master = await table.page({ view })
  await master.goto(`${table.server.url}/arena`)
  await master.getByLabel('Its name').fill(name)
  await master.getByLabel('Rounds').fill(String(rounds))
  await master.getByRole('button', { name: 'Start as game master' }).click()
  await expect(master.getByText('The arena waits for your news (round 1)')).toBeVisible()
  return master
}

async function watch(table: Table, name: string, options: Parameters<Table['page']>[0] = {}): Promise<Page> {
  const spectator = await table.page(options)
  await spectator.goto(`${table.server.url}/arena/${name}`)
  return spectator
}

async function feed(master: Page, content: string): Promise<void> {
  const box = master.getByRole('textbox', { name: /news/ })
  await box.fill(content)
  await master.getByRole('button', { name: 'Feed it' }).click()
  // The box goes with the last round, which may be over at once.
  await expect
    .poll(() => box.evaluateAll((boxes: HTMLTextAreaElement[]) => boxes.map(({ value }) => value).join('')))
    .toBe('')
}

/** Everyone shows the same game, and nobody missed or saw anything twice. */
async function expectSame(pages: readonly Page[]): Promise<void> {
  const [first, ...others] = await Promise.all(pages.map(probe))
  for (const other of others) expect([other.seq, other.alive]).toEqual([first?.seq, first?.alive])
  for (const page of pages) {
    const { seq, received } = await probe(page)
    expect(received).toBe(seq)
  }
}

const items = (page: Page, kind: string) => page.locator(`[data-testid=feed-item][data-kind=${kind}]`)

test('everybody sees the deaths, clones and end of a game of three rounds, and can replay it', async ({ table }) => {
  const early = await watch(table, 'thursday')
  await expect(early.getByRole('heading', { name: 'No such session yet' })).toBeVisible()
  const master = await start(table, 'thursday', 3)
  const mobile = await watch(table, 'thursday', { view: phone, scheme: 'light' })
  await expect(early.getByTestId('agent')).toHaveCount(6)
  // Only the person who started the session has a box to feed it.
  await expect(early.getByRole('textbox')).toHaveCount(0)
  for (const [round, content] of news.entries()) {
    await feed(master, content)
    await expect(items(mobile, 'death')).toHaveCount(round + 1)
    await expect(mobile.getByLabel('The news of the round')).toContainText(content)
    if (round < 2) {
      await expect(items(mobile, 'clone')).toHaveCount(round + 1)
      await expect(master.getByText(`The arena waits for your news (round ${round + 2})`)).toBeVisible()
    }
  }
  await expect(items(early, 'end')).toBeVisible()
  const late = await watch(table, 'thursday')
  for (const page of [master, early, mobile, late]) {
    await expect(items(page, 'end')).toBeVisible()
    await expect(page.locator('[data-testid=agent][data-state=dead]')).toHaveCount(3)
    await expect(page.getByTestId('agent')).toHaveCount(8)
  }
  await expectSame([master, early, mobile, late])
  expect(await mobile.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

  await late.getByRole('button', { name: 'Replay the game' }).click()
  await late.getByRole('button', { name: 'Pause the replay' }).click()
  const place = late.getByLabel('Place in the recording')
  await place.fill('7')
  await expect(late.getByTestId('agent')).toHaveCount(6)
  await expect(late.locator('[data-testid=agent][data-state=dead]')).toHaveCount(0)
  await late.getByRole('button', { name: '16×' }).click()
  await late.getByRole('button', { name: 'Play the replay' }).click()
  await expect(items(late, 'end')).toBeVisible()
  await late.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(late.getByRole('button', { name: 'Replay the game' })).toBeVisible()

  await late.goto(`${table.server.url}/arena`)
  await expect(late.getByRole('region', { name: 'Finished sessions' }).getByText('thursday')).toBeVisible()
})

test(
  'a game goes on after the server is killed in mid-round, with no event missed or repeated',
  ownProcess,
  async ({ table }) => {
    const master = await start(table, 'killed', 2)
    const spectator = await watch(table, 'killed', { view: phone })
    await feed(master, news[0] ?? '')
    await expect(items(spectator, 'said').nth(2)).toBeVisible()
    await table.server.kill()
    await expect(spectator.getByTestId('connection')).toHaveText(/Reconnecting|Offline/)
    await table.server.start()
    await expect(spectator.getByTestId('connection')).toHaveText('Live')
    await expect(master.getByText('The arena waits for your news (round 2)')).toBeVisible({ timeout: 30_000 })
    await feed(master, news[1] ?? '')
    for (const page of [master, spectator]) await expect(items(page, 'end')).toBeVisible()
    await expectSame([master, spectator])
  },
)

test('a spectator follows a game over SSE or polling where WebSockets do not get through', async ({ table }) => {
  const master = await start(table, 'narrow', 1)
  const spectator = await watch(table, 'narrow', {
    before: withoutWebSockets,
  })
  await expect(spectator.getByTestId('connection')).toHaveText('Live over SSE')
  await spectator.context().route(/\/trpc\/arena\.events/, (route) => route.abort())
  await spectator.reload()
  await expect(spectator.getByTestId('connection')).toHaveText('Polling', { timeout: 40_000 })
  await feed(master, news[0] ?? '')
  for (const page of [master, spectator]) await expect(items(page, 'end')).toBeVisible()
  await expectSame([master, spectator])
})

test('the arena’s pages have no serious accessibility violation, at a desk and on a phone', async ({ table }) => {
  const page = await table.page()
  await page.goto(`${table.server.url}/arena`)
  await expect(page.getByText('No game is running.')).toBeVisible()
  await expectWell(page, 'sessions')
  await page.goto(`${table.server.url}/arena/not-there`)
  await expect(page.getByRole('heading', { name: 'No such session yet' })).toBeVisible()
  await expectWell(page, 'no session')
  await page.goto(`${table.server.url}/arena`)
  await page.getByLabel('Rounds').fill('2')
  await page.getByRole('button', { name: 'Start as game master' }).click()
  await expect(page.getByText('The arena waits for your news (round 1)')).toBeVisible()
  await expectWell(page, 'waiting')
  await feed(page, `A very long word: ${'x'.repeat(200)} ${news[0]}`)
  await expect(page.getByText('The arena waits for your news (round 2)')).toBeVisible()
  await expectWell(page, 'after a round')
  await feed(page, news[1] ?? '')
  await page.getByRole('button', { name: 'Replay the game' }).click()
  await expect(page.getByRole('region', { name: 'Replay' })).toBeVisible()
  await expectWell(page, 'replay')
})
