// The operators' page: live values, faults, and refused visitors.
import { expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { atDesk, expectWell, onPhone, onTablet, takeLook } from './looks.ts'
import { phone, test, withoutWebSockets, ownProcess } from './table.ts'

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/ops`)
  await page.getByLabel('Your name').fill('Olga')
  await page.keyboard.press('Enter')
}

const looks = [atDesk, onTablet, onPhone]

const chart = (page: Page, name: string) => page.getByRole('figure', { name })
const table = (page: Page, name: string | RegExp) => page.getByRole('region', { name })

test(
  'the operators’ page shows the node live, says when it is out of date, and comes back, at each size',
  ownProcess,
  async ({ table: place }) => {
    const { server } = place
    await place.player()
    const page = await place.page()
    // Operators get there from the start page.
    await page.goto(server.url)
    await page.getByRole('link', { name: 'Server status' }).click()
    await expect(page.getByRole('heading', { name: 'Who are you?' })).toBeVisible()
    await expectWell(page, 'sign in', looks)
    await takeLook(page, atDesk)
    await page.getByLabel('Your name').fill('Olga')
    await page.getByRole('button', { name: 'Go on' }).click()

    await expect(page.getByTestId('connection')).toHaveText('Live')
    await expect(table(page, 'Nodes').getByRole('row')).toHaveCount(2)
    await expect(table(page, 'Nodes')).toContainText('Ready')
    await expect(
      table(page, /^Dependencies/)
        .getByRole('row')
        .filter({ hasText: 'SQLite' }),
    ).toContainText('Up')
    await expect(table(page, 'Rooms').getByRole('row').filter({ hasText: 'The sample table' })).toBeVisible()
    // The pictures of the sample campaign are kept; nobody has sent one yet.
    const pictures = table(page, 'Pictures').getByRole('row').nth(1)
    await expect(pictures).toContainText(/\d\s[kM]B/)
    await expect(pictures.getByRole('cell').nth(2)).toHaveText('0')
    await expect(table(page, 'Slow clients')).toContainText('Everybody reads as fast as events come.')
    await expect(page.getByText('Every node answers, and everything that they need')).toBeVisible()

    // The generated feed and the market move, so the counts move too.
    const events = chart(page, 'Events and deliveries per second')
    await expect(events.locator('canvas').first()).toBeVisible()
    await expect(events).toContainText(/events[1-9]/)
    await expect(chart(page, 'Connections')).toContainText('tRPC2')
    await events.getByText('As a table').press('Enter')
    await expect(events.getByRole('row').nth(2)).toBeVisible()
    await expectWell(page, 'operations', looks)

    await server.kill()
    await expect(page.getByTestId('connection')).not.toHaveText('Live')
    await expect(page.getByText('What is shown may be out of date')).toBeVisible()
    await expect(page.getByText('Every node answers')).toBeHidden()
    await expectWell(page, 'offline', looks)
    await server.start()
    await expect(page.getByTestId('connection')).toHaveText('Live')
    await expect(page.getByText('What is shown may be out of date')).toBeHidden()
    await expect(table(page, 'Nodes').getByRole('row')).toHaveCount(2)
  },
)

test('the operators’ page is live over SSE or polling where WebSockets do not get through', async ({
  table: place,
}) => {
  const page = await place.page({ before: withoutWebSockets })
  await signIn(page, place.server.url)
  await expect(page.getByTestId('connection')).toHaveText('Live over SSE')
  await page.context().route(/\/trpc\/ops\.watch/, (route) => route.abort())
  await page.reload()
  await expect(page.getByTestId('connection')).toHaveText('Polling', { timeout: 40_000 })
  await expect(table(page, 'Nodes')).toContainText('Ready')
})

test.describe('with a Redis that can not be reached', () => {
  test.use({ environment: { REDIS_URL: 'redis://someone:hunter22@127.0.0.1:9', MARKET_SAMPLE: 'true' } })
  test('the operators’ page shows and announces a dependency that can not be reached', async ({ table: place }) => {
    const page = await place.page()
    await signIn(page, place.server.url)
    await expect(page.getByRole('list', { name: 'Alarms' })).toContainText('Channels of the market: down')
    await expect(page.getByRole('status').filter({ hasText: 'Channels of the market: down' })).toHaveCount(1)
    const row = table(page, /^Dependencies/)
      .getByRole('row')
      .filter({ hasText: 'Channels of the market' })
    await expect(row).toContainText('Redis can not be reached')
    expect(await page.content()).not.toContain('hunter22')
    await expectAccessible(page, 'alarms')
  })
})

test.describe('with other operators in the configuration', () => {
  test.use({ environment: { COMPAT_AUTH: 'token', OPERATORS: 'somebody-else' } })
  test('the operators’ page refuses everybody else, and says which variable to set', async ({ table: place }) => {
    const page = await place.page({ view: phone })
    await page.goto(place.server.url)
    await expect(page.getByRole('link', { name: 'More on this server' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Server status' })).toBeHidden()
    await signIn(page, place.server.url)
    await expect(page.getByRole('heading', { name: 'This page is for operators' })).toBeVisible()
    const userId = await page.evaluate(
      () => (JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { userId: string }).userId,
    )
    await expect(page.getByText(`OPERATORS=${userId}`)).toBeVisible()
    await expectAccessible(page, 'no operator')
  })
})
