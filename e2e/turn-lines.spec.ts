// A turn of a fight is one line of the story, for everybody alike.
import type { Page } from '@playwright/test'
import { acting, damage, plan } from './fight-console.ts'
import { expect, test } from './table.ts'

/** The line of the newest turn. */
const newestTurn = (page: Page) => page.getByRole('article', { name: 'A turn of the fight' }).last()

test('several hits in one turn read as one line, from which an undo takes its own words for everybody', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player()
  await plan(dm, '3 goblin', 1)
  await dm.getByRole('button', { name: 'Start the fight' }).click()
  await dm.getByRole('button', { name: /^Roll for/ }).click()
  await dm.getByRole('button', { name: 'Begin round 1' }).click()
  await expect(acting(dm)).toHaveCount(1)

  await damage(dm, 'Goblin 1', '2')
  await damage(dm, 'Goblin 2', '3')
  await damage(dm, 'Goblin 3', '1')
  const hits = ['Goblin 1 for 2', 'Goblin 2 for 3', 'Goblin 3 for 1']
  for (const page of [dm, player]) {
    for (const hit of hits) await expect(newestTurn(page)).toContainText(hit)
    await expect(page.getByRole('article', { name: 'A turn of the fight' })).toHaveCount(1)
  }

  // Players lose the words; a DM sees them struck out.
  await dm.getByRole('button', { name: 'Undo' }).click()
  const [first = '', second = '', third = ''] = hits
  await expect(newestTurn(player)).not.toContainText(third)
  for (const hit of [first, second]) await expect(newestTurn(player)).toContainText(hit)
  await expect(newestTurn(dm).locator('.line-through')).toHaveText([new RegExp(third)])

  // The next hit of the same turn joins the line, also where a hit was taken back.
  await damage(dm, 'Goblin 3', '4')
  const fourth = 'Goblin 3 for 4'
  for (const page of [dm, player]) await expect(newestTurn(page)).toContainText(fourth)
  await expect(player.getByRole('article', { name: 'A turn of the fight' })).toHaveCount(1)

  // A player who comes later reads what the others read.
  const late = await table.player({ name: 'Ana' })
  await expect(newestTurn(late)).toContainText(fourth)
  expect(await newestTurn(late).innerText()).toBe(await newestTurn(player).innerText())
  expect(await late.content()).not.toContain(third)

  await table.expectInStep(dm, [player, late])
})
