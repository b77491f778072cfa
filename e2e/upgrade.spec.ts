// A newer version of the server has other files. Pages that are open meet it when they need a part that is gone.
import type { Page } from '@playwright/test'
import { screensOf, showMapOf } from './screens.ts'
import { desktop, expect, ownProcess, probe, say, test } from './table.ts'

/** Older than the age at which a page loads itself again. */
const OLD_MS = 61_000
/** After this time a screen has looked for a newer version by itself. */
const LOOKED_MS = 5 * 60_000

/**
 * From `happen` on, the scripts of the server have other names: those of parts that the page has not loaded are gone, until the page
 * loads itself again and gets the new ones.
 */
async function upgradeOf(page: Page, parts: string) {
  let isUpgraded = false
  let isOld = true
  // The worker would ask the server itself, past this test.
  await page.route('**/service-worker.js', (route) => route.abort())
  await page.route(parts, (route) => (isUpgraded && isOld ? route.fulfill({ status: 404 }) : route.continue()))
  await page.route('**/r/**', async (route) => {
    if (!isUpgraded) return route.continue()
    if (route.request().isNavigationRequest()) {
      isOld = false
      return route.continue()
    }
    const response = await route.fetch()
    const body = (await response.text()).replace(/(<script type="module"[^>]*src="\/assets\/)/, '$1upgraded-')
    await route.fulfill({ response, body })
  })
  // The newer script. A node of the older version does not have it.
  let hasScript = true
  await page.route('**/assets/upgraded-*', (route) => route.fulfill({ status: hasScript ? 200 : 404, body: '' }))
  return {
    happen: () => {
      isUpgraded = true
    },
    hideScript: (isHidden: boolean) => {
      hasScript = !isHidden
    },
    isLoadedAgain: () => !isOld,
  }
}

test(
  'a player’s page loads itself again after an upgrade, and keeps the text that was not sent',
  ownProcess,
  async ({ table }) => {
    const dm = await table.dm()
    const player = await table.page()
    await player.clock.install()
    const upgrade = await upgradeOf(player, '**/assets/RecapDialog-*.js')
    await table.openAsPlayer(player)
    const words = player.getByRole('textbox', { name: 'Say or act' })
    await words.fill('I listen at the door.')
    await player.clock.fastForward(OLD_MS)
    await table.server.kill()
    await table.server.start()
    upgrade.happen()
    await player.getByRole('button', { name: 'Previously…' }).click()
    await expect.poll(upgrade.isLoadedAgain).toBe(true)
    await expect(player.getByTestId('connection')).toHaveText('Live')
    await expect(words).toHaveValue('I listen at the door.')
    await player.getByRole('button', { name: 'Previously…' }).click()
    await expect(player.getByRole('dialog', { name: 'Previously…' })).toBeVisible()
    await player.keyboard.press('Escape')
    await player.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByRole('log').first()).toContainText('I listen at the door.')
    await table.expectInStep(dm, [player])
  },
)

test('a television loads itself again after an upgrade, although no part is missing', ownProcess, async ({ table }) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { token } = await screens.make('tv')
  const tv = await table.page({ view: desktop })
  await tv.clock.install()
  const upgrade = await upgradeOf(tv, '**/assets/*StillMap-*.js')
  await tv.goto(`${table.server.url}/r/${screens.where.roomId}/tv#${token}`)
  await expect(tv.getByRole('region', { name: 'Turn order' })).toBeVisible()
  const look = async () => {
    const looked = tv.waitForResponse((response) => new URL(response.url()).pathname.endsWith('/tv'))
    await tv.clock.fastForward(LOOKED_MS)
    return looked
  }
  await tv.evaluate(() => Object.assign(window, { isFirst: true }))
  const isFirst = () => tv.evaluate(() => 'isFirst' in window)
  await look()
  await tv.clock.fastForward(OLD_MS)
  await table.server.kill()
  await table.server.start()
  upgrade.happen()
  await expect(dm.getByTestId('connection')).toHaveText('Live')
  // The node that answers next is still the older one.
  upgrade.hideScript(true)
  const missed = tv.waitForResponse(/\/assets\/upgraded-/)
  await look()
  await missed
  expect([upgrade.isLoadedAgain(), await isFirst()]).toEqual([false, true])
  upgrade.hideScript(false)
  await look()
  await expect.poll(upgrade.isLoadedAgain).toBe(true)
  await showMapOf(screens)
  await expect(tv.getByTestId('map')).toBeVisible()
  await say(dm, 'The bell rings.')
  await expect(tv.getByTestId('tv')).toContainText('The bell rings.')
  expect((await probe(tv)).healed).toBe(0)
})
