// `pnpm screenshots`: the pictures of the README, taken from the real product in mid-play. Run `pnpm build` before.
import { mkdirSync } from 'node:fs'
import { type Browser, chromium, type Page } from '@playwright/test'
import { TestServer } from '../e2e/server.ts'
import playwright from '../playwright.config.ts'

const folder = 'docs/images'
const desktop = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
type View = typeof desktop

mkdirSync(folder, { recursive: true })
const server = await TestServer.start()
const browser = await chromium.launch(playwright.use?.launchOptions ?? {})
try {
  const landing = await open(browser, desktop)
  await landing.goto(server.url)
  const asDm = landing.getByRole('button', { name: 'Open the sample as DM' })
  await asDm.waitFor()
  await take(landing, 'landing')
  await asDm.click()
  await landing.getByRole('log').waitFor()

  const link = await playerLink(landing)
  const ada = await seat(browser, link, 'Ada', desktop)
  const robin = await seat(browser, link, 'Robin', phone)
  await play(landing, { character: 'Mira Ashdown', player: 'Ada' })
  for (const page of [ada, robin]) {
    await page.getByRole('log').getByText('The slab tilts').waitFor()
    await page.getByRole('switch', { name: 'Ready' }).click()
  }
  await landing.getByText('in sync').nth(1).waitFor()
  await landing.getByRole('combobox', { name: 'Message' }).fill('/thr')
  await take(landing, 'dm-console')
  await take(ada, 'player')
  await take(robin, 'player-phone')
} finally {
  await browser.close()
  await server.stop()
}

async function open(inside: Browser, view: View): Promise<Page> {
  const context = await inside.newContext({ viewport: view, colorScheme: 'dark', reducedMotion: 'reduce' })
  return context.newPage()
}

async function playerLink(dm: Page): Promise<string> {
  await dm.getByRole('button', { name: 'Invite' }).click()
  const link = await dm.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await dm.getByRole('button', { name: 'Close' }).click()
  return link
}

async function seat(inside: Browser, link: string, name: string, view: View): Promise<Page> {
  const page = await open(inside, view)
  await page.goto(link)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join the table' }).click()
  await page.getByRole('log').waitFor()
  return page
}

/** A minute of play: someone owns a character, speaks and rolls, and the DM answers. */
async function play(dm: Page, { character, player }: { character: string; player: string }): Promise<void> {
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dm.getByRole('button', { name: `Edit ${character}` }).click()
  await dm.getByRole('group', { name: character }).getByLabel('Played by').selectOption({ label: player })
  await dm.getByRole('tab', { name: 'Table' }).click()
  for (const message of [
    '/turn next',
    'Mira sets her shoulder against the altar. [[1d20+5]]',
    '/hp Mira -4',
    '/secret Old Marrow listens. She knows the name.',
    'The slab tilts, and cold air comes up with the smell of **old candles**. Someone down there has just put them out.',
  ])
    await say(dm, message)
}

async function say(dm: Page, message: string): Promise<void> {
  const box = dm.getByRole('combobox', { name: 'Message' })
  await box.fill(message)
  await dm.getByRole('button', { name: 'Send' }).click()
  await dm.waitForFunction(
    (field) => field instanceof HTMLTextAreaElement && field.value === '',
    await box.elementHandle(),
  )
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${folder}/${name}.png` })
}
