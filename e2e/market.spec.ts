// The market's page: live values, candles, talk, and a break.
import { expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expectWell } from './looks.ts'
import { test, withoutWebSockets, ownProcess } from './table.ts'

/** The page's own count of messages, and of the changes that they made. */
declare global {
  interface Window {
    tablecastMarket?: () => { received: number; folds: number }
  }
}

const sector = (page: Page, name: string) => page.getByTestId('sector').filter({ hasText: name })
const post = (url: string, content: string) =>
  fetch(`${url}/api/discussions/disc-123/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content, authorId: 'agent-789' }),
  })
const changeSector = (url: string, id: string, changes: object) =>
  fetch(`${url}/api/sectors/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  })

test(
  'the market’s page moves live, takes messages, and comes back after a break, at a desk and on a phone',
  ownProcess,
  async ({ table }) => {
    const { url } = table.server
    const page = await table.page()
    await page.goto(url)
    await page.getByRole('link', { name: 'More on this server' }).click()
    await page
      .getByRole('main')
      .getByRole('link', { name: /The market/ })
      .click()
    const value = sector(page, 'Automata').getByTestId('value')
    const first = await value.innerText()
    await expect(value).not.toHaveText(first)
    await expect(page.getByText(/^Index [\d,.]+$/)).toBeVisible()

    // The chart follows the sector that is chosen, by the interval that is chosen.
    await sector(page, 'Automata').getByRole('button').click()
    const chart = page.getByRole('region', { name: 'Chart of Automata' })
    await expect(chart.getByTestId('chart').locator('canvas').first()).toBeVisible()
    await expect(chart.getByTestId('candle')).toContainText('close')
    const candle = await chart.getByTestId('candle').innerText()
    await expect(chart.getByTestId('candle')).not.toHaveText(candle)
    for (const interval of ['5 minutes', '1 hour', '1 day', '1 minute']) {
      await chart.getByRole('button', { name: interval }).click()
      await expect(chart.getByTestId('candle')).toContainText('close')
    }
    await chart.getByText('The newest candles as a table').click()
    await expect(chart.getByRole('row')).toHaveCount(13)
    await chart.getByText('The newest candles as a table').click()
    const box = await chart.getByTestId('chart').boundingBox()
    if (!box) throw new Error('no chart')
    const newest = await chart.getByTestId('candle').locator('span').first().innerText()
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2)
    await expect(chart.getByTestId('candle').locator('span').first()).not.toHaveText(newest)
    await page.mouse.move(0, 0)

    // A person says something; so does a program.
    const log = page.getByRole('log', { name: 'Messages' })
    await page.getByLabel('Your name').fill('Mira')
    await page.getByLabel('Your message').fill('Who sells ore today?')
    await page.getByRole('button', { name: 'Send' }).click()
    const mine = log.getByTestId('market-message').filter({ hasText: 'Who sells ore today?' })
    await expect(mine).toHaveCount(1)
    await expect(mine).toContainText('Mira')
    await expect(page.getByLabel('Your message')).toHaveValue('')
    await post(url, 'I think we should buy more tech stocks')
    const bot = log.getByTestId('market-message').filter({ hasText: 'buy more tech stocks' })
    await expect(bot).toContainText('TradingBot')
    await page.getByRole('button', { name: 'New', exact: true }).click()
    await page.getByLabel('What it is about').fill('Is it over?')
    await page.getByRole('button', { name: 'Open the discussion' }).click()
    await expect(log.getByText('Nobody has said anything yet.')).toBeVisible()
    await expect(page.getByLabel('Discussion', { exact: true })).toContainText('Is it over?')
    await page.getByLabel('Discussion', { exact: true }).selectOption('The trading floor')
    await expect(mine).toHaveCount(1)

    // A name of sixty characters.
    await changeSector(url, 'tech-001', { name: 'The honourable company of clockwork and thinking engines Ltd' })
    await expect(sector(page, 'The honourable company')).toBeVisible()
    await expectWell(page, 'market')

    await table.server.kill()
    await expect(page.getByTestId('connection')).not.toHaveText('Live')
    await expect(page.getByText('What is shown may be out of date')).toBeVisible()
    await expectWell(page, 'offline')
    await table.server.start()
    await expect(page.getByTestId('connection')).toHaveText('Live')
    await expect(page.getByText('What is shown may be out of date')).toBeHidden()
    await post(url, 'Back on the floor')
    await expect(log.getByTestId('market-message').filter({ hasText: 'Back on the floor' })).toHaveCount(1)
    await expect(mine).toHaveCount(1)
    await expect(bot).toHaveCount(1)
    const before = await sector(page, 'The honourable company').getByTestId('value').innerText()
    await expect(sector(page, 'The honourable company').getByTestId('value')).not.toHaveText(before)
  },
)

test('the market’s page moves over SSE or polling where WebSockets do not get through', async ({ table }) => {
  const page = await table.page({ before: withoutWebSockets })
  await page.goto(`${table.server.url}/market`)
  await expect(page.getByTestId('connection')).toHaveText('Live over SSE')
  const value = sector(page, 'Automata').getByTestId('value')
  const first = await value.innerText()
  await expect(value).not.toHaveText(first)
  await page.context().route(/\/trpc\/market\.events/, (route) => route.abort())
  await page.reload()
  await expect(page.getByTestId('connection')).toHaveText('Polling', { timeout: 40_000 })
  const polled = await value.innerText()
  await expect(value).not.toHaveText(polled)
  await post(table.server.url, 'Said while polling')
  await expect(page.getByTestId('market-message').filter({ hasText: 'Said while polling' })).toHaveCount(1)
})

test.describe('a busy market', () => {
  test.use({ environment: { MARKET_SIM_RATE: '200' } })
  test('the market’s page changes at most once a frame at 200 messages a second', async ({ table }) => {
    const page = await table.page()
    await page.goto(`${table.server.url}/market`)
    await expect(page.getByTestId('sector').first()).toBeVisible()
    const counted = await page.evaluate(async () => {
      const begin = window.tablecastMarket?.()
      let frames = 0
      let isCounting = true
      const count = () => {
        frames += 1
        if (isCounting) requestAnimationFrame(count)
      }
      requestAnimationFrame(count)
      const received = () => (window.tablecastMarket?.().received ?? 0) - (begin?.received ?? 0)
      while (received() < 600) await new Promise((resolve) => requestAnimationFrame(resolve))
      isCounting = false
      return { received: received(), folds: (window.tablecastMarket?.().folds ?? 0) - (begin?.folds ?? 0), frames }
    })
    expect(counted.folds).toBeLessThanOrEqual(counted.frames + 1)
    expect(counted.folds).toBeLessThan(counted.received)
  })
})

test.describe('an empty market', () => {
  test.use({ environment: { MARKET_SAMPLE: 'false', MARKET_SIM: 'off' } })
  test('the page of an empty market says how to fill it, and shows new rows by itself', async ({ table }) => {
    const { url } = table.server
    const page = await table.page()
    await page.goto(`${url}/market`)
    await expect(page.getByRole('heading', { name: 'There are no sectors yet' })).toBeVisible()
    await expectAccessible(page, 'empty market')
    await fetch(`${url}/api/sectors`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'tech-001', name: 'Tech', value: 1250.5 }),
    })
    await expect(sector(page, 'Tech').getByTestId('value')).toHaveText('1,250.50')
    await expect(page.getByText('No candles yet. They appear here by themselves.')).toBeVisible()
  })
})
