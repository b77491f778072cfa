// Devices with faults: storage that is full or refused, and wrong clocks.
import type { BrowserContext, Page } from '@playwright/test'
import { clockOff, expect, phone, say, test } from './table.ts'

const YEAR = 365 * 24 * 3_600_000

const storages = {
  full: (context: BrowserContext) =>
    context.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      }
    }),
  // With blocked site data, browsers throw when the property is read.
  blocked: (context: BrowserContext) =>
    context.addInitScript(() => {
      const refuse = () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError')
      }
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
        Object.defineProperty(window, name, { get: refuse })
      Object.defineProperty(Document.prototype, 'cookie', { get: refuse, set: refuse })
    }),
  missing: (context: BrowserContext) =>
    context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, { value: null, configurable: true })
    }),
  /** Values that a person or another version left behind. */
  spoilt: (context: BrowserContext) =>
    context.addInitScript(() => {
      const isNew = !('spoilt' in localStorage)
      if (!isNew) return
      localStorage['spoilt'] = 'yes'
      for (const key of ['session', 'theme', 'sound', 'draft.player.main', 'draft.dm.main'])
        localStorage[`tablecast.${key}`] = key.startsWith('draft') ? 'left over' : '{"token":'
    }),
}

async function enter(page: Page, url: string, as: 'DM' | 'player'): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: `Open the sample as ${as}` }).click()
  await expect(page.getByRole('log').first()).toBeVisible()
  await expect(page.getByTestId('connection')).toHaveText('Live')
}

for (const [name, spoil] of Object.entries(storages))
  test(`a player and a DM can play with browser storage that is ${name}`, async ({ table }) => {
    const { url } = table.server
    const dm = await table.page({ before: spoil })
    await enter(dm, url, 'DM')
    const player = await table.page({ before: spoil, view: phone })
    await enter(player, url, 'player')
    const words = player.getByRole('textbox', { name: 'Say or act' })
    await words.fill('')
    await words.pressSequentially('I listen at the door.')
    await player.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByTestId('entry').last()).toContainText('I listen at the door.')
    await player.getByRole('button', { name: 'More' }).click()
    await player.getByRole('switch', { name: 'Turn sound' }).click()
    await player.getByRole('button', { name: /Use the (light|dark) theme/ }).click()
    await dm.getByRole('tab', { name: 'Notes' }).click()
    await dm.getByLabel('DM notes').fill('The key is under the stone.')
    await dm.getByRole('tab', { name: 'Table' }).click()
    await say(dm, 'It is quiet.')
    await expect(player.getByTestId('entry').last()).toContainText('It is quiet.')
  })

test('a browser that keeps nothing says so before a player joins, and asks again after a reload', async ({ table }) => {
  const page = await table.page({ before: storages.blocked, view: phone })
  await page.goto(table.server.url)
  await expect(page.getByText('This browser keeps nothing for this page.').first()).toBeVisible()
  await enter(page, table.server.url, 'player')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'This browser has no seat at the table' })).toBeVisible()
  const usual = await table.page()
  await usual.goto(table.server.url)
  await expect(usual.getByRole('heading', { name: 'Join a table' })).toBeVisible()
  await expect(usual.getByText('This browser keeps nothing for this page.')).toHaveCount(0)
})

const clocks = { 'a year ahead': YEAR, 'a year behind': -YEAR, 'two minutes ahead': 120_000 }

test('devices with wrong clocks join, play, and are still members after a reload', async ({ table }) => {
  const devices = []
  const from = performance.now()
  for (const [name, off] of Object.entries(clocks)) {
    const dm = await table.dm({ before: clockOff(off) })
    const player = await table.guest(dm, name, { before: clockOff(off) })
    const words = `Here, with a clock ${name}.`
    await player.getByRole('textbox', { name: 'Say or act' }).fill(words)
    await player.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByTestId('entry').last()).toContainText(words)
    await player.reload()
    await expect(player.getByTestId('entry').last()).toContainText(words)
    const link = player.url().replace(/\/r\/.*/, '/')
    await player.goto(link)
    await expect(player.getByRole('heading', { name: 'Your tables' })).toBeVisible()
    devices.push({ name, dm, player })
  }

  // Times of the server are shown by the server's clock.
  for (const { name, dm, player } of devices) {
    await expect(dm.getByRole('group', { name })).toBeVisible()
    await player.close()
  }
  for (const { name, dm } of devices) {
    const roster = dm.getByRole('group', { name })
    await expect(roster).toContainText(/lost \d+ s ago/)
    const seconds = Number(/lost (\d+) s/.exec(await roster.innerText())?.[1])
    expect(seconds, name).toBeLessThanOrEqual((performance.now() - from) / 1_000)
  }
  for (const { dm } of devices) {
    await dm.getByRole('button', { name: 'Invite' }).click()
    await dm.getByLabel('Expires', { exact: true }).selectOption({ label: 'in an hour' })
    await dm.getByRole('button', { name: 'Make a new link' }).click()
    await dm.getByRole('button', { name: 'Make a new link' }).last().click()
    await expect(dm.getByText(/^Expires: .* · Uses: unlimited$/)).toBeVisible()
  }
})

test('a guest whose token the server no longer knows joins again under the same name', async ({ table }) => {
  const player = await table.player({ name: 'Robin' })
  await player.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }
    // The server refuses it as it would after half a year or with a new secret.
    localStorage.setItem('tablecast.session', JSON.stringify({ ...kept, token: `${kept.token}x` }))
  })
  const link = await table.linkForPlayers()
  await player.goto(table.server.url)
  await expect(player.getByRole('button', { name: 'Open the sample as player' })).toBeVisible()
  await player.goto(link)
  await expect(player.getByRole('log').first()).toBeVisible()
  await expect(player.getByTestId('connection')).toHaveText('Live')
  // The stages beside the table as well.
  await player.evaluate(() =>
    localStorage.setItem('tablecast.session', '{"token":"a.b.c","userId":"u","name":"Robin"}'),
  )
  await player.goto(`${table.server.url}/market`)
  await expect(player.getByTestId('connection')).toHaveText('Live')
})
