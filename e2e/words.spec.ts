// The exact words of the pages where unclear ones stood before.
import type { Page } from '@playwright/test'
import { expect, pressInHeader, say, startCampaign, type Table, test } from './table.ts'

/** Opens the page of a guest by a link, and answers it before they are seated. */
async function knock(table: Table, link: string, name: string): Promise<Page> {
  const page = await table.page()
  await page.goto(link)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join the table' }).click()
  return page
}

const alertOf = (page: Page) => page.getByRole('alert').filter({ hasText: /\w/ })
const term = (page: Page, name: string) =>
  page.getByRole('dialog', { name: 'Connection' }).locator('dt', { hasText: new RegExp(`^${name}$`) })

test.describe('at a table with two seats', () => {
  test.use({ environment: { MAX_MEMBERS_PER_ROOM: '2' } })
  test('a third person reads that the table is full, and what to do', async ({ table }) => {
    const dm = await table.page()
    await dm.goto(table.server.url)
    await startCampaign(dm, 'The Bell')
    const link = await table.invite(dm)
    await table.guest(dm, 'Ann')
    const eve = await knock(table, link, 'Eve')
    await expect(alertOf(eve)).toHaveText('This table is full (2). Ask the DM to make room.')
  })
})

test('a dropped die is struck through, and a natural 20 and a natural 1 stand out', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  await say(dm, 'With advantage. [[2d20kh1]]')
  const newest = player.getByTestId('entry').last()
  await expect(newest).toContainText('With advantage.')
  await expect(newest.locator('s')).toHaveCount(1)
  await expect(newest.locator('s')).toHaveCSS('text-decoration-line', 'line-through')

  // Each of sixty dice shows one of the two with one chance in ten.
  const natural = (side: 1 | 20) => newest.getByTitle(`Natural ${side}`, { exact: true })
  for (let round = 1; round <= 20; round++) {
    await say(dm, `Many dice, ${round}. [[60d20]]`)
    await expect(newest).toContainText(`Many dice, ${round}.`)
    if ((await natural(1).count()) > 0 && (await natural(20).count()) > 0) break
  }
  await expect(natural(20).first()).toHaveText('natural 20')
  await expect(natural(1).first()).toHaveText('natural 1')
  const colourOf = (side: 1 | 20) =>
    natural(side)
      .first()
      .evaluate((die) => getComputedStyle(die).color)
  expect(await colourOf(20)).not.toBe(await colourOf(1))
})

test('each part of a console says what it is for, and so do the pages of its players', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ name: 'Carla' })
  await test.step('the player’s own character unfolds under “Update HP and conditions”', async () => {
    await dm.getByRole('tab', { name: 'Characters' }).click()
    await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
    await dm.getByRole('group', { name: 'Mira Ashdown' }).getByLabel('Played by').selectOption({ label: 'Carla' })
    const mine = player.getByTestId('character').filter({ hasText: '(you)' })
    await expect(mine.locator('summary')).toHaveText('Update HP and conditions')
    await expect(player.getByText('Keep your character')).toHaveCount(0)
  })
  await test.step('a new line under “Around the party” is called “Weather, light…”', async () => {
    await dm.getByRole('tab', { name: 'World' }).click()
    const around = dm.locator('section', { has: dm.getByRole('heading', { name: 'Around the party' }) })
    const line = around.locator('[data-adds=surrounding]')
    await expect(line).toHaveAccessibleName('Weather, light…')
    await expect(dm.getByText('New condition')).toHaveCount(0)
  })
  await test.step('a text that is too long is refused in words for people', async () => {
    await dm.getByRole('tab', { name: 'World' }).click()
    const beat = dm.locator('[data-adds=beat]')
    // The page holds such a text back; a program or an older page does not.
    await beat.evaluate((field) => field.removeAttribute('maxlength'))
    await beat.fill('x'.repeat(201))
    await beat.press('Enter')
    const message = dm.getByText('A story beat can have at most 200 characters. Shorten it.', { exact: true }).first()
    await expect(message).toBeVisible()
    await expect(dm.getByText(/Too big|Invalid input|beats\./)).toHaveCount(0)
  })
  await test.step('the box of a whisper names its only reader', async () => {
    await dm.getByLabel('To', { exact: true }).selectOption({ label: 'whisper to Carla' })
    await expect(dm.getByRole('combobox', { name: 'Message' })).toHaveAttribute('placeholder', 'Only Carla sees this')
  })
  await test.step('the details of a connection stand behind a click, and say “Recovered”', async () => {
    const status = dm.getByTestId('connection')
    await expect(status).toHaveText('Live')
    await status.click()
    await expect(term(dm, 'Recovered')).toBeVisible()
    await expect(term(dm, 'Recovered').locator('+ dd')).toHaveText(/^(once|\d+ times)$/)
    await expect(dm.getByText(/healed/i)).toHaveCount(0)
    await dm.keyboard.press('Escape')

    await dm.getByRole('tab', { name: 'Table', exact: true }).click()
    const carla = dm.getByRole('group', { name: 'Carla', exact: true })
    const details = carla.locator('details > p')
    await expect(details).toBeHidden()
    expect(await carla.innerText()).not.toMatch(/websocket|\d ms/i)
    await carla.locator('summary').click()
    await expect(details).toBeVisible()
    await expect(details).toHaveText(/^(No connection details yet\.|WebSocket(, answers in \d+ ms)?\.)/)
  })
  await test.step('the page of an operator is called “Server status” on its link and on itself', async () => {
    await dm.goto(table.server.url)
    await dm.getByRole('link', { name: 'Server status', exact: true }).click()
    await expect(dm.getByRole('heading', { level: 1 })).toHaveText('Server status')
    await expect(dm).toHaveTitle('Server status · Tablecast')
    await expect(dm.getByText(/how the nodes of this server/)).toHaveCount(0)
  })
})

test('a person who does not get in reads why, and the DM reads who that was', async ({ table }) => {
  const dm = await table.dm()
  const eve = await table.player({ name: 'Eve' })
  const room = eve.url()
  await test.step('a person without a seat reads once whom to ask', async () => {
    await dm.getByRole('button', { name: 'More for Eve' }).click()
    await dm.getByRole('menuitem', { name: 'Remove from the table' }).click()
    const words = 'You are not at this table any more. Ask the DM for an invite link.'
    await expect(eve.getByRole('main').getByRole('paragraph')).toHaveText([words])
  })
  const stranger = await table.page()
  await stranger.goto(table.server.url)
  await startCampaign(stranger, 'The Bell')
  await test.step('an empty scene is shown as nothing', async () => {
    const player = await table.guest(stranger, 'Carla')
    await say(stranger, 'It begins.')
    await expect(player.getByTestId('entry').last()).toContainText('It begins.')
    await expect(player.getByRole('heading', { name: 'Scene', exact: true })).toHaveCount(0)
    for (const page of [stranger, player]) await expect(page.getByText('Somewhere')).toHaveCount(0)
  })
  await test.step('so does a person who never was at the table', async () => {
    await stranger.goto(room)
    await expect(stranger.getByRole('main').getByRole('paragraph')).toHaveText([
      /^You are not at this table( any more)?\. Ask the DM for an invite link\.$/,
    ])
  })
  await test.step('a new link says when it expires and how often it can be used', async () => {
    await pressInHeader(dm, 'Invite')
    await dm.getByRole('button', { name: 'Make a new link' }).click()
    await dm.getByRole('alertdialog').getByRole('button', { name: 'Make a new link' }).click()
    await expect(dm.getByText('Expires: never · Uses: unlimited', { exact: true })).toBeVisible()
    await dm.keyboard.press('Escape')
  })
  await test.step('the trail says that a person was turned away from a locked table', async () => {
    const link = await table.invite(dm)
    await pressInHeader(dm, 'Table settings')
    await dm.getByRole('switch', { name: 'Lock the table' }).click()
    await expect(dm.getByRole('switch', { name: 'Lock the table' })).toBeChecked()
    const mallory = await knock(table, link, 'Mallory')
    await expect(alertOf(mallory)).toContainText('locked')
    await dm.getByRole('button', { name: 'Show who joined, left or was turned away' }).click()
    await expect(dm.getByRole('listitem').filter({ hasText: 'Mallory' })).toHaveText(
      / Mallory was turned away: the table is locked\.$/,
    )
    await expect(dm.getByRole('dialog', { name: 'The table', exact: true })).not.toContainText(
      /ROOM_LOCKED|rooms\.join/,
    )
  })
})

test('the page of a feed without values says to a visitor what it waits for', async ({ table }) => {
  const page = await table.page()
  await page.goto(`${table.server.url}/signals/quiet`)
  await expect(page.getByRole('heading', { name: 'No signals yet' })).toBeVisible()
  await expect(page.getByRole('main')).not.toContainText(/SIGNALS_|undefined|null/)
})
