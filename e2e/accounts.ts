// Tables with accounts, signed in at a real OpenID provider in a real browser.
import { freePort, type OidcProvider, startOidc } from '@tablecast/testing'
import type { Page } from '@playwright/test'
import { TestServer } from './server.ts'
import { expect, startCampaign, Table, test as base } from './table.ts'

type Fixtures = { accessTokenSeconds: number; guests: 'on' | 'off'; oidc: OidcProvider; accounts: Table }

export const test = base.extend<Fixtures>({
  accessTokenSeconds: [600, { option: true }],
  guests: ['off', { option: true }],
  // eslint-disable-next-line no-empty-pattern
  oidc: async ({ accessTokenSeconds }, use) => {
    const port = await freePort()
    await using oidc = await startOidc({ application: `http://localhost:${port}`, accessTokenSeconds })
    await use(Object.assign(oidc, { applicationPort: port }))
  },
  accounts: async ({ browser, oidc, guests, host }, use) => {
    const { applicationPort } = oidc as OidcProvider & { applicationPort: number }
    const server = await TestServer.start(
      { ...oidc.environment, GUESTS: guests, PUBLIC_URL: `http://localhost:${applicationPort}` },
      { port: applicationPort, host },
    )
    const table = new Table(server, browser)
    await use(table)
    await table.close()
    await server.stop()
  },
})

/** At the provider: any name and password will do. */
export async function atProvider(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(name)
  await page.getByPlaceholder('and password').fill('secret')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

export async function signIn(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url)
  await page
    .getByRole('button', { name: /^Sign in/ })
    .first()
    .click()
  await atProvider(page, name)
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
}

export async function startTable(page: Page): Promise<string> {
  await startCampaign(page, 'The Long Road')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const link = await page.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await page.getByRole('button', { name: 'Close' }).click()
  return link
}

/** Browsers allow the cryptography of signing in on `localhost`, but not on every IP address. */
export const urlOf = (table: Table): string => table.server.url.replace('127.0.0.1', 'localhost')

export { expect }
