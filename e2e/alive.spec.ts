// Pages come back by themselves from dead connections and after restarts.
import type { Page } from '@playwright/test'
import { TcpProxy } from '@tablecast/testing'
import { TestServer } from './server.ts'
import { expect, probe, say, Table, test as base, withoutWebSockets, ownProcess } from './table.ts'

/** One server at two addresses: its own, and one behind a network that the test controls. */
const test = base.extend<{ far: { table: Table; network: TcpProxy; url: string } }>({
  far: async ({ browser, host }, use) => {
    const ports: number[] = []
    await using network = await TcpProxy.listen({ route: () => ports })
    const url = `http://127.0.0.1:${network.port}`
    const server = await TestServer.start({ ALLOWED_ORIGINS: url }, { host })
    ports.push(server.port)
    const table = new Table(server, browser)
    await use({ table, network, url })
    await table.close()
    await server.stop()
  },
})

const pill = (page: Page) => page.getByTestId('connection')

async function playerAt(table: Table, url: string): Promise<Page> {
  const page = await table.page()
  await page.goto(url)
  await page.getByRole('button', { name: 'Open the sample as player' }).click()
  await expect(page.getByRole('log').first()).toBeVisible()
  await expect(pill(page)).toHaveText('Live')
  return page
}

/** Measures the time for the report. The bound leaves room for a busy machine. */
async function within(ms: number, what: string, happens: Promise<unknown>): Promise<void> {
  const from = Date.now()
  await happens
  const took = Date.now() - from
  test.info().annotations.push({ type: what, description: `${took} ms` })
  expect(took, what).toBeLessThan(ms)
}

test('a network that swallows everything is shown to the player and the DM, and both come back after it', async ({
  far: { table, network, url },
}) => {
  const dm = await table.dm()
  const player = await playerAt(table, url)
  const roster = dm.getByRole('group', { name: 'A player' })
  await expect(roster).toContainText('in sync')
  network.freeze()
  await Promise.all([
    // Promised: 10 s, and 12 s.
    within(16_000, 'the DM sees it', expect(roster).toContainText('lost', { timeout: 40_000 })),
    within(20_000, 'the player sees it', expect(pill(player)).not.toHaveText('Live', { timeout: 60_000 })),
  ])
  await say(dm, 'Said into the silence.')
  network.thaw()
  await within(12_000, 'the player is back', expect(pill(player)).toHaveText('Live', { timeout: 40_000 }))
  await expect(player.getByTestId('entry').last()).toContainText('Said into the silence.')
  await expect(roster).toContainText('in sync')
  await table.expectInStep(dm, [player])
})

const returns = {
  'the page is looked at again': () => document.dispatchEvent(new Event('visibilitychange')),
  'the page is shown again': () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
  'the window is clicked': () => dispatchEvent(new Event('focus')),
  'the network changes': () => dispatchEvent(new Event('online')),
}

test('a page replaces a dead connection at once when somebody returns to it or the network changes', async ({
  far: { table, network, url },
}) => {
  const dm = await table.dm()
  const player = await playerAt(table, url)
  const opened: string[] = []
  player.on('websocket', (socket) => opened.push(socket.url()))
  for (const [name, returning] of Object.entries(returns))
    await test.step(name, async () => {
      const before = opened.length
      // As after a change of Wi-Fi: connections that were open lead nowhere, new ones get through.
      const dead = [...network.connections]
      for (const connection of dead) connection.freeze()
      const words = `Unheard before ${name}.`
      await say(dm, words)
      await player.evaluate(returning)
      const unheard = player.getByTestId('entry').filter({ hasText: words })
      // Promised: 2 s for the answer, then a new connection. Ten seconds of silence would also find it.
      await within(9_000, `caught up: ${name}`, expect(unheard).toBeVisible({ timeout: 60_000 }))
      expect(opened.length - before).toBe(1)
      await table.expectInStep(dm, [player])
      // A browser opens only a few connections to a server: dead ones must not use them up.
      for (const connection of dead) connection.cut()
    })
})

test('asking a live connection whether it answers changes nothing on the page', async ({ far: { table, url } }) => {
  const player = await playerAt(table, url)
  const frames: string[] = []
  const opened: string[] = []
  player.on('websocket', (socket) => opened.push(socket.url()))
  await player.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const pill = document.querySelector('[data-testid=connection]')
    if (pill)
      new MutationObserver(() => seen.push(pill.textContent ?? '')).observe(pill, {
        childList: true,
        subtree: true,
        characterData: true,
      })
  })
  for (let round = 0; round < 20; round++) {
    await player.evaluate(() => {
      document.dispatchEvent(new Event('visibilitychange'))
      dispatchEvent(new Event('focus'))
    })
    frames.push((await probe(player)).link)
  }
  await expect.poll(async () => (await probe(player)).link).toBe('websocket')
  expect(new Set(frames)).toEqual(new Set(['websocket']))
  expect(await player.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([])
  expect(opened).toEqual([])
})

test('a dead SSE stream is noticed by the player’s page and by the server', async ({
  far: { table, network, url },
}) => {
  const dm = await table.dm()
  const player = await table.page({
    before: withoutWebSockets,
  })
  await player.goto(url)
  await player.getByRole('button', { name: 'Open the sample as player' }).click()
  await expect(pill(player)).toHaveText('Live over SSE')
  const roster = dm.getByRole('group', { name: 'A player' })
  await expect(roster).toContainText('in sync')
  network.freeze()
  await Promise.all([
    within(16_000, 'the DM sees it', expect(roster).toContainText('lost', { timeout: 60_000 })),
    within(20_000, 'the player sees it', expect(pill(player)).not.toHaveText('Live over SSE', { timeout: 60_000 })),
  ])
  network.thaw()
  await expect(pill(player)).toHaveText(/^Live/, { timeout: 40_000 })
  await expect(roster).toContainText('in sync')
})

test('every live page is back within seconds of a server that was down for long', ownProcess, async ({ table }) => {
  test.slow()
  const { server } = table
  const dm = await table.dm()
  const player = await table.player()
  const market = await table.page()
  await market.goto(`${server.url}/market`)
  const signals = await table.page()
  await signals.goto(`${server.url}/signals`)
  const pages = [dm, player, market, signals]
  for (const page of pages) await expect(pill(page)).toHaveText('Live')
  for (let round = 0; round < 2; round++) {
    await server.kill()
    for (const page of pages) await expect(pill(page)).toContainText('Reconnecting')
    // After this time a page with backoff alone would wait for a quarter of a minute.
    const from = Date.now()
    await expect.poll(() => Date.now() - from, { timeout: 60_000, intervals: [500] }).toBeGreaterThan(20_000)
    await server.start()
    // Promised: 3 s.
    await Promise.all(
      pages.map((page, place) =>
        within(6_000, `page ${place} is back`, expect(pill(page)).toHaveText('Live', { timeout: 30_000 })),
      ),
    )
  }
  await table.expectInStep(dm, [player])
})
