// The layout of a table: what is on the page at each size, and that nothing on it jumps.
import type { Page } from '@playwright/test'
import { expect, phone, say, test, type View } from './table.ts'

const tablet: View = { width: 820, height: 1180 }
const lying: View = { width: 844, height: 390 }

const heightOf = async (page: Page, selector: string) =>
  (await page.locator(selector).first().boundingBox())?.height ?? 0

test('a phone’s header is one line of 56 px, and the rest is behind a button', async ({ table }) => {
  const player = await table.player({ view: phone })
  expect(await heightOf(player, 'header')).toBe(56)
  await expect(player.getByRole('switch', { name: 'Ready' })).toBeHidden()
  await player.getByRole('button', { name: 'More' }).click()
  await player.getByRole('switch', { name: 'Ready' }).click()
  await expect(player.getByRole('switch', { name: 'Ready' })).toBeChecked()
  await player.keyboard.press('Escape')
  await expect(player.getByRole('switch', { name: 'Ready' })).toBeHidden()
  const dm = await table.dm({ view: phone })
  expect(await heightOf(dm, 'header')).toBe(56)
})

test('a phone on its side gives the story 60 % of its height', async ({ table }) => {
  const player = await table.player({ view: lying })
  expect((await heightOf(player, '[role=log]')) / lying.height).toBeGreaterThanOrEqual(0.6)
})

test('a tablet has two columns, for the player and for the DM', async ({ table }) => {
  const player = await table.player({ view: tablet })
  const dm = await table.dm({ view: tablet })
  for (const [page, side] of [
    [player, player.getByRole('complementary', { name: 'Party and turns' })],
    [dm, dm.getByRole('tablist', { name: 'Console' })],
  ] as const) {
    const story = await page.getByRole('log', { name: 'Story', exact: true }).boundingBox()
    const beside = await side.boundingBox()
    expect(beside?.x).toBeGreaterThanOrEqual((story?.x ?? 0) + (story?.width ?? Infinity))
    expect(story?.width).toBeGreaterThan(350)
  }
  await expect(player.getByRole('navigation', { name: 'Parts of the table' })).toBeHidden()
})

test('the people at the table stay readable in one line, however many there are', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  const names = ['Bartholomew', 'Clementine', 'Dorothea', 'Ezekiel', 'Fredericka']
  for (const name of names) await table.guest(dm, name)
  const people = player.getByRole('list', { name: 'Who is here' })
  await expect(people.getByRole('listitem')).toHaveCount(names.length + 2)
  for (const name of names) {
    const shown = people.getByText(name, { exact: true })
    expect(await shown.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
    expect((await shown.boundingBox())?.height).toBeGreaterThanOrEqual(18)
  }
})

test('turns, updates and a lost connection move nothing on a player’s page', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
  await dm.getByRole('combobox', { name: /played by/i }).selectOption({ label: 'A player' })
  await expect(player.getByText(/next/).first()).toBeVisible()
  await player.evaluate(() => {
    const page = window as unknown as { shift: number }
    page.shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) page.shift += (entry as PerformanceEntry & { value: number }).value
    }).observe({ type: 'layout-shift', buffered: false })
  })
  await dm.getByRole('tab', { name: 'Table', exact: true }).click()
  for (let round = 0; round < 5; round++) {
    await dm.getByRole('button', { name: 'Next turn' }).click()
    await say(dm, `A word, ${round}.`)
    await expect(player.getByTestId('entry').last()).toContainText(`A word, ${round}.`)
  }
  await player.context().setOffline(true)
  await expect(player.getByTestId('connection')).toContainText('Offline')
  await say(dm, 'While nobody looks.')
  await player.context().setOffline(false)
  await expect(player.getByTestId('connection')).toHaveText('Live')
  await expect(player.getByTestId('entry').last()).toContainText('While nobody looks.')
  expect(await player.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThanOrEqual(0.05)
})
