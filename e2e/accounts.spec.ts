// Signing in with an account, at a real OpenID provider, in a real browser.
import type { BrowserContext, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { atProvider, expect, signIn, startTable, test, urlOf } from './accounts.ts'
import { tabTo } from './keyboard.ts'
import { probe, say } from './table.ts'

const storedTokens = (context: BrowserContext) =>
  context.storageState().then((state) => JSON.stringify(state).match(/eyJ[\w-]{20,}/g) ?? [])

/** With axe, with forced colours, and at 200 % zoom. */
async function expectReadable(page: Page, what: string): Promise<void> {
  await expectAccessible(page, what)
  await page.emulateMedia({ forcedColors: 'active' })
  await expectAccessible(page, `${what}, with forced colours`)
  await page.emulateMedia({ forcedColors: 'none' })
  const view = page.viewportSize()
  await page.setViewportSize({ width: 720, height: 450 })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), what).toBe(0)
  if (view) await page.setViewportSize(view)
}

test('an account starts a table, stays signed in over a reload, and leaves no token in the browser', async ({
  accounts,
}) => {
  const url = accounts.server.url.replace('127.0.0.1', 'localhost')
  const page = await accounts.page()
  await page.goto(url)
  await expect(page.getByText('Sign in to start a table.')).toBeVisible()
  await expectReadable(page, 'landing without a session')
  await page.goto(`${url}/topics`)
  await expect(page.getByText('Sign in to see and use the topics.')).toBeVisible()
  await expectReadable(page, 'topics without a session')
  await signIn(page, url, 'dee')
  await startTable(page)
  await say(page, 'It begins.')
  await page.reload()
  await expect(page.getByTestId('entry').last()).toContainText('It begins.')
  await expect.poll(async () => (await probe(page)).link).toBe('websocket')
  // The provider's own session is in its cookies; ours is in memory.
  expect((await storedTokens(page.context())).filter((token) => token.length > 100)).toEqual([])

  await page.goto(url)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('Sign in to start a table.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Sign in to start a table.')).toBeVisible()
})

test('a person signs in, takes another name and signs out with the keyboard alone', async ({ accounts }) => {
  const page = await accounts.page()
  await page.goto(urlOf(accounts))
  await expect(page.getByText('Sign in to start a table.')).toBeVisible()
  await tabTo(page, page.getByRole('main').getByRole('button', { name: 'Sign in' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByPlaceholder('Enter any login'))
  await page.keyboard.type('dee')
  await tabTo(page, page.getByPlaceholder('and password'))
  await page.keyboard.type('secret')
  await page.keyboard.press('Enter')
  const goOn = page.getByRole('button', { name: 'Continue' })
  await expect(goOn).toBeVisible()
  await tabTo(page, goOn)
  await page.keyboard.press('Enter')

  const yourName = page.getByRole('button', { name: 'Your name: dee' })
  await expect(yourName).toBeVisible()
  await tabTo(page, yourName)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('textbox', { name: 'Your name' }).first(), 3)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Dorothea')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Your name: Dorothea' })).toBeVisible()
  await page.keyboard.press('Escape')
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Enter')
  // The provider asks for the same on its own page.
  await expect(page).not.toHaveURL(urlOf(accounts))
  await expect(page.getByRole('textbox')).toHaveCount(0)
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('Sign in to start a table.')).toBeVisible()
})

test('an invited player can decline to sign in, read that nothing changed, and then sign in', async ({ accounts }) => {
  const url = accounts.server.url.replace('127.0.0.1', 'localhost')
  const dm = await accounts.page()
  await signIn(dm, url, 'dee')
  const link = (await startTable(dm)).replace('127.0.0.1', 'localhost')
  const player = await accounts.page()
  await player.goto(link)
  await expectReadable(player, 'invited without a session')
  await player.getByRole('button', { name: 'Sign in' }).click()
  await player.getByRole('link', { name: /Cancel|Abort/ }).click()
  await expect(player.getByRole('alert')).toContainText('Nothing has changed')
  await expectReadable(player, 'declined')
  await player.getByRole('button', { name: 'Sign in again' }).click()
  await atProvider(player, 'robin')
  await expect(player.getByRole('log')).toBeVisible()
  await say(dm, 'Welcome, Robin.')
  await expect(player.getByTestId('entry').last()).toContainText('Welcome, Robin.')
})

test.describe('with access tokens that live for seconds', () => {
  test.use({ accessTokenSeconds: 5 })
  test('a stream goes on through renewals of the token with no gap, repeat or reconnect', async ({
    accounts,
    oidc,
  }) => {
    const url = accounts.server.url.replace('127.0.0.1', 'localhost')
    const page = await accounts.page()
    await signIn(page, url, 'dee')
    await startTable(page)
    await say(page, 'Before.')
    const upgrades: string[] = []
    page.on('websocket', (socket) => upgrades.push(socket.url()))
    const renewed = () => oidc.grants.get('refresh_token') ?? 0
    const before = renewed()
    let count = 0
    // Five renewals at half of a life are more than two lives of a token.
    while (renewed() < before + 5) {
      count += 1
      await say(page, `Line ${count}.`)
      await expect(page.getByTestId('entry').last()).toContainText(`Line ${count}.`)
    }
    const { entries, link } = await probe(page)
    expect(new Set(entries).size).toBe(entries.length)
    expect(entries.length).toBe(count + 1)
    expect(link).toBe('websocket')
    expect(upgrades).toEqual([])
  })
})

test.describe('beside guests', () => {
  test.use({ guests: 'on' })
  test('a guest who signs in with an account keeps their tables, also after a reload and elsewhere', async ({
    accounts,
  }) => {
    const url = accounts.server.url.replace('127.0.0.1', 'localhost')
    const page = await accounts.page()
    await page.goto(url)
    await startTable(page)
    await say(page, 'As a guest.')
    await page.goto(url)
    await expect(page.getByRole('link', { name: /Thursday/ })).toBeVisible()
    await page.getByRole('button', { name: 'Sign in to keep your tables' }).click()
    await atProvider(page, 'dee')
    await page.getByRole('link', { name: /Thursday/ }).click()
    await say(page, 'With an account.')
    expect(await page.evaluate(() => localStorage.getItem('tablecast.session'))).toBeNull()
    await page.reload()
    await expect(page.getByTestId('entry').last()).toContainText('With an account.')
    const elsewhere = await accounts.page()
    await signIn(elsewhere, url, 'dee')
    await elsewhere.getByRole('link', { name: /Thursday/ }).click()
    await expect(elsewhere.getByTestId('entry').last()).toContainText('With an account.')
  })
})
