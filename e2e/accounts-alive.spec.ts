// Accounts that stay signed in: through sleep, a sign-in service that is away, wrong clocks, other tabs and another provider.
import { startOidc } from '@tablecast/testing'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { atProvider, expect, signIn, startTable, test, urlOf } from './accounts.ts'
import { clockOff, probe, say } from './table.ts'

const LIFE_SECONDS = 8

/** Its script runs no further, as with the laptop's lid closed. Returns what wakes it. */
async function sleep(page: Page): Promise<() => Promise<void>> {
  const debug = await page.context().newCDPSession(page)
  await debug.send('Debugger.enable')
  await debug.send('Debugger.pause')
  return async () => {
    await debug.send('Debugger.resume')
    await debug.detach()
  }
}

const passed = (ms: number) => {
  const from = Date.now()
  return expect.poll(() => Date.now() - from, { timeout: ms + 30_000, intervals: [250] }).toBeGreaterThan(ms)
}

async function expectLive(page: Page): Promise<void> {
  await expect(page.getByTestId('connection')).toHaveText('Live', { timeout: 40_000 })
}

test.describe('with tokens that live for seconds', () => {
  test.use({ accessTokenSeconds: LIFE_SECONDS })

  test('who slept past the end of the token goes on where they were', async ({ accounts }) => {
    const dm = await accounts.page()
    await signIn(dm, urlOf(accounts), 'dee')
    const link = (await startTable(dm)).replace('127.0.0.1', 'localhost')
    const player = await accounts.page()
    await player.goto(link)
    await player.getByRole('button', { name: 'Sign in' }).click()
    await atProvider(player, 'robin')
    await expectLive(player)
    await player.getByRole('textbox', { name: 'Say or act' }).fill('I was about to')
    const wake = await sleep(player)
    await passed(2 * LIFE_SECONDS * 1_000)
    await say(dm, 'Said while Robin slept.')
    await wake()
    await expect(player.getByTestId('entry').last()).toContainText('Said while Robin slept.', { timeout: 40_000 })
    await expectLive(player)
    await expect(player.getByRole('textbox', { name: 'Say or act' })).toHaveValue('I was about to')
    await player.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByTestId('entry').last()).toContainText('I was about to')
    expect((await probe(player)).healed).toBe(0)
  })

  for (const how of ['refuses', 'hangs'] as const)
    test(`a sign-in service that ${how} past the end of the token is waited for, with the story in view`, async ({
      accounts,
      oidc,
    }) => {
      const page = await accounts.page()
      await signIn(page, urlOf(accounts), 'dee')
      await startTable(page)
      await say(page, 'Before.')
      oidc.goAway(how)
      await expect(page.getByTestId('connection')).toHaveText('Signing in again…', { timeout: 40_000 })
      await expect(page.getByText('The sign-in service does not answer')).toBeVisible()
      await expect(page.getByTestId('entry').last()).toContainText('Before.')
      await expectAccessible(page, 'waiting for the sign-in service')
      await passed(8_000)
      oidc.comeBack()
      await expectLive(page)
      await expect(page.getByText('The sign-in service does not answer')).toBeHidden()
      await say(page, 'After.')
      await expect(page.getByTestId('entry').last()).toContainText('After.')
    })

  test('a call that is made while the token is being renewed is answered, not refused', async ({ accounts, oidc }) => {
    const page = await accounts.page()
    await signIn(page, urlOf(accounts), 'dee')
    await startTable(page)
    oidc.goAway('refuses')
    await expect(page.getByTestId('connection')).toHaveText('Signing in again…', { timeout: 40_000 })
    await page.getByRole('combobox', { name: 'Message' }).fill('Said into the gap.')
    await page.getByRole('button', { name: 'Send' }).click()
    await passed(1_000)
    oidc.comeBack()
    await expect(page.getByTestId('entry').last()).toContainText('Said into the gap.', { timeout: 40_000 })
    await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toHaveCount(0)
  })

  for (const [name, off] of [
    ['two minutes behind', -120_000],
    ['a year behind', -365 * 86_400_000],
    ['a year ahead', 365 * 86_400_000],
  ] as const)
    test(`a device whose clock is ${name} signs in, stays signed in, and does not drive the sign-in service`, async ({
      accounts,
      oidc,
    }) => {
      const page = await accounts.page({ before: clockOff(off) })
      await signIn(page, urlOf(accounts), 'dee')
      await startTable(page)
      const renewed = () => oidc.grants.get('refresh_token') ?? 0
      const before = renewed()
      await passed(3 * LIFE_SECONDS * 1_000)
      await say(page, 'Still here.')
      await expect(page.getByTestId('entry').last()).toContainText('Still here.')
      expect((await probe(page)).link).toBe('websocket')
      // At half of each life; three lives would be two dozen at one a second.
      expect(renewed() - before).toBeGreaterThanOrEqual(3)
      expect(renewed() - before).toBeLessThanOrEqual(10)
      await page.reload()
      await expectLive(page)
    })

  test('who signs in as somebody else in another tab does not turn this one into them', async ({ accounts }) => {
    const page = await accounts.page({
      // A tab that missed what the other one told.
      before: (context) => context.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel')),
    })
    await signIn(page, urlOf(accounts), 'dee')
    await startTable(page)
    const other = await page.context().newPage()
    await other.goto(urlOf(accounts))
    await other.getByRole('button', { name: 'Sign out' }).click()
    await other.getByRole('button', { name: 'Sign out' }).click()
    await signIn(other, urlOf(accounts), 'robin')
    await expect(other.getByText('robin', { exact: true })).toBeVisible()
    // By when it asks: after the other one has signed in, or while nobody is.
    const ended = page.getByRole('heading', { name: /^(Somebody else signed in|Your sign-in has ended)$/ })
    await expect(ended).toBeVisible({ timeout: 60_000 })
    await expectAccessible(page, 'somebody else')
    // The provider asks who it is, and does not take the other one for granted.
    await page.getByRole('button', { name: 'Sign in again' }).click()
    await atProvider(page, 'dee')
    await expectLive(page)
    await expect(page.getByText('DM console')).toBeVisible()
  })
})

test('who signs out in another tab is told so, and signs in again where they were', async ({ accounts }) => {
  const page = await accounts.page()
  await signIn(page, urlOf(accounts), 'dee')
  await startTable(page)
  const where = page.url()
  const other = await page.context().newPage()
  await other.goto(urlOf(accounts))
  await other.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'You signed out in another tab' })).toBeVisible()
  await expectAccessible(page, 'signed out elsewhere')
  await other.getByRole('button', { name: 'Sign out' }).click()
  await expect(other.getByText('Sign in to start a table.')).toBeVisible()
  await page.getByRole('button', { name: 'Sign in again' }).click()
  await atProvider(page, 'dee')
  await expectLive(page)
  expect(page.url()).toBe(where)
})

test('what the provider answered leaves the address: a refusal, and a code that could not be used', async ({
  accounts,
  oidc,
}) => {
  const url = urlOf(accounts)
  const page = await accounts.page()
  await page.goto(`${url}/topics`)
  const signInHere = page.getByRole('main').getByRole('button', { name: 'Sign in' })
  await signInHere.click()
  await page.getByRole('link', { name: /Cancel|Abort/ }).click()
  await expect(page.getByRole('alert')).toContainText('Nothing has changed')
  await expect.poll(() => page.url()).toBe(`${url}/topics`)
  await page.reload()
  await expect(page.getByText('Sign in to see and use the topics.')).toBeVisible()

  const tokens = `${oidc.domain}/oauth/token`
  await page.context().route(tokens, (route) => route.abort())
  await signInHere.click()
  await atProvider(page, 'dee')
  await expect(page.getByRole('heading', { name: 'The sign-in service does not answer' })).toBeVisible()
  await expect.poll(() => page.url()).toBe(`${url}/topics`)
  await page.context().unroute(tokens)
  await expect(page.getByRole('heading', { name: 'Topics' })).toBeVisible({ timeout: 60_000 })
  await expect(
    page
      .getByLabel('Name of the topic')
      .or(page.getByRole('button', { name: /key/i }))
      .first(),
  ).toBeVisible()
})

test('another provider is noticed at once, by a page that is open and by one that comes', async ({
  accounts,
  oidc,
}) => {
  const url = urlOf(accounts)
  const page = await accounts.page()
  await signIn(page, url, 'dee')
  await startTable(page)
  const other = await page.context().newPage()
  await other.goto(url)
  await expect(other.getByRole('button', { name: 'Sign out' })).toBeVisible()
  await using next = await startOidc({ application: url, clientId: 'another-table' })
  await accounts.server.kill()
  // The old one answers nobody any more; waiting for it would take a minute.
  oidc.goAway('hangs')
  accounts.server.configure(next.environment)
  await accounts.server.start()
  const from = Date.now()
  await other.reload()
  await expect(other.getByText('Sign in to start a table.')).toBeVisible({ timeout: 90_000 })
  test.info().annotations.push({ type: 'noticed by a page that comes', description: `${Date.now() - from} ms` })
  expect(Date.now() - from).toBeLessThan(25_000)
  oidc.comeBack()
  await expect(page.getByText('This table uses another sign-in service by now.')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Sign in again' }).click()
  await expect(page.getByPlaceholder('Enter any login')).toBeVisible()
  expect(page.url().startsWith(next.domain)).toBe(true)
})

test('where a browser keeps nothing, somebody who wants to sign in is told what to allow', async ({ accounts }) => {
  const page = await accounts.page({
    before: (context) =>
      context.addInitScript(() => {
        for (const name of ['localStorage', 'sessionStorage'])
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException('Access is denied for this document.', 'SecurityError')
            },
          })
      }),
  })
  await page.goto(urlOf(accounts))
  await page.getByRole('button', { name: 'Sign in' }).first().click()
  await expect(page.getByText('Allow cookies and site data for this address')).toBeVisible()
  await page.getByRole('button', { name: 'Go on without' }).click()
  await expect(page.getByText('Sign in to start a table.')).toBeVisible()
})
