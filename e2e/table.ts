// A table for a test: its server, its DM and its players, each in a browser context of their own.
import { type CampaignState, playerView, stateHash } from '@tablecast/contracts'
import { httpClient, newKey, type SocketClient, socketClient } from '@tablecast/server/testing/clients'
import { type Browser, type BrowserContext, expect, type Locator, test as base, type Page } from '@playwright/test'
import { TestServer } from './server.ts'
import { ServerHost } from './server-host.ts'

type Probe = {
  audience: string
  link: string
  epoch: string | null
  seq: number
  hash: string | null
  entries: string[]
  healed: number
  received: number
}
export type View = { width: number; height: number }
export const desktop: View = { width: 1440, height: 900 }
export const phone: View = { width: 390, height: 844 }
export const tablet: View = { width: 820, height: 1180 }
/** A phone on its side. */
export const lying: View = { width: 844, height: 390 }

/** Every test begins with it, and on a machine with much to do several begin at once. */
const OPENING_TIMEOUT_MS = 45_000

/** The scene in words, beside the story of a player's page. The picture of the scene has its first line too. */
export const sceneOf = (player: Page) => player.getByRole('complementary', { name: 'Scene and story' })

export class Table {
  readonly server: TestServer
  readonly #browser: Browser
  readonly #contexts: BrowserContext[] = []
  readonly #withoutPage: SocketClient[] = []

  constructor(server: TestServer, browser: Browser) {
    this.server = server
    this.#browser = browser
  }

  async page(
    options: {
      view?: View
      scheme?: 'dark' | 'light'
      serviceWorkers?: 'allow'
      before?: (context: BrowserContext) => Promise<unknown>
    } = {},
  ): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: options.view ?? desktop,
      colorScheme: options.scheme ?? 'dark',
      ...(options.serviceWorkers ? { serviceWorkers: options.serviceWorkers } : {}),
    })
    this.#contexts.push(context)
    await options.before?.(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => {
      throw error
    })
    page.on('console', (message) => {
      // Our pages must obey the policy that they are served with. Pages of others are not ours to judge.
      const isOurs = URL.parse(page.url())?.port === String(this.server.port)
      if (isOurs && message.text().includes('Content Security Policy')) throw new Error(message.text())
    })
    return page
  }

  async dm(options: Parameters<Table['page']>[0] = {}): Promise<Page> {
    const page = await this.page(options)
    await this.#open(page, 'dm')
    return page
  }

  async player({ name, ...options }: { name?: string } & Parameters<Table['page']>[0] = {}): Promise<Page> {
    const page = await this.page(options)
    await this.#open(page, 'player', name)
    return page
  }

  /** Opens the sample in a page that a test has prepared. */
  async openAsPlayer(page: Page): Promise<void> {
    await this.#open(page, 'player')
  }

  /** Opens the page of a guest who joins by the link that the DM's page shows. */
  async guest(dm: Page, name: string, options: Parameters<Table['page']>[0] = {}): Promise<Page> {
    const link = await this.invite(dm)
    const page = await this.page(options)
    await page.goto(link)
    await page.getByRole('textbox', { name: 'Your name' }).fill(name)
    await page.getByRole('button', { name: 'Join the table' }).click()
    await expect(page.getByRole('log').first()).toBeVisible({ timeout: OPENING_TIMEOUT_MS })
    return page
  }

  /** The link for players. */
  async invite(dm: Page): Promise<string> {
    await pressInHeader(dm, 'Invite')
    const link = await dm.getByRole('textbox', { name: 'Invite link' }).inputValue()
    await dm.getByRole('button', { name: 'Close' }).click()
    return link
  }

  /** The link for players, for tests that are not about the DM's page. */
  async linkForPlayers(): Promise<string> {
    const { sample } = await httpClient(this.server.url).auth.config.query()
    return `${this.server.url}/join/${sample?.playerCode ?? ''}`
  }

  /** A player of the sample who is at the table without a page. */
  async sitDown(name: string): Promise<void> {
    const { url } = this.server
    const { session, roomId } = await this.seat('player', name)
    const client = socketClient(`${url.replace('http', 'ws')}/trpc`, session.token)
    this.#withoutPage.push(client)
    client.trpc.presence.events.subscribe({ roomId }, {})
  }

  /** Joins the sample, as a button of the start page does. A browser keeps `session` as `tablecast.session`. */
  async seat(role: 'dm' | 'player', name = role === 'dm' ? 'The DM' : 'A player') {
    const { url } = this.server
    const { sample } = await httpClient(url).auth.config.query()
    if (!sample) throw new Error('this server has no sample table')
    const session = await httpClient(url).auth.guest.mutate({ name })
    const code = role === 'dm' ? (sample.ownerCode ?? sample.dmCode) : sample.playerCode
    const { room } = await httpClient(url, session.token).rooms.join.mutate({ key: newKey(), code })
    return { session, roomId: room.id, address: `${url}/r/${room.id}${role === 'dm' ? '/dm' : ''}` }
  }

  /**
   * Opens the sample without the start page: its loading takes a quarter of the time of most tests. The tests of the start page press
   * its buttons.
   */
  async #open(page: Page, role: 'dm' | 'player', name?: string): Promise<void> {
    const { session, address } = await this.seat(role, name)
    // A later load of the page finds what the page itself has kept.
    await using _seated = await page.addInitScript((kept) => {
      localStorage.setItem('tablecast.session', kept)
    }, JSON.stringify(session))
    await page.goto(address)
    await expect(page.getByRole('log').first()).toBeVisible({ timeout: OPENING_TIMEOUT_MS })
  }

  /** Checks that each of these pages shows the server's own view for players. Every test ends with it. */
  async expectInStep(dm: Page, players: readonly Page[]): Promise<void> {
    const expected = await this.serverState(dm)
    const hash = expected ? stateHash(playerView(expected.state)) : null
    const told = expected?.entries.filter(({ audience }) => audience === 'all').map(({ id }) => id) ?? []
    for (const player of players) {
      await expect.poll(async () => (await probe(player)).hash).toBe(hash)
      const { entries } = await probe(player)
      expect(new Set(entries).size).toBe(entries.length)
      if (expected) expect(entries.slice(-told.length)).toEqual(told)
    }
  }

  async serverState(dm: Page): Promise<{ state: CampaignState; entries: { id: string; audience: string }[] } | null> {
    const call = (path: string, input: object) =>
      dm.evaluate(
        async ([where, body]) => {
          const { token } = JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }
          const response = await fetch(`/trpc/${where}?input=${encodeURIComponent(body)}`, {
            headers: { authorization: `Bearer ${token}` },
          })
          return ((await response.json()) as { result: { data: unknown } }).result.data
        },
        [path, JSON.stringify(input)] as const,
      )
    const { campaigns } = (await call('campaign.list', { roomId: 'main' })) as {
      campaigns: { id: string; active: boolean }[]
    }
    const active = campaigns.find((campaign) => campaign.active)
    if (!active) return null
    return (await call('campaign.get', { roomId: 'main', campaignId: active.id })) as {
      state: CampaignState
      entries: { id: string; audience: string }[]
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#contexts, ...this.#withoutPage].map((one) => one.close()))
  }
}

/** Plays a proxy that lets no WebSocket through. */
export const withoutWebSockets = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    window.WebSocket = new Proxy(window.WebSocket, {
      // The server has no socket at this path.
      construct: (target, [, protocols]: [string, string[]]) => new target('/nowhere', protocols ?? []),
    })
  })

/** Sets every clock of a page off by `ms`. Its timers run as usual. */
export const clockOff = (ms: number) => (context: BrowserContext) =>
  context.addInitScript((offset) => {
    const Real = Date
    const now = () => Real.now() + offset
    window.Date = new Proxy(Real, {
      construct: (target, given: unknown[]) => Reflect.construct(target, given.length > 0 ? given : [now()]) as object,
      apply: () => new Real(now()).toString(),
      get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
    })
    // The browser expires cookies by the device's clock, too.
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
    Object.defineProperty(Document.prototype, 'cookie', {
      get(this: Document) {
        return String(cookie?.get?.call(this))
      },
      set(this: Document, text: string) {
        const shifted = text.replace(
          /expires=([^;]+)/i,
          (_, at: string) => `expires=${new Real(Real.parse(at) - offset).toUTCString()}`,
        )
        cookie?.set?.call(this, shifted)
      },
    })
  }, ms)

export const probe = (page: Page): Promise<Probe> =>
  page.evaluate(() => (window as unknown as { tablecast(): Probe }).tablecast())

/** Starts a table of one's own with a campaign, from the start page. */
export async function startCampaign(page: Page, campaign: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name of the table' }).fill('Thursday')
  await page.getByRole('textbox', { name: 'Your name' }).first().fill('Dee')
  await page.getByRole('button', { name: 'Start as DM' }).click()
  await page.getByRole('textbox', { name: 'Name of the campaign' }).fill(campaign)
  await page.getByRole('button', { name: 'Create and open' }).click()
  await expect(page.getByRole('heading', { name: campaign })).toBeVisible()
}

/** Presses a button of a DM's header. A phone has most of them behind another one. */
export async function pressInHeader(dm: Page, name: string): Promise<void> {
  const more = dm.getByRole('button', { name: 'More', exact: true })
  const button = dm.getByRole('button', { name, exact: true })
  // A page that still loads shows neither.
  await expect(more.or(button).filter({ visible: true }).first()).toBeVisible()
  if (await more.isVisible()) await more.click()
  await button.click()
}

export async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox()
  if (!box) throw new Error('it is not drawn')
  return box
}

export async function say(dm: Page, message: string): Promise<void> {
  const box = dm.getByRole('combobox', { name: 'Message' })
  await box.fill(message)
  await dm.getByRole('button', { name: 'Send' }).click()
  await expect(box).toHaveValue('')
}

/** The details of a test that ends its server, or looks at its process. */
export const ownProcess = { tag: '@own-process' }

type Fixtures = {
  table: Table
  /** Variables of the server beside the usual ones. */
  environment: Record<string, string>
  /** Opens the test's server; undefined where the server is a process. */
  host: ServerHost | undefined
}

export const test = base.extend<Fixtures, { serverHost: ServerHost }>({
  environment: [{}, { option: true }],
  host: async ({ serverHost }, use, { tags }) => use(tags.includes(ownProcess.tag) ? undefined : serverHost),
  serverHost: [
    // Playwright wants a pattern here, whatever is in it.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const host = new ServerHost()
      await use(host)
      await host.stop()
    },
    { scope: 'worker' },
  ],
  table: async ({ browser, environment, host }, use) => {
    const server = await TestServer.start(environment, { host })
    const table = new Table(server, browser)
    await use(table)
    await table.close()
    await server.stop()
  },
})

export { expect }
