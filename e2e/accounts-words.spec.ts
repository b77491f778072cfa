// Signing in, the account and signing out on a phone, with names and messages that no layout expects.
import type { Page, Route } from '@playwright/test'
import { atProvider, expect, signIn, test, urlOf } from './accounts.ts'
import { phone } from './table.ts'
import { fits, hostileWords, tooWide } from './too-wide.ts'

/** The longest name that an account can have. */
const nameOf = (text: string) => text.slice(0, 60)

async function expectFits(page: Page, what: string, inView: readonly string[] = []): Promise<void> {
  expect([what, await tooWide(page)]).toEqual([what, fits])
  for (const name of inView) await expect(page.getByRole('button', { name }).first(), what).toBeInViewport({ ratio: 1 })
}

test('a phone shows an account with any words as its name, from signing in to signing out', async ({ accounts }) => {
  test.slow()
  const url = urlOf(accounts)
  for (const [what, text] of Object.entries(hostileWords)) await test.step(what, () => signInAndOut(nameOf(text)))

  async function signInAndOut(name: string): Promise<void> {
    const page = await accounts.page({ view: phone })
    await page.goto(url)
    await expect(page.getByText('Sign in to start a table.')).toBeVisible()
    await expectFits(page, 'nobody is signed in', ['Sign in'])

    await signIn(page, url, name)
    await expectFits(page, 'signed in', ['Sign out', `Your name: ${name}`])
    await page.getByRole('button', { name: `Your name: ${name}` }).click()
    await page.getByRole('textbox', { name: 'Your name' }).first().press('End')
    await page.keyboard.press('Backspace')
    await expectFits(page, 'taking another name', ['Rename'])
    await page.keyboard.press('Escape')

    await page.getByRole('textbox', { name: 'Name of the table' }).fill(name)
    await page.getByRole('button', { name: 'Start as DM' }).click()
    await expect(page.getByRole('button', { name: 'Create and open' })).toBeVisible()
    await expectFits(page, 'a table of the account')
    const other = await page.context().newPage()
    await other.goto(url)
    await expect(other.getByRole('heading', { name: 'Your tables' })).toBeVisible()
    await expectFits(other, 'the tables of the account')

    await other.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { name: 'You signed out in another tab' })).toBeVisible()
    await expectFits(page, 'signed out in another tab', ['Sign in again', 'Go on without'])
    await other.getByRole('button', { name: 'Sign out' }).click()
    await expect(other.getByText('Sign in to start a table.')).toBeVisible()
    await expectFits(other, 'signed out', ['Sign in'])
    await page.context().close()
  }
})

test('a name is cut between two characters, never within one', async ({ accounts }) => {
  const page = await accounts.page({ view: phone })
  // The sixtieth place falls into a dragon.
  await signIn(page, urlOf(accounts), `x${'🐉'.repeat(40)}`)
  await expect(page.getByRole('button', { name: `Your name: x${'🐉'.repeat(29)}`, exact: true })).toBeVisible()
})

test('a phone shows each reason of the sign-in service in whole, also one that is a single long word', async ({
  accounts,
  oidc,
}) => {
  const url = urlOf(accounts)
  const page = await accounts.page({ view: phone })
  const authorize = `${oidc.domain}/authorize?*`
  for (const [what, text] of Object.entries(hostileWords)) {
    const refuse = async (route: Route) => {
      const state = new URL(route.request().url()).searchParams.get('state') ?? ''
      const answer = new URLSearchParams({ error: 'consent_required', error_description: text, state })
      const body = `<script>location.replace(${JSON.stringify(`${url}/?${answer.toString()}`)})</script>`
      await route.fulfill({ contentType: 'text/html', body })
    }
    await page.route(authorize, refuse)
    await page.goto(url)
    await page
      .getByRole('button', { name: /^Sign in/ })
      .first()
      .click()
    await expect(page.getByText(`The sign-in service says: ${text}`)).toBeVisible()
    await expectFits(page, what, ['Sign in again', 'Go on without'])
    await page.getByRole('button', { name: 'Go on without' }).click()
    await expect(page.getByText('Sign in to start a table.')).toBeVisible()
    await page.unroute(authorize)
  }
})

test('a phone shows that signing in waits for the server, and for the service', async ({ accounts, oidc }) => {
  const url = urlOf(accounts)
  const page = await accounts.page({ view: phone })
  await page.context().route(/auth\.account/, (route) => route.abort())
  await page.goto(url)
  await page
    .getByRole('button', { name: /^Sign in/ })
    .first()
    .click()
  await atProvider(page, nameOf(hostileWords['an unbreakable word']))
  await expect(page.getByRole('heading', { name: 'Signing in takes longer' })).toBeVisible({ timeout: 40_000 })
  await expectFits(page, 'the server does not answer', ['Go on without'])
  await page.context().unroute(/auth\.account/)
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible({ timeout: 40_000 })
  oidc.goAway('refuses')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'The sign-in service does not answer' })).toBeVisible({
    timeout: 60_000,
  })
  await expectFits(page, 'the service does not answer', ['Try now', 'Go on without'])
  oidc.comeBack()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible({ timeout: 60_000 })
})

test.describe('with access tokens that live for seconds', () => {
  test.use({ accessTokenSeconds: 5 })
  test('a phone names the person, with any words, whose place another account took', async ({ accounts }) => {
    test.slow()
    for (const text of Object.values(hostileWords)) {
      const page = await accounts.page({ view: phone })
      const name = nameOf(text)
      await signIn(page, urlOf(accounts), name)
      // The server answers as if another account had signed in.
      await page.context().route(/auth\.me/, async (route) => {
        const response = await route.fetch()
        const body = (await response.text()).replace(/"userId":"[^"]*"/, '"userId":"somebody-else"')
        await route.fulfill({ response, body })
      })
      await expect(page.getByRole('heading', { name: 'Somebody else signed in' })).toBeVisible({ timeout: 40_000 })
      await expect(page.getByText(name)).toBeVisible()
      // A name from right to left keeps to itself: the sentence around it is read from the left.
      await expect(page.locator('bdi')).toHaveText(name)
      await expectFits(page, 'another account', ['Sign in again', 'Go on without'])
      await page.context().close()
    }
  })
})
