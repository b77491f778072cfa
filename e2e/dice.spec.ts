// Dice that can be checked: the commitment in the story, the seed that a DM shows, and the check on a player's phone.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectAccessibleInBothThemes } from './accessible.ts'
import { expect, phone, say, test } from './table.ts'

test('a player rolls twice, the DM shows the seed, and the player’s phone finds two of two as committed', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  for (const roll of ['/roll 1d20+5 Stealth', 'I jump. [[2d6]]']) {
    await player.getByRole('textbox', { name: 'Say or act' }).fill(roll)
    await player.getByRole('button', { name: 'Send' }).click()
    await expect(player.getByRole('textbox', { name: 'Say or act' })).toHaveValue('')
  }
  // Secret rolls change nothing of what a player counts.
  await say(dm, '/gmroll 1d20')
  const line = player.getByTestId('entry').filter({ hasText: 'The SHA-256 of their seed is' })
  const [hash = ''] = /[0-9a-f]{64}/.exec((await line.textContent()) ?? '') ?? []

  const check = player.getByRole('dialog', { name: 'Check the dice' })
  await openCheck(player, 'More')
  await expect(check).toContainText('No seed has been shown yet')
  await expect(check).toContainText('2 rolls wait until a DM shows the seed.')
  await expect(check).toContainText(hash)
  await expect(check).not.toContainText('Secret')
  await expect(check.getByRole('button', { name: 'Show the seed and begin a new one' })).toBeHidden()

  const console_ = dm.getByRole('dialog', { name: 'Check the dice' })
  await openCheck(dm)
  await expect(console_.getByRole('region', { name: 'Secret dice, for DMs alone' })).toContainText('1 roll waits')
  const now = console_.getByRole('region', { name: 'Current dice' })
  await now.getByRole('button', { name: 'Show the seed and begin a new one' }).click()
  await dm.getByRole('alertdialog').getByRole('button', { name: 'Show it' }).click()
  await expect(console_.getByTestId('dice-check')).toContainText('2 of 2 as committed')
  await expect(now).toContainText('Nothing was rolled with this seed yet.')
  await expectAccessibleInBothThemes(dm, 'check of the dice')
  await dm.keyboard.press('Escape')
  await expect(console_).toBeHidden()

  await check.getByRole('button', { name: 'Check again' }).click()
  await expect(check.getByTestId('dice-check')).toHaveText('2 of 2 as committed')
  await check.getByText('One seed was shown').click()
  const download = player.waitForEvent('download')
  await check.getByRole('button', { name: 'Save the rolls (2)' }).click()
  const saved = JSON.parse(await readFile(await (await download).path(), 'utf8')) as { hash: string; rolls: unknown[] }
  expect(saved.hash).toBe(hash)
  expect(saved.rolls).toHaveLength(2)
  expect(await player.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  await expectAccessibleInBothThemes(player, 'check of the dice on a phone')

  // A server that changed a die afterwards is found out.
  await player.route('**/trpc/dice.rolls**', async (route) => {
    const response = await route.fetch()
    const text = await response.text()
    await route.fulfill({
      response,
      body: text.replace(/"draws":\[\[20,(\d+)\]/, (_all, value) => `"draws":[[20,${(Number(value) % 20) + 1}]`),
    })
  })
  await check.getByRole('button', { name: 'Check again' }).click()
  await expect(check.getByTestId('dice-check')).toContainText('1 of 2 as committed')
  await expect(check.getByTestId('dice-check')).toContainText('Roll 1, 1d20+5')
  await player.keyboard.press('Escape')
  await expect(check).toBeHidden()
  await expect(player.getByTestId('entry').filter({ hasText: 'shows the seed of the dice' })).toBeVisible()
  await table.expectInStep(dm, [player])
})

/** `behind`: the button that shows the rest of a header on a phone. */
async function openCheck(page: Page, behind?: string): Promise<void> {
  if (behind !== undefined) await page.getByRole('button', { name: behind, exact: true }).click()
  await page.getByRole('button', { name: 'Check the dice' }).click()
}
