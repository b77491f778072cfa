// Notices on a phone: the switches, the server as `pnpm build` leaves it with a push service of the test's own, and the worker that shows them.
import { httpClient, newKey } from '@tablecast/server/testing/testbed'
import { startPushService } from '@tablecast/testing'
import type { BrowserContext, Page, Worker } from '@playwright/test'
import { expectAccessibleInBothThemes } from './accessible.ts'
import { expectFitForEyes } from './enlarged.ts'
import { TestServer } from './server.ts'
import { desktop, expect, phone, pressInHeader, Table, test, type View } from './table.ts'
import { fits, tooWide } from './too-wide.ts'

const tablet: View = { width: 820, height: 1180 }
const small: View = { width: 360, height: 740 }
const roomId = 'main'

type Subscription = { endpoint: string; keys: { p256dh: string; auth: string } }

/** Chromium without a window has no push service and shows no notices, so the page gets these in place of the browser's. */
const withSubscription = (subscription: Subscription) => (context: BrowserContext) =>
  context.addInitScript(({ endpoint, keys }) => {
    const state = { key: null as ArrayBuffer | null, asked: 0 }
    Object.assign(window, { pushState: state })
    Object.defineProperty(Notification, 'permission', { get: () => (state.asked > 0 ? 'granted' : 'default') })
    const made = () => ({
      endpoint,
      options: { applicationServerKey: state.key },
      toJSON: () => ({ endpoint, keys }),
      unsubscribe: () => {
        state.key = null
        return Promise.resolve(true)
      },
    })
    Notification.requestPermission = () => {
      state.asked += 1
      return Promise.resolve('granted')
    }
    PushManager.prototype.getSubscription = () =>
      Promise.resolve((state.key ? made() : null) as unknown as PushSubscription | null)
    PushManager.prototype.subscribe = (options) => {
      const key = options?.applicationServerKey
      if (typeof key !== 'string') throw new TypeError('the page gives the key as text')
      const text = key.replaceAll('-', '+').replaceAll('_', '/')
      state.key = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer
      return Promise.resolve(made() as unknown as PushSubscription)
    }
  }, subscription)

/** The times at which the browser was asked for permission. */
const asked = (page: Page) =>
  page.evaluate(() => (window as unknown as { pushState: { asked: number } }).pushState.asked)

const tokenOf = (page: Page) =>
  page.evaluate(() => (JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }).token)

/** As the browser tells the page when somebody looks at another app. */
const hide = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true })
    Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })

type Shown = { title: string; body: string; tag: string }
/** The parts of a worker's scope that this test uses. The types of a page do not know them. */
type Scope = {
  shown: Map<string, Shown & { data: unknown }>
  opened: string[]
  registration: object
  clients: object
  dispatchEvent(event: Event): boolean
}

/** Keeps what the worker shows, the newest with each tag as browsers do, and the addresses that it opens. */
const keepShown = (worker: Worker) =>
  worker.evaluate(() => {
    const scope = globalThis as unknown as Scope
    scope.shown = new Map()
    scope.opened = []
    Object.assign(scope.registration, {
      showNotification(title: string, { body, tag, data }: { body: string; tag: string; data: unknown }) {
        scope.shown.set(tag, { title, body, tag, data })
        return Promise.resolve()
      },
    })
    Object.assign(scope.clients, {
      openWindow(url: string) {
        scope.opened.push(url)
        return Promise.resolve(null)
      },
    })
  })

const shownBy = (worker: Worker): Promise<Shown[]> =>
  worker.evaluate(() =>
    Array.from((globalThis as unknown as Scope).shown.values(), ({ title, body, tag }) => ({ title, body, tag })),
  )

/** Resolves with the addresses that the worker has opened by then. */
const tap = (worker: Worker, tag: string) =>
  worker.evaluate((tagged) => {
    const scope = globalThis as unknown as Scope
    const notification = { ...scope.shown.get(tagged), close: () => void scope.shown.delete(tagged) }
    const event = Object.assign(new Event('notificationclick'), { notification, waitUntil: () => {} })
    scope.dispatchEvent(event)
    return new Promise<string[]>((resolve) => {
      const look = () => void (scope.opened.length > 0 ? resolve(scope.opened) : setTimeout(look, 20))
      look()
    })
  }, tag)

test('a phone gets a notice of a turn while its page is hidden, and a tap leads to the table', async ({
  browser,
}, info) => {
  await using service = await startPushService('localhost')
  const device = service.device('phone')
  const server = await TestServer.start({ PUSH_SERVICES: service.setting, NODE_EXTRA_CA_CERTS: service.caFile })
  const table = new Table(server, browser)
  const dm = await table.dm()
  const player = await table.player({
    view: phone,
    serviceWorkers: 'allow',
    before: withSubscription(device.subscription),
  })
  const shot = (name: string) => player.screenshot({ path: info.outputPath(`${name}.png`) })
  await player.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))

  // Off until somebody turns it on, and nobody is asked before that.
  await pressInHeader(player, 'Notices')
  const dialog = player.getByRole('dialog', { name: 'Notices' })
  const myTurn = dialog.getByRole('switch', { name: 'Tell this device when it’s my turn' })
  const opens = dialog.getByRole('switch', { name: 'Tell this device when the table opens' })
  await expect(myTurn).toBeEnabled()
  await expect(myTurn).not.toBeChecked()
  await expect(opens).not.toBeChecked()
  expect(await asked(player)).toBe(0)
  await shot('off-390')
  await myTurn.press('Space')
  await expect(myTurn).toBeChecked()
  expect(await asked(player)).toBe(1)

  // Another device of the same person, with a long name.
  const http = httpClient(server.url, await tokenOf(player))
  const name = 'W'.repeat(60)
  const other = { key: newKey(), subscription: service.device('tablet').subscription, name, turn: false, opens: true }
  await http.push.subscribe.mutate(other)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await pressInHeader(player, 'Notices')
  await expect(myTurn).toBeChecked()
  await expect(dialog.getByRole('listitem')).toContainText('the table opens')
  for (const [view, words] of [
    [phone, '390'],
    [small, '360'],
    [tablet, '820'],
    [desktop, '1440'],
  ] as const) {
    await player.setViewportSize(view)
    await shot(`on-${words}`)
    expect(await tooWide(player), words).toEqual(fits)
  }
  await player.setViewportSize(phone)
  await expectAccessibleInBothThemes(player, 'the notices of a phone')
  await expectFitForEyes(player, 'the notices of a phone')
  await dialog.getByRole('button', { name: `Remove ${name}` }).click()
  await expect(dialog.getByRole('listitem')).toHaveCount(0)
  await player.keyboard.press('Escape')

  // The player looks elsewhere, and the turn comes.
  const dms = httpClient(server.url, await tokenOf(dm))
  const { userId } = await http.auth.me.query()
  const active = (await dms.campaign.list.query({ roomId })).campaigns.find((campaign) => campaign.active)
  const campaignId = active?.id ?? ''
  const { state } = await dms.campaign.get.query({ roomId, campaignId })
  const hero = state.characters.find(({ visible }) => visible)
  const pass = async (current: string | null) => {
    const { campaign: now } = await dms.campaign.get.query({ roomId, campaignId })
    const patch = {
      characters: { upsert: [{ id: hero?.id ?? '', ownerId: userId }] },
      turn: { round: 1, order: [hero?.id ?? ''], current },
    }
    await dms.campaign.edit.mutate({ roomId, campaignId, key: newKey(), baseVersion: now.version, patch })
  }
  await pass(null)
  await hide(player)
  await pass(hero?.id ?? '')
  const content = { kind: 'turn', roomId, room: 'The sample table' }
  await expect.poll(() => device.notices(), { timeout: 20_000 }).toEqual([content])

  // The worker shows nothing over the page of the table, and shows it anywhere else.
  const deliver = async (notice: object) => {
    const cdp = await player.context().newCDPSession(player)
    const registered = new Promise<string>((resolve) =>
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations
        if (first) resolve(first.registrationId)
      }),
    )
    await cdp.send('ServiceWorker.enable')
    const registrationId = await registered
    await cdp.send('ServiceWorker.deliverPushMessage', {
      origin: server.url,
      registrationId,
      data: JSON.stringify(notice) + ' '.repeat(64),
    })
    await cdp.detach()
  }
  const [worker] = player.context().serviceWorkers()
  if (!worker) throw new Error('the page has no worker')
  await keepShown(worker)
  await deliver(content)
  await player.goto(`${server.url}/more`)
  await expect(player.getByRole('heading', { level: 1 })).toBeVisible()
  await deliver({ kind: 'poll', roomId, room: 'A newer server' })
  await deliver({ kind: 'opens', roomId, room: 'The sample table' })
  const opened = { title: 'The sample table', body: 'The table is open.', tag: `opens ${roomId}` }
  await expect.poll(() => shownBy(worker)).toEqual([opened])
  await deliver(content)
  await deliver(content)
  const turn = { title: 'The sample table', body: 'It’s your turn.', tag: `turn ${roomId}` }
  await expect.poll(() => shownBy(worker)).toEqual([opened, turn])
  expect(await tap(worker, turn.tag)).toEqual([`/r/${roomId}`])
  expect(await shownBy(worker)).toEqual([opened])

  // The push service gives the browser another address. The worker has no session, and hands it on all the same.
  const idsOf = async () => (await http.push.devices.query()).devices.map(({ id }) => id)
  const [before] = await idsOf()
  const renewed = service.device('renewed')
  await worker.evaluate(
    ([old, now]) => {
      const [oldSubscription, newSubscription] = [{ toJSON: () => old }, { toJSON: () => now }]
      const event = new Event('pushsubscriptionchange')
      const scope = globalThis as unknown as Scope
      scope.dispatchEvent(Object.assign(event, { oldSubscription, newSubscription, waitUntil: () => {} }))
    },
    [device.subscription, renewed.subscription] as const,
  )
  await expect.poll(async () => (await idsOf())[0] !== before).toBe(true)
  expect(await idsOf()).toHaveLength(1)
  await table.close()
  await server.stop()
})

test('a page says why it offers no notices', async ({ table }, info) => {
  const dm = await table.dm({
    view: phone,
    before: async (context) => {
      await context.addInitScript(() => {
        Object.defineProperty(window, 'isSecureContext', { get: () => false })
      })
    },
  })
  await pressInHeader(dm, 'Table settings')
  const dialog = dm.getByRole('dialog', { name: 'The table' })
  await expect(dialog.getByRole('status')).toContainText('Notices need https.')
  await expect(dialog.getByRole('switch', { name: 'Tell this device when the table opens' })).toBeDisabled()
  await dm.screenshot({ path: info.outputPath('insecure-390.png') })
})
