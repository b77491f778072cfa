// The code that a player's browser loads before the table is live, and the code that it loads on demand.
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import type { Response } from '@playwright/test'
import { removeSamplePictures } from './pictures.ts'
import { holdRequests, refuseRequests } from './routes.ts'
import { expect, probe, test } from './table.ts'

/** Less than the 100 kB that are promised, so that later parts have room. */
const MAX_BYTES = 89_000

test('a player’s page is live with 89 kB of scripts, and dialogs load afterwards', async ({ table }) => {
  // Pictures load their code once the page is live, which is sometimes before the scripts are counted.
  await removeSamplePictures(table.server.url)
  const { session, address } = await table.seat('player')
  const page = await table.page({
    before: async (context) => {
      await context.addInitScript((kept) => localStorage.setItem('tablecast.session', kept), JSON.stringify(session))
      await context.addInitScript(markWhenLive)
    },
  })
  const scripts: Response[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response)
  })
  await page.goto(address)
  await expect(page.getByTestId('connection')).toHaveText('Live')
  await expect(page.getByTestId('entry').last()).toBeVisible()
  expect((await probe(page)).seq).toBeGreaterThan(0)

  // The rest comes later, which may be before this line where the machine is slow.
  const early = await page.evaluate(() => {
    const [live] = performance.getEntriesByName('live')
    const files = performance.getEntriesByType('resource')
    return files.filter(({ startTime }) => startTime <= (live?.startTime ?? 0)).map(({ name }) => name)
  })
  const loaded = scripts.filter((response) => early.includes(response.url()))
  // Without the hashes, which may contain any of the words below.
  const names = loaded.map((response) => new URL(response.url()).pathname.replace(/-[\w-]{8}\.js$/, '')).join(' ')
  let bytes = 0
  for (const response of loaded) {
    bytes += gzipSync(await response.body()).byteLength
  }
  expect(bytes, names).toBeGreaterThan(40_000)
  expect(bytes, names).toBeLessThanOrEqual(MAX_BYTES)
  expect(names).not.toMatch(
    /Dm|Market|Session|Topics|Signals|Ops|chart|Landing|Account|Dice|Recap|Menu|dialog|queries|\/sse|mdast/,
  )
  // The page that the browser got asks for the table itself, so that nothing waits for other code first.
  await expect(page.locator('link[rel=modulepreload][href*="/table-"]')).toHaveCount(1)
  // As compressed by the build.
  const wire = await Promise.all(loaded.map(async (response) => (await response.request().sizes()).responseBodySize))
  expect(wire.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(bytes)

  await page.getByRole('button', { name: 'Roll dice' }).click()
  await page.getByRole('button', { name: 'Roll d6', exact: true }).click()
  await expect(page.getByTestId('entry').last()).toContainText('1d6')
  expect(scripts.map((response) => response.url()).join(' ')).toMatch(/DiceTray/)
})

/** In the page: marks the moment at which it is live and shows an entry. Until then nobody moves a mouse, which a browser without a screen may do. */
function markWhenLive(): void {
  addEventListener('pointermove', (event) => event.stopImmediatePropagation(), { capture: true })
  const observer = new MutationObserver(() => {
    const isLive = document.querySelector('[data-testid=connection]')?.textContent === 'Live'
    if (!isLive || !document.querySelector('[data-testid=entry]')) return
    performance.mark('live')
    observer.disconnect()
  })
  observer.observe(document, { childList: true, characterData: true, subtree: true })
}

test('the compressed copies of the build are those of its files', async () => {
  const built = fileURLToPath(new URL('../apps/web/dist/', import.meta.url))
  const copies = globSync('**/*.{br,gz}', { cwd: built })
  expect(copies).toEqual(expect.arrayContaining(['index.html.br', 'index.html.gz']))
  for (const name of copies) {
    const [copy, file] = await Promise.all([name, name.slice(0, -3)].map((one) => readFile(join(built, one))))
    const unpack = name.endsWith('.br') ? brotliDecompressSync : gunzipSync
    expect(unpack(copy ?? '').equals(file ?? Buffer.of()), name).toBe(true)
  }
})

test('a person joins before the code of the table has come', async ({ table }) => {
  const invite = await table.linkForPlayers()
  const page = await table.page()
  const code = await holdRequests(page, '**/assets/table-*.js')
  await page.goto(invite, { waitUntil: 'commit' })
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mira')
  const joined = page.waitForResponse(/rooms\.join/)
  await page.getByRole('button', { name: 'Join the table' }).click()
  expect((await joined).ok()).toBe(true)
  await expect.poll(code.count).toBeGreaterThan(0)
  await code.release()
  await expect(page.getByRole('log').first()).toBeVisible()
})

test('the dice, the recap and the connection dialog work from the keyboard', async ({ table }) => {
  const page = await table.player()
  const dice = page.getByRole('button', { name: 'Roll dice' })
  await dice.focus()
  await page.keyboard.press('Enter')
  const tray = page.getByRole('dialog', { name: 'Dice' })
  await expect(tray).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(tray).toBeHidden()
  await expect(dice).toBeFocused()
  await page.keyboard.press('Enter')
  await tray.getByRole('button', { name: 'Roll d100' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('entry').last()).toContainText('1d100')
  await page.keyboard.press('Escape')
  await expect(tray).toBeHidden()

  const recap = page.getByRole('button', { name: 'Previously…' })
  await recap.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Previously…' }).getByTestId('recap')).not.toBeEmpty()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(recap).toBeFocused()

  const status = page.getByTestId('connection')
  await status.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Connection' })).toContainText('Newest update')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(status).toBeFocused()
})

test('a page whose parts come late or not at all can be read and written on', async ({ table }) => {
  const player = await table.page()
  const parser = await holdRequests(player, '**/assets/mdast-*.js')
  const parts = await refuseRequests(player, '**/assets/{DiceTray,RecapDialog}-*.js')
  await table.openAsPlayer(player)
  const words = player.getByRole('textbox', { name: 'Say or act' })

  await test.step('the story can be read before the Markdown parser has loaded, and is formatted afterwards', async () => {
    await words.fill('I carry:\n\n- a lantern\n- rope <b>and</b> hope')
    await player.getByRole('button', { name: 'Send' }).click()
    const entry = player.getByTestId('entry').last()
    await expect(entry).toContainText('- a lantern')
    await expect.poll(parser.count).toBe(1)
    await parser.release()
    await expect(entry.getByRole('listitem')).toHaveText(['a lantern', 'rope <b>and</b> hope'])
    await expect(entry).toBeInViewport({ ratio: 1 })
  })

  await test.step('a dialog that fails to load says so, loads when asked again, and leaves typed text in place', async () => {
    await words.fill('I listen at the door.')
    await player.getByRole('button', { name: 'Roll dice' }).click()
    const problem = player.getByRole('alert').filter({ hasText: 'could not be loaded' })
    await expect(problem).toBeVisible()
    await problem.getByRole('button', { name: 'Dismiss' }).click()
    await expect(problem).toBeHidden()
    await player.getByRole('button', { name: 'Previously…' }).click()
    await expect(problem).toBeVisible()
    parts.allow()
    await problem.getByRole('button', { name: 'Try again' }).click()
    await expect(player.getByRole('dialog', { name: 'Previously…' })).toBeVisible()
    await player.keyboard.press('Escape')
    await player.getByRole('button', { name: 'Roll dice' }).click()
    await expect(player.getByRole('dialog', { name: 'Dice' })).toBeVisible()
    await player.keyboard.press('Escape')
    await expect(words).toHaveValue('I listen at the door.')
  })
})
