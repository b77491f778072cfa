// The signals page on the generated series.
import { expect } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { desktop, phone, test, ownProcess } from './table.ts'

for (const [name, view, scheme] of [
  ['desktop, dark', desktop, 'dark'],
  ['phone, light', phone, 'light'],
] as const)
  test(
    `the signals page shows the newest value, says when it is stale, and comes back (${name})`,
    ownProcess,
    async ({ table }) => {
      const page = await table.page({ view, scheme })
      await page.goto(`${table.server.url}/signals`)
      const spot = page.getByTestId('signal').filter({ hasText: 'spy.spot' })
      await expect(spot).toBeVisible()
      const first = await spot.innerText()
      await expect(spot).not.toHaveText(first)
      await expect(page.getByRole('table', { name: 'Levels' })).toBeVisible()
      await expect(page.getByTestId('age')).toContainText('just now')
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await expectAccessible(page, 'signals')

      await table.server.kill()
      await expect(page.getByText('This value may be stale: the connection is lost.')).toBeVisible()
      await expectAccessible(page, 'stale')
      await table.server.start()
      await expect(page.getByTestId('connection')).toHaveText('Live')
      await expect(page.getByText('This value may be stale')).toBeHidden()

      await page.getByRole('link', { name: 'quiet' }).click()
      await expect(page.getByRole('heading', { name: 'No signals yet' })).toBeVisible()
      await expectAccessible(page, 'waiting')
    },
  )
