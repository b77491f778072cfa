// The pages on a phone: installed, without a network, and on a small screen.
import { freePort } from '@tablecast/testing'
import { chromium, type Page } from '@playwright/test'
import { expectAccessible, expectAccessibleInBothThemes } from './accessible.ts'
import { chromiumArguments, chromiumPath } from './chromium.ts'
import { signIn, startTable, test as accountsTest, urlOf } from './accounts.ts'
import { give, startGoblins } from './fight-console.ts'
import { Front } from './front.ts'
import { TestServer } from './server.ts'
import { desktop, expect, phone, say, Table, test, type View } from './table.ts'
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
  await page.emulateMedia({ forcedColors: 'active' })
  await expectAccessible(page, 'the offline page in forced colours')
  await page.emulateMedia({ forcedColors: 'none' })
  // As 200 % on a phone of 640 × 720.
  await page.setViewportSize({ width: 320, height: 360 })
  expect(await tooWide(page)).toEqual(fits)
  await page.keyboard.press('Tab')
  const tryNow = page.getByRole('button', { name: 'Try now' })
  await expect(tryNow).toBeFocused()
  const reloaded = page.waitForEvent('load')
  await page.keyboard.press('Enter')
  await reloaded
  await expect(heading).toHaveText('Tablecast can’t reach the server')
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

/** Plays the browser's part: it locks the display, takes the lock back when a person goes elsewhere, and offers to install the page. */
const deviceOfTest = () => {
  const device = { asked: 0, installs: 0 }
  const locks: { released: boolean; release(): Promise<void> }[] = []
  const request = () => {
    device.asked += 1
    const lock = {
      released: false,
      release() {
        lock.released = true
        return Promise.resolve()
      },
    }
    locks.push(lock)
    return Promise.resolve(lock)
  }
  Object.defineProperty(navigator, 'wakeLock', { value: { request } })
  Object.assign(window, {
    device: () => ({ ...device, held: locks.filter(({ released }) => !released).length }),
    comeBack() {
      for (const lock of locks) lock.released = true
      document.dispatchEvent(new Event('visibilitychange'))
    },
    offer() {
      const prompt = () => {
        device.installs += 1
        return Promise.resolve({ outcome: 'accepted' })
      }
      dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt }))
    },
  })
}
type Device = { device(): { held: number; asked: number; installs: number }; comeBack(): void; offer(): void }
const deviceOf = (page: Page) => page.evaluate(() => (window as unknown as Device).device())

/** The controls in view that a thumb misses, by name and size. */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=tab]'))
      // The label around a switch is its target, and a link for the keyboard shows itself to the keyboard alone.
      .map((one) => one.closest('label') ?? one)
      .filter((one) => one.checkVisibility() && !one.closest('[data-skip-links], .sr-only'))
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.top > 2 && box.top < innerHeight && (box.width < 44 || box.height < 44))
      .map(({ one, box }) => `${one.ariaLabel ?? one.textContent}: ${box.width} × ${box.height}`),
  )

test('a player with one hand on a small phone reaches all, and the display stays on during their turn', async ({
  table,
}, info) => {
  const dm = await table.dm()
  const page = await table.page({ view: small, before: (context) => context.addInitScript(deviceOfTest) })
  await table.openAsPlayer(page)
  const shot = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })
  const part = (name: string) => page.getByRole('button', { name, exact: true })
  const more = page.getByRole('button', { name: 'More', exact: true })

  // The manifest and its icons, as an installer reads them.
  const installer = await page.context().newCDPSession(page)
  const { url, errors, data = '' } = await installer.send('Page.getAppManifest')
  expect([new URL(url).pathname, errors]).toEqual(['/manifest.webmanifest', []])
  const { icons } = JSON.parse(data) as { icons: { src: string; sizes: string }[] }
  expect(icons.map(({ sizes }) => sizes)).toEqual(['192x192', '512x512', '512x512', 'any'])
  const touchIcon = { src: '/icons/apple-touch-icon.png', sizes: '180x180' }
  await expect(page.locator('link[rel=apple-touch-icon]')).toHaveAttribute('href', touchIcon.src)
  for (const { src, sizes } of [...icons, touchIcon].filter((icon) => icon.sizes !== 'any')) {
    const size = await page.evaluate(async (from) => {
      const picture = Object.assign(new Image(), { src: from })
      await picture.decode()
      return `${picture.naturalWidth}x${picture.naturalHeight}`
    }, src)
    expect([src, size]).toEqual([src, sizes])
  }

  await page.evaluate(() => (window as unknown as Device).offer())
  await more.click()
  await expect(page.getByText('Installing and notices need https.')).toHaveCount(0)
  const install = page.getByRole('button', { name: 'Install Tablecast' })
  await expect(install).toBeVisible()
  await shot('more')
  expect(await tooSmall(page)).toEqual([])
  await expectAccessibleInBothThemes(page, 'More on a phone')
  await install.focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => deviceOf(page)).toMatchObject({ installs: 1 })
  await more.click()
  await expect(install).toHaveCount(0)
  await expect(page.getByText('Add to Home Screen')).toHaveCount(0)
  await page.keyboard.press('Escape')
  // Safari makes no offer. A person finds the way in its menu.
  await page.evaluate(() => Object.defineProperty(navigator, 'standalone', { value: false }))
  await page.evaluate(() => (window as unknown as Device).offer())
  await more.click()
  await expect(page.getByText('To install: Share, then “Add to Home Screen”.')).toBeVisible()
  await page.keyboard.press('Escape')

  // A DM has the same behind “More”.
  await dm.setViewportSize(phone)
  await dm.evaluate(() => dispatchEvent(new Event('beforeinstallprompt', { cancelable: true })))
  await dm.getByRole('button', { name: 'More', exact: true }).click()
  await expect(dm.getByRole('button', { name: 'Install Tablecast' })).toBeVisible()
  await dm.screenshot({ path: info.outputPath('more-dm.png') })
  expect(await tooSmall(dm)).toEqual([])
  await expectAccessibleInBothThemes(dm, 'a DM’s More on a phone')
  await dm.keyboard.press('Escape')
  await dm.setViewportSize(desktop)

  // The turn comes and goes.
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await give(dm, 'Mira Ashdown', 'A player')
  await expect(page.getByText('You are next', { exact: true })).toBeVisible()
  expect(await deviceOf(page)).toMatchObject({ held: 0, asked: 0 })
  await say(dm, '/turn next')
  await expect(page.getByText('Your turn', { exact: true })).toBeVisible()
  await expect.poll(() => deviceOf(page)).toMatchObject({ held: 1, asked: 1 })
  await shot('your-turn')
  // The browser takes the lock back while the page is hidden. It is asked again when somebody returns.
  await page.evaluate(() => (window as unknown as Device).comeBack())
  await expect.poll(() => deviceOf(page)).toMatchObject({ held: 1, asked: 2 })
  await say(dm, '/turn next')
  await expect(page.getByText('Your turn', { exact: true })).toBeHidden()
  await expect.poll(() => deviceOf(page)).toMatchObject({ held: 0, asked: 2 })

  await page.getByRole('textbox', { name: 'Say or act' }).fill('I draw my sword.')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('button', { name: 'Change your entry' })).toBeVisible()
  await startGoblins(dm)
  await expect(page.getByRole('button', { name: 'Roll initiative' })).toBeVisible()
  await shot('fight')
  const inReach = [
    page.getByRole('button', { name: 'Roll initiative' }),
    page.getByRole('complementary', { name: 'Presence and turn' }),
    page.getByRole('textbox', { name: 'Say or act' }),
    page.getByRole('button', { name: 'Roll dice' }),
    page.getByRole('button', { name: 'Send' }),
    part('Story'),
    part('Party'),
    part('World'),
  ]
  for (const one of inReach) expect((await one.boundingBox())?.y, String(one)).toBeGreaterThan(small.height / 2)
  for (const name of ['Story', 'Party', 'World']) {
    await part(name).click()
    await shot(`fight-${name}`)
    expect([name, await tooSmall(page)]).toEqual([name, []])
    expect([name, await tooWide(page)]).toEqual([name, fits])
  }
  await part('Story').click()
  await page.getByRole('button', { name: 'Roll dice' }).click()
  await expect(page.getByRole('button', { name: 'Roll d20', exact: true })).toBeVisible()
  await shot('dice')
  expect(await tooSmall(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expectAccessibleInBothThemes(page, 'a table on a small phone')
  await page.emulateMedia({ forcedColors: 'active' })
  await expectAccessible(page, 'a table on a small phone in forced colours')
  await page.emulateMedia({ forcedColors: 'none' })
  // As 200 % on a phone of 640 × 720.
  await page.setViewportSize({ width: 320, height: 360 })
  expect(await tooWide(page)).toEqual(fits)
  await shot('zoomed')
})

test('over plain http the page says why it can’t be installed, and all else works', async ({ host }, info) => {
  const port = await freePort()
  const origin = `http://table.test:${port}`
  const server = await TestServer.start({ PUBLIC_URL: origin, COMPAT_AUTH: 'open' }, { port, host })
  const browser = await chromium.launch({
    executablePath: chromiumPath() ?? '',
    args: [...chromiumArguments(), '--host-resolver-rules=MAP table.test 127.0.0.1'],
  })
  const table = new Table(server, browser)
  const dm = await table.dm()
  const page = await table.page({ view: phone, serviceWorkers: 'allow' })
  await page.goto(origin + new URL(await table.invite(dm)).pathname)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Wanderer')
  await page.getByRole('button', { name: 'Join the table' }).click()
  const words = page.getByRole('textbox', { name: 'Say or act' })
  await words.fill('I knock.')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByTestId('entry').last()).toContainText('I knock.')
  await expect(page.getByTestId('connection')).toHaveText('Live')
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await expect(page.getByText('Installing and notices need https. This page came over plain http.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Install Tablecast' })).toHaveCount(0)
  await page.screenshot({ path: info.outputPath('more.png') })
  await expectAccessibleInBothThemes(page, 'More over plain http')
  await table.expectInStep(dm, [page])
  await table.close()
  await browser.close()
  await server.stop()
})

accountsTest('signing out clears what the browser has stored', async ({ accounts }) => {
  const url = urlOf(accounts)
  const page = await accounts.page({ serviceWorkers: 'allow' })
  await signIn(page, url, 'dee')
  await startTable(page)
  await page.getByRole('combobox', { name: 'Message' }).fill('A secret plan.')
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  // A page of the same origin with no code of its own.
  const witness = await page.context().newPage()
  await witness.goto(`${url}/health`)
  await witness.evaluate(() => void indexedDB.open('of another version'))
  await expect.poll(() => stored(witness)).toMatchObject({ workers: 1, databases: ['of another version'] })
  expect(await witness.evaluate(() => JSON.stringify(localStorage))).toContain('A secret plan.')

  await page.goto(url)
  const answered = page.waitForResponse(/\/api\/sign-out$/)
  await page.getByRole('button', { name: 'Sign out' }).click()
  const answer = await answered
  expect([answer.status(), await answer.headerValue('clear-site-data')]).toEqual([204, '"cache", "storage"'])
  // The provider asks for the same on its own page.
  await expect(page).not.toHaveURL(new RegExp(`^${url}`))
  await expect
    .poll(() => stored(witness))
    .toEqual({ caches: [], files: [], databases: [], keys: [], sessionKeys: [], workers: 0 })
})
