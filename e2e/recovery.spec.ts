import { expect, probe, say, test, ownProcess } from './table.ts'

test(
  'players catch up after the server is killed and restarted, with no gap and no repeat',
  ownProcess,
  async ({ table }) => {
    const dm = await table.dm()
    const players = [await table.player(), await table.player()]
    await say(dm, 'Before the storm.')
    const before = players.map((player) => player.getByTestId('entry').filter({ hasText: 'Before the storm.' }))
    // An acknowledged message is in the log. The kill below must not take it off the pages either.
    for (const entry of before) await expect(entry).toBeVisible()
    for (let round = 0; round < 2; round++) {
      await table.server.kill()
      for (const player of players) await expect(player.getByTestId('connection')).toContainText('Reconnecting')
      // The last state stays on the page.
      for (const entry of before) await expect(entry).toBeVisible()
      await table.server.start()
      await expect(dm.getByTestId('connection')).toHaveText('Live')
      await say(dm, `After the storm ${round}.`)
      for (const player of players)
        await expect(player.getByTestId('entry').last()).toContainText(`After the storm ${round}.`)
    }
    for (const player of players) expect((await probe(player)).healed).toBe(0)
    await table.expectInStep(dm, players)
  },
)

test('a page that was offline keeps its story, catches up, and sums up what was missed', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  const greenDots = player.getByRole('list', { name: 'Who is here' }).locator('.bg-good')
  await expect(greenDots).toHaveCount(2)
  await player.context().setOffline(true)
  await expect(player.getByTestId('connection')).toContainText('Offline since')
  await expect(greenDots).toHaveCount(0)
  const offlineAt = Date.now()
  await say(dm, '/hp Mira -3')
  await say(dm, '/turn next')
  await say(dm, 'You missed this.')
  await expect(player.getByTestId('entry').filter({ hasText: 'You missed this.' })).toHaveCount(0)
  // A shorter break is not summed up.
  await expect.poll(() => Date.now() - offlineAt).toBeGreaterThan(4_000)
  await player.context().setOffline(false)
  await expect(player.getByTestId('connection')).toHaveText('Live')
  await expect(player.getByTestId('entry').filter({ hasText: 'You missed this.' })).toBeVisible()
  const summary = player.getByRole('region', { name: 'While you were away' })
  await expect(summary).toContainText('Mira Ashdown 21 → 18')
  await expect(summary).toContainText('new entries in the story')
  await table.expectInStep(dm, [player])
})

test('a page falls back to SSE and to polling while those are blocked, and returns to WebSockets', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player({
    before: async (context) => {
      // Plays a proxy that lets no WebSocket through.
      await context.addInitScript(() => {
        const Real = window.WebSocket
        const isBlocked = () => localStorage.getItem('test.blocked') !== 'no'
        window.WebSocket = new Proxy(Real, {
          construct: (target, [url, protocols]: [string, string[]]) =>
            new target(isBlocked() ? '/nowhere' : url, protocols ?? []),
        })
      })
    },
  })
  await expect(player.getByTestId('connection')).toHaveText('Live over SSE')
  await say(dm, 'Over SSE.')
  await expect(player.getByTestId('entry').filter({ hasText: 'Over SSE.' })).toBeVisible()

  await player.context().route(/\/trpc\/(campaign|presence)\.events/, (route) => route.abort())
  await player.reload()
  await expect(player.getByTestId('connection')).toHaveText('Polling', { timeout: 40_000 })
  await say(dm, 'By polling.')
  await expect(player.getByTestId('entry').filter({ hasText: 'By polling.' })).toBeVisible()
  await table.expectInStep(dm, [player])
  await expect(dm.getByRole('group', { name: 'A player' })).toContainText(/in sync\s*Polling/)
  await expect(player.getByRole('list', { name: 'Who is here' }).getByRole('listitem')).toHaveCount(2)

  await player.evaluate(() => localStorage.setItem('test.blocked', 'no'))
  await expect(player.getByTestId('connection')).toHaveText('Live', { timeout: 60_000 })
  await say(dm, 'Back on top.')
  await expect(player.getByTestId('entry').filter({ hasText: 'Back on top.' })).toBeVisible()
  await table.expectInStep(dm, [player])
})

test('a player who joins late can read the whole story, page by page', async ({ table }) => {
  const dm = await table.dm()
  await dm.evaluate(async () => {
    const { token } = JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }
    for (let count = 0; count < 70; count++)
      await fetch('/trpc/campaign.say', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ roomId: 'main', key: `e2e-key-${count}`, message: `Page ${count}.` }),
      })
  })
  const player = await table.player()
  await expect(player.getByTestId('entry').last()).toContainText('Page 69.')
  await expect(player.getByTestId('entry')).toHaveCount(50)
  await player.getByRole('log').evaluate((log) => log.scrollTo(0, 0))
  await expect(player.getByText('The causeway ends where the sea begins.')).toBeAttached()
  await player.getByRole('log').evaluate((log) => log.scrollTo(0, 0))
  await say(dm, 'While you read.')
  await expect(player.getByRole('button', { name: /Jump to latest/ })).toBeVisible()
  await player.getByRole('button', { name: /Jump to latest/ }).click()
  await expect(player.getByTestId('entry').filter({ hasText: 'While you read.' })).toBeInViewport()
})
