// The pages on a phone: installed, without a network, and on a small screen.
import { freePort } from '@tablecast/testing'
import type { Page } from '@playwright/test'
import { expectAccessibleInBothThemes } from './accessible.ts'
import { Front } from './front.ts'
import { TestServer } from './server.ts'
import { expect, phone, say, Table, test, type View } from './table.ts'
import { fits, tooWide } from './too-wide.ts'

const small: View = { width: 360, height: 740 }

/** docs/phones.md lists them. */
const KEPT_KEYS = /^tablecast\.(?:session|draft\.player\.[^.]+|seen\.[^.]+)$/

/** The names of this browser's databases and keys for the page, and the text of all that its caches hold. */
const stored = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys()
    const files = await Promise.all(
      names.map(async (name) => {
        const cache = await caches.open(name)
        const requests = await cache.keys()
        return Promise.all(
          requests.map(async ({ url }) => {
            const answer = await cache.match(url)
            return {
              path: new URL(url).pathname,
              type: answer?.headers.get('content-type') ?? '',
              text: (await answer?.text()) ?? '',
            }
          }),
        )
      }),
    )
    return {
      caches: names,
      files: files.flat(),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      keys: Object.keys(localStorage).toSorted(),
      sessionKeys: Object.keys(sessionStorage),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }
  })

test('a phone keeps the offline page and nothing of a room, and its page comes back with the server', async ({
  browser,
  host,
}, info) => {
  const [own, port] = [await freePort(), await freePort()]
  const server = await TestServer.start({ PUBLIC_URL: `http://127.0.0.1:${port}` }, { port: own, host })
  const table = new Table(server, browser)
  const front = new Front(port, own)
  await front.open()
  const dm = await table.dm()
  const invite = await table.invite(dm)
  const page = await table.page({ view: phone, serviceWorkers: 'allow' })
  const shot = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })

  await page.goto(front.url + new URL(invite).pathname)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Wanderer Canary')
  await page.getByRole('button', { name: 'Join the table' }).click()
  const words = page.getByRole('textbox', { name: 'Say or act' })
  await expect(words).toBeVisible()
  const campaign = (await page.getByRole('heading', { level: 1 }).textContent()) ?? ''
  expect(campaign.length).toBeGreaterThan(5)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))

  // An evening: the story, a whisper, the dice, the map, the scene and the world.
  await say(dm, 'The lighthouse canary sings in the dark.')
  await expect(page.getByRole('log').first()).toContainText('lighthouse canary')
  await words.fill('I whisper to the canary.')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByTestId('entry').last()).toContainText('I whisper to the canary.')
  await page.getByRole('button', { name: 'Roll dice' }).click()
  await page.getByRole('button', { name: 'Roll d20', exact: true }).click()
  await page.keyboard.press('Escape')
  for (const part of ['Party', 'World', 'Story']) await page.getByRole('button', { name: part, exact: true }).click()
  await words.fill('Words that wait.')
  await expect.poll(async () => (await stored(page)).files.length).toBe(4)
  const evening = await stored(page)
  expect(evening.databases).toEqual([])
  expect(evening.sessionKeys).toEqual([])
  for (const { text, type, path } of evening.files) {
    expect([path, type]).toEqual([path, expect.stringMatching(/^(text\/(html|css)|application\/javascript);/)])
    expect(text).not.toMatch(/canary|Wanderer/i)
    expect(text).not.toContain(campaign)
  }

  expect(evening.keys.filter((key) => !KEPT_KEYS.test(key))).toEqual([])

  // Nothing listens at the address.
  await front.close()
  await page.reload()
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Tablecast can’t reach the server')
  await expect(page.getByRole('status')).toHaveText('It tries again by itself.')
  await shot('offline-390')
  await page.setViewportSize(small)
  await shot('offline-360')
  expect(await tooWide(page)).toEqual(fits)
  await expectAccessibleInBothThemes(page, 'the offline page')
  await front.open()
  await expect(words).toHaveValue('Words that wait.')
  await expect(page.getByTestId('connection')).toHaveText('Live')

  // A proxy that finds no server behind it.
  front.failAsProxy(502)
  await page.reload()
  await expect(heading).toHaveText('Tablecast can’t reach the server')
  await front.close()
  await front.open()
  await expect(page.getByTestId('connection')).toHaveText('Live')

  // The server is upgraded: the next page is the new one, and the worker replaces itself and what it kept.
  const before = await stored(page)
  const isPage = (path: string) => [new URL(page.url()).pathname, '/'].includes(path)
  front.change(
    (path) => path === '/service-worker.js' || isPage(path),
    (answer) => ({
      ...answer,
      body: answer.body
        .replace(/"revision":"\w+"/, '"revision":"newer"')
        .replace('<head>', '<head><meta name="newer">'),
    }),
  )
  await page.reload()
  await expect(page.locator('meta[name=newer]')).toBeAttached()
  await expect.poll(async () => (await stored(page)).caches.join()).toMatch(/ newer [^,]*$/)
  expect((await stored(page)).caches).not.toEqual(before.caches)
  await front.close()
  await page.reload()
  await expect(heading).toHaveText('Tablecast can’t reach the server')
  await front.open()
  await expect(page.locator('meta[name=newer]')).toBeAttached()

  // The server is rolled back to a version without a worker.
  front.change(
    (path) => path === '/service-worker.js',
    (answer) => ({ ...answer, status: 404, type: 'application/json', body: '{}' }),
  )
  await page.reload()
  await expect(page.locator('meta[name=newer]')).toHaveCount(0)
  await expect.poll(async () => (await stored(page)).workers).toBe(0)
  expect((await stored(page)).caches).toEqual([])
  await table.close()
  await front.close()
  await server.stop()
})
