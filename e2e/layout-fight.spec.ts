// The layout of a fight: nothing covers what a DM needs, at any size.
import type { Page } from '@playwright/test'
import { fighters, startGoblins } from './fight-console.ts'
import { boxOf, desktop, expect, lying, phone, tablet, test } from './table.ts'

/** The placeholders that are wider than their field. */
const cutPlaceholders = (page: Page) =>
  page.locator('input:placeholder-shown').evaluateAll((fields) => {
    const pen = document.createElement('canvas').getContext('2d')
    return fields.flatMap((field) => {
      if (!pen || !(field instanceof HTMLInputElement) || !field.checkVisibility()) return []
      const { font, paddingLeft, paddingRight } = getComputedStyle(field)
      pen.font = font
      const room = field.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
      return pen.measureText(field.placeholder).width > room + 1 ? [field.placeholder] : []
    })
  })

test('over a fight at each size, no message, question or placeholder hides what a DM needs', async ({ table }) => {
  const dm = await table.dm()

  await test.step('a question over a dialog is the only one that is seen', async () => {
    await dm.getByRole('button', { name: 'Campaigns' }).click()
    const library = dm.getByRole('dialog', { name: 'Campaigns' })
    await dm.getByRole('button', { name: 'Deactivate campaign' }).click()
    await expect(dm.getByRole('alertdialog')).toBeVisible()
    const below = dm.locator('[role=dialog][data-nested-dialog-open]')
    await expect(below).toHaveCSS('opacity', '0')
    await dm.getByRole('button', { name: 'Cancel' }).click()
    await expect(library).toHaveCSS('opacity', '1')
    await dm.keyboard.press('Escape')
    await expect(library).toBeHidden()
  })
  await startGoblins(dm)

  await test.step('no placeholder of a fight is cut, and its saves stand in one line, at each size', async () => {
    const saves = ['Save against the damage', 'DC of the save', 'Damage after a save']
    const expectWhole = async (what: string) => {
      for (const view of [desktop, tablet, phone]) {
        await dm.setViewportSize(view)
        expect(await cutPlaceholders(dm), `${what} at ${view.width}`).toEqual([])
        const boxes = await Promise.all(saves.map((label) => boxOf(dm.getByLabel(label, { exact: true }))))
        expect(new Set(boxes.map(({ y, height }) => Math.round(y + height / 2))).size).toBe(1)
      }
      await dm.setViewportSize(desktop)
    }
    await expectWhole('before rows are chosen')
    await dm.getByRole('button', { name: 'All foes' }).click()
    await expect(dm.getByRole('textbox', { name: 'Damage to the chosen' })).toHaveAttribute('placeholder', /^7 chosen/)
    await expectWhole('with chosen rows')
    await dm.getByRole('button', { name: 'More for Goblin 1' }).click()
    await expectWhole('with an open row')
    await dm.getByRole('button', { name: 'Fold Goblin 1', exact: true }).click()
    await dm.getByRole('button', { name: 'All foes' }).click()
  })

  await test.step('a message that goes by itself covers neither the fighters nor “Next turn”, at each size', async () => {
    await dm.getByRole('button', { name: /^Roll for/ }).click()
    await dm.getByRole('button', { name: 'Begin round 1' }).click()
    const next = dm.getByRole('button', { name: 'Next turn' })
    await dm.context().route(/\/trpc\/campaign\.operate/, (route) => route.abort())
    const message = dm.getByRole('dialog').filter({ hasText: 'That did not work' })
    for (const view of [desktop, tablet, phone, lying]) {
      await dm.setViewportSize(view)
      await next.click()
      await expect(message).toBeVisible()
      const { x, y, width, height } = await boxOf(message)
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + width).toBeLessThanOrEqual(view.width)
      for (const covered of [next, fighters(dm).first()]) {
        const box = await boxOf(covered)
        const isApart = x >= box.x + box.width || x + width <= box.x || y >= box.y + box.height || y + height <= box.y
        expect(isApart, `at ${view.width}`).toBe(true)
      }
      await expect(message).toBeHidden()
    }
    await dm.context().unroute(/\/trpc\/campaign\.operate/)
  })

  await test.step('a tab over a fight hides what it covers, and what is folded leaves room for rows, at each size', async () => {
    await dm.getByRole('tab', { name: 'Maps' }).click()
    await dm.getByRole('button', { name: /^Open The chapel/ }).click()
    await dm.setViewportSize(phone)
    // Where a phone is smallest: map, story, fight and tab below each other.
    await dm.getByRole('button', { name: 'Story', exact: true }).click()
    for (const view of [desktop, tablet, phone, { width: 375, height: 667 }, lying]) {
      await dm.setViewportSize(view)
      await dm.getByRole('tab', { name: 'Maps' }).click()
      await dm.getByRole('button', { name: 'Add a map' }).click({ trial: true })
      const tabs = dm.locator('[data-place=people]')
      const [over, rows] = [await boxOf(tabs), await boxOf(dm.getByRole('list', { name: 'Fighters' }))]
      if (rows.y + rows.height > over.y) await expect(tabs).toHaveCSS('background-color', /^rgb\(/)
      await dm.getByRole('button', { name: 'Fold the tabs' }).click()
      await fighters(dm).first().getByRole('checkbox').click({ trial: true })
      await dm.getByRole('button', { name: 'Next turn' }).click({ trial: true })
    }
  })
})
