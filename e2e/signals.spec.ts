// The signals page on the generated series.
import { expect } from '@playwright/test'
import { expectWell } from './looks.ts'
import { test, ownProcess } from './table.ts'

test(
  'the signals page shows the newest value, says when it is stale, and comes back, at a desk and on a phone',
  ownProcess,
  async ({ table }) => {
    const page = await table.page()
    await page.goto(`${table.server.url}/signals`)
    const spot = page.getByTestId('signal').filter({ hasText: 'spy.spot' })
    await expect(spot).toBeVisible()
    const first = await spot.innerText()
    await expect(spot).not.toHaveText(first)
    await expect(page.getByRole('table', { name: 'Levels' })).toBeVisible()
    await expect(page.getByTestId('age')).toContainText('just now')
    await expectWell(page, 'signals')

    await table.server.kill()
    await expect(page.getByText('This value may be stale: the connection is lost.')).toBeVisible()
    await expectWell(page, 'stale')
    await table.server.start()
    await expect(page.getByTestId('connection')).toHaveText('Live')
    await expect(page.getByText('This value may be stale')).toBeHidden()

    await page.getByRole('link', { name: 'quiet' }).click()
    await expect(page.getByRole('heading', { name: 'No signals yet' })).toBeVisible()
    await expectWell(page, 'waiting')
  },
)
