// Accounts stay signed in through sleep, an absent sign-in service, wrong clocks, other tabs and another provider.
import { type OidcProvider, startOidc } from '@tablecast/testing'
import type { Page, Response } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { atProvider, expect, signIn, startTable, test, urlOf } from './accounts.ts'
import { refuseRequests } from './routes.ts'
import { clockOff, probe, say, ownProcess } from './table.ts'

const LIFE_SECONDS = 5
/** The server takes a token for this long after its end. */
const TOLERANCE_SECONDS = 5
/** More than the longest time between two tries of a page that waits for the sign-in service. */
const LONGEST_RETRY_MS = 6_000
const YEAR_MS = 365 * 86_400_000

/** Stops the page's script, as closing a laptop's lid does. Returns the function that lets it go on. */
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

async function expectWaiting(page: Page): Promise<void> {
  await expect(page.getByTestId('connection')).toHaveText('Signing in again…', { timeout: 40_000 })
  await expect(page.getByText('The sign-in service does not answer')).toBeVisible()
}

async function expectSignedInAgain(page: Page): Promise<void> {
  await expectLive(page)
  await expect(page.getByText('The sign-in service does not answer')).toBeHidden()
}

/**
 * Right after a renewal, so that none is cut in the middle: its refresh token would be used up with the answer lost, and the provider
 * takes the next use for theft.
 */
async function goAway(oidc: OidcProvider, how: 'refuses' | 'hangs', page: Page): Promise<void> {
  const isTokenAnswer = (response: Response) => response.url() === `${oidc.domain}/oauth/token`
  const answer = await page.context().waitForEvent('response', { predicate: isTokenAnswer, timeout: 40_000 })
  await answer.finished()
  oidc.goAway(how)
}

/** Counts, from now on, how often this page asks for a new token. */
function countRenewals(page: Page, provider: string): () => number {
  let count = 0
  page.context().on('request', (request) => {
    const isRenewal = request.url() === `${provider}/oauth/token` && request.postData()?.includes('refresh_token')
    if (isRenewal) count += 1
  })
  return () => count
}

test.describe('with access tokens that live for seconds', () => {
  test.use({ accessTokenSeconds: LIFE_SECONDS })

  test('a player whose device slept past the end of the token goes on where they were', async ({ accounts }) => {
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
    await passed((LIFE_SECONDS + TOLERANCE_SECONDS + 1) * 1_000)
    await say(dm, 'Said while Robin slept.')
    await wake()
    await expect(player.getByTestId('entry').last()).toContainText('Said while Robin slept.', { timeout: 40_000 })
    await expectLive(player)
    await expect(player.getByRole('textbox', { name: 'Say or act' })).toHaveValue('I was about to')
    await player.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByTestId('entry').last()).toContainText('I was about to')
    expect((await probe(player)).healed).toBe(0)
  })

  test('a page keeps the story in view and its calls waiting until the sign-in service is back', async ({
    accounts,
    oidc,
  }) => {
    const page = await accounts.page()
    await signIn(page, urlOf(accounts), 'dee')
    await startTable(page)
    await say(page, 'Before.')
    const newest = page.getByTestId('entry').last()

    await test.step('while the service refuses connections', async () => {
      await goAway(oidc, 'refuses', page)
      await expectWaiting(page)
      await expect(newest).toContainText('Before.')
      await expectAccessible(page, 'waiting for the sign-in service')
      await passed(LONGEST_RETRY_MS)
      // A call that is made while there is no token is answered when there is one again.
      await page.getByRole('combobox', { name: 'Message' }).fill('Said into the gap.')
      await page.getByRole('button', { name: 'Send' }).click()
      await passed(1_000)
      oidc.comeBack()
      await expect(newest).toContainText('Said into the gap.', { timeout: 40_000 })
      await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toHaveCount(0)
      await expectSignedInAgain(page)
    })

    await test.step('while the service takes connections and answers nothing', async () => {
      await goAway(oidc, 'hangs', page)
      await expectWaiting(page)
      await expect(newest).toContainText('Said into the gap.')
      await expectAccessible(page, 'waiting for the sign-in service')
      await passed(LONGEST_RETRY_MS)
      oidc.comeBack()
      await expectSignedInAgain(page)
      await say(page, 'After.')
      await expect(newest).toContainText('After.')
    })
  })

  test('devices with wrong clocks sign in, stay signed in, and renew no more often than others', async ({
    accounts,
    oidc,
  }) => {
    const clocks = { 'two minutes behind': -120_000, 'a year behind': -YEAR_MS, 'a year ahead': YEAR_MS }
    const devices = []
    for (const [name, off] of Object.entries(clocks)) {
      const page = await accounts.page({ before: clockOff(off) })
      await signIn(page, urlOf(accounts), name)
      await startTable(page)
      devices.push({ name, page, renewals: countRenewals(page, oidc.domain), from: Date.now() })
    }
    await passed(3 * LIFE_SECONDS * 1_000)
    for (const { name, page, renewals, from } of devices) {
      await say(page, 'Still here.')
      await expect(page.getByTestId('entry').last()).toContainText('Still here.')
      expect((await probe(page)).link, name).toBe('websocket')
      // Half of a life apart; a device that believes its clock asks once a second.
      const halfLives = (Date.now() - from) / (LIFE_SECONDS * 500)
      expect(renewals(), name).toBeGreaterThanOrEqual(3)
      expect(renewals(), name).toBeLessThanOrEqual(halfLives + 2)
      await page.reload()
      await expectLive(page)
    }
  })

  test('signing in as somebody else in another tab does not change whose page this one is', async ({ accounts }) => {
    const page = await accounts.page({
      // Without channels the tab misses the other one's message.
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
    // The heading depends on when the page asks: after the other person has signed in, or while nobody is signed in.
    const ended = page.getByRole('heading', { name: /^(Somebody else signed in|Your sign-in has ended)$/ })
    await expect(ended).toBeVisible({ timeout: 60_000 })
    await expectAccessible(page, 'somebody else')
    // The provider has to ask for the person, and must not assume the other one.
    await page.getByRole('button', { name: 'Sign in again' }).click()
    await atProvider(page, 'dee')
    await expectLive(page)
    await expect(page.getByText('DM console')).toBeVisible()
  })
})

test('signing out in another tab is announced, and signing in again returns to the same page', async ({ accounts }) => {
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

test('the address keeps nothing of the provider’s answer, neither a refusal nor an unused code', async ({
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

  const tokens = await refuseRequests(page.context(), `${oidc.domain}/oauth/token`)
  await signInHere.click()
  await atProvider(page, 'dee')
  await expect(page.getByRole('heading', { name: 'The sign-in service does not answer' })).toBeVisible()
  await expect.poll(() => page.url()).toBe(`${url}/topics`)
  tokens.allow()
  await expect(page.getByRole('heading', { name: 'Topics' })).toBeVisible({ timeout: 60_000 })
  await expect(
    page
      .getByLabel('Name of the topic')
      .or(page.getByRole('button', { name: /key/i }))
      .first(),
  ).toBeVisible()
})

test(
  'a page notices within seconds that the server uses another provider, whether it was open or just loaded',
  ownProcess,
  async ({ accounts, oidc }) => {
    const url = urlOf(accounts)
    const page = await accounts.page()
    await signIn(page, url, 'dee')
    await startTable(page)
    const other = await page.context().newPage()
    await other.goto(url)
    await expect(other.getByRole('button', { name: 'Sign out' })).toBeVisible()
    await using next = await startOidc({ application: url, clientId: 'another-table' })
    await accounts.server.kill()
    // The old provider answers nobody any more. Waiting for it would take a minute.
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
  },
)

test('the page says what a browser that keeps nothing has to allow before somebody can sign in', async ({
  accounts,
}) => {
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
