import type { Page } from '@playwright/test'
import { expect, say, type Table, test } from './table.ts'

const hitPoints = (player: Page) => player.getByTestId('character').filter({ hasText: 'Mira' })

/** A DM with that name beside the first one. */
async function coDm(table: Table, dm: Page, name: string): Promise<Page> {
  await dm.getByRole('button', { name: 'Invite' }).click()
  await dm.getByRole('button', { name: 'Co-DMs' }).click()
  const link = await dm.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await dm.getByRole('button', { name: 'Close' }).click()
  const page = await table.page()
  await page.goto(link)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join the table' }).click()
  await expect(page.getByRole('combobox', { name: 'Message' })).toBeVisible()
  return page
}

/** Away from every field, where the keys belong to the page. */
async function press(dm: Page, keys: string): Promise<void> {
  await dm.getByRole('log').focus()
  await dm.keyboard.press(keys)
}

test('of two DMs, neither takes back a step of the other without knowing it', async ({ table }) => {
  const dm = await table.dm()
  const ben = await coDm(table, dm, 'Ben')
  const player = await table.player()

  await test.step('the keys take back steps of one’s own, and refuse another DM’s with its author and the ways to do it', async () => {
    await say(dm, '/scene A quiet shore')
    await say(ben, '/hp Mira -7')
    await expect(hitPoints(player)).toContainText('14/28')
    const undo = dm.getByRole('button', { name: 'Undo' })
    await expect(undo).toHaveAttribute('title', 'Undo Ben’s change: Mira Ashdown’s hit points 21 → 14')
    await expect(ben.getByRole('button', { name: 'Undo' })).toHaveAttribute('title', /^Undo your change: Mira/)

    await press(dm, 'Control+z')
    const refusal =
      'Ben made the last change: Mira Ashdown’s hit points 21 → 14. To undo it all the same, use the Undo button or write /undo.'
    await expect(dm.getByText(refusal)).toBeVisible()
    await expect(hitPoints(player)).toContainText('14/28')

    await press(ben, 'Control+z')
    await expect(hitPoints(player)).toContainText('21/28')
    // To make it again is a step of Ben's as well.
    await press(dm, 'Control+Shift+z')
    await expect(dm.getByText('Ben took this back: Mira Ashdown’s hit points 21 → 14.')).toBeVisible()
    await press(dm, 'Control+z')
    await expect(player.getByText('A quiet shore')).toHaveCount(0)
    // In the text box the same keys undo typing.
    await dm.getByRole('combobox', { name: 'Message' }).fill('Half-told')
    await dm.getByRole('combobox', { name: 'Message' }).press('Control+z')
    await press(dm, 'Control+y')
    await expect(player.getByText('A quiet shore').first()).toBeVisible()
    await table.expectInStep(dm, [player])
  })

  await test.step('the button asks before it takes another DM’s step, and both DMs read who took what', async () => {
    await say(ben, 'A slip of the TONGUE-TIED.')
    await expect(player.getByTestId('entry').last()).toContainText('TONGUE-TIED')
    const undo = dm.getByRole('button', { name: 'Undo' })
    await expect(undo).toHaveAttribute('title', 'Undo Ben’s change: “A slip of the TONGUE-TIED.”')
    await undo.click()
    const question = dm.getByRole('alertdialog', { name: 'Undo the last step, which is Ben’s?' })
    await expect(question).toContainText('Ben’s change: “A slip of the TONGUE-TIED.”')
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect(question).toBeHidden()
    await expect(player.getByTestId('entry').last()).toContainText('TONGUE-TIED')
    await undo.click()
    await question.getByRole('button', { name: 'Undo it' }).click()
    await expect(player.getByTestId('entry').last()).toHaveText('Taken back')
    expect(await player.content()).not.toContain('TONGUE-TIED')
    for (const page of [dm, ben])
      await expect(page.getByTestId('entry').last()).toHaveText(/Taken back by The DM.*TONGUE-TIED/)
    // The other's redo of it asks as well.
    await ben.getByRole('button', { name: 'Redo' }).click()
    await ben.getByRole('button', { name: 'Redo it' }).click()
    await expect(player.getByTestId('entry').last()).toContainText('TONGUE-TIED')
    await table.expectInStep(dm, [player])
  })

  await test.step('a step that comes in while a DM is asked is not taken in place of the one that was shown', async () => {
    await say(ben, '/hp Mira -7')
    await expect(hitPoints(player)).toContainText('14/28')
    await dm.getByRole('button', { name: 'Undo' }).click()
    const question = dm.getByRole('alertdialog', { name: 'Undo the last step, which is Ben’s?' })
    await expect(question).toContainText('21 → 14')
    await say(ben, '/hp Mira -4')
    await expect(hitPoints(player)).toContainText('10/28')
    // It still asks about what it was opened for.
    await expect(question).toContainText('21 → 14')
    await question.getByRole('button', { name: 'Undo it' }).click()
    await expect(dm.getByText(/Another step came in between, and nothing was undone.*14 → 10/)).toBeVisible()
    await expect(hitPoints(player)).toContainText('10/28')
    // A command always takes the last one, and says what that was.
    await say(dm, '/undo')
    await expect(dm.getByText('Undid Ben’s change: Mira Ashdown’s hit points 14 → 10')).toBeVisible()
    await expect(hitPoints(player)).toContainText('14/28')
    await table.expectInStep(dm, [player])
  })
})
