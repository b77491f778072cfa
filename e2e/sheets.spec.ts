// The sheet of a character and the dice tray, on a phone in one hand.
import type { Locator, Page } from '@playwright/test'
import { expectAccessibleInBothThemes } from './accessible.ts'
import { give } from './fight-console.ts'
import { expect, phone, test } from './table.ts'
import { fits, hostileWords, tooWide } from './too-wide.ts'

const party = (page: Page) => page.getByRole('button', { name: 'Party', exact: true })
const story = (page: Page) => page.getByRole('button', { name: 'Story', exact: true })
const sheet = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true })
const tray = (page: Page) => page.getByRole('dialog', { name: 'Dice', exact: true })
const last = (page: Page) => page.getByTestId('entry').last()

async function charactersTab(dm: Page): Promise<void> {
  await dm.getByRole('tab', { name: 'Characters' }).click()
}

async function openSheet(page: Page, name: string): Promise<Locator> {
  await party(page).click()
  await page.getByRole('button', { name: `Sheet of ${name}`, exact: true }).click()
  const dialog = sheet(page, name)
  await expect(dialog).toBeVisible()
  return dialog
}

/** Buttons of a dialog that a thumb would miss. */
const smallTargets = (dialog: Locator) =>
  dialog.locator('button, [role=tab], label:has(input)').evaluateAll((all) =>
    all.flatMap((one) => {
      const { width, height } = one.getBoundingClientRect()
      return width > 0 && (height < 43.5 || width < 43.5) ? [`${one.textContent} ${width}×${height}`] : []
    }),
  )

const stats = [8, 16, 12, 10, 13, 18].map((value, index) => ({ id: index + 1, value }))
const ilse = {
  name: 'Ilse of the Reeds',
  baseHitPoints: 38,
  stats,
  classes: [{ level: 5, definition: { name: 'Warlock' } }],
  race: { fullName: 'Half-Elf', weightSpeeds: { normal: { walk: 30 } } },
  modifiers: { class: [{ type: 'proficiency', subType: 'deception' }] },
  inventory: [],
}

test('players bring a character and play it from its sheet, as the DM and the others see it', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  const other = await table.player({ name: 'Olin' })

  await test.step('a player rolls from the sheet, spends resources also without a connection, and edits it', async () => {
    await charactersTab(dm)
    await give(dm, 'Sable', 'A player')
    const dialog = await openSheet(player, 'Sable')
    await expect(dialog.getByText('Halfling, Rogue 3')).toBeVisible()
    await expectAccessibleInBothThemes(player, 'checks of a sheet')
    expect(await smallTargets(dialog)).toEqual([])

    // A tap rolls, and everybody sees it.
    await dialog.getByRole('tab', { name: 'Skills' }).click()
    await dialog.getByRole('button', { name: /^Stealth/ }).click()
    for (const page of [dm, other]) await expect(last(page)).toContainText('Stealth (Sable)')
    await expect(dialog.getByRole('list', { name: 'Your last rolls' })).toContainText('1d20+8')
    await dialog.getByText('Advantage', { exact: true }).click()
    await dialog.getByRole('button', { name: /^Perception/ }).click()
    await expect(last(dm)).toContainText('2d20kh1+3')
    await expect(dialog.getByRole('radio', { name: 'Normal' })).toBeChecked()
    expect(await smallTargets(dialog)).toEqual([])
    await expectAccessibleInBothThemes(player, 'skills of a sheet')

    // A secret roll reaches the DM, and nobody else.
    await dialog.getByRole('tab', { name: 'Attacks' }).click()
    await dialog.getByRole('switch', { name: 'Secret, to the DM' }).click()
    await dialog.getByRole('button', { name: 'Damage of Rapier: 1d8+4 piercing' }).click()
    await expect(last(dm)).toContainText('piercing · Rapier (Sable)')
    await expect(dialog.getByText('You rolled in secret.')).toBeVisible()
    await expect(last(other)).toContainText('Perception (Sable)')
    expect(await other.content()).not.toContain('Rapier')

    // Pips: live at the DM's, and without a connection.
    await dialog.getByRole('tab', { name: 'Resources' }).click()
    const luck = dialog.getByRole('group', { name: 'Luck' })
    await luck.getByRole('button', { name: 'Spend one: Luck' }).click()
    await expect(luck.getByRole('img')).toHaveAccessibleName('Luck: 2 of 3 left')
    await player.context().setOffline(true)
    for (const left of [1, 0]) {
      await luck.getByRole('button', { name: 'Spend one: Luck' }).click()
      await expect(luck.getByRole('img')).toHaveAccessibleName(`Luck: ${left} of 3 left`)
    }
    await expect(dialog.getByText('Changes wait for the connection.')).toBeVisible()
    await player.context().setOffline(false)
    await expect(dialog.getByText('Changes wait for the connection.')).toBeHidden()
    await expect(luck.getByRole('img')).toHaveAccessibleName('Luck: 0 of 3 left')
    await luck.getByRole('button', { name: 'Give one back: Luck' }).click()
    await expect(luck.getByRole('img')).toHaveAccessibleName('Luck: 1 of 3 left')
    expect(await smallTargets(dialog)).toEqual([])
    await dialog.getByRole('button', { name: 'Long rest' }).click()
    await expect(luck.getByRole('img')).toHaveAccessibleName('Luck: 3 of 3 left')

    // An edit reaches the DM's open sheet, and the DM's edit the player's.
    await dialog.getByRole('tab', { name: 'Notes' }).click()
    await dialog.getByRole('button', { name: 'Edit the sheet' }).click()
    await expectAccessibleInBothThemes(player, 'editing a sheet')
    await dialog.getByRole('spinbutton', { name: 'Level' }).fill('4')
    await dialog.getByRole('textbox', { name: 'Notes' }).fill('The ferryman’s coin.')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(dialog.getByText('Level4')).toBeVisible()
    await dm.getByRole('tab', { name: 'Characters' }).click()
    await dm.getByRole('button', { name: 'Sheet of Sable' }).click()
    await sheet(dm, 'Sable').getByRole('tab', { name: 'Notes' }).click()
    await expect(sheet(dm, 'Sable').getByText('The ferryman’s coin.')).toBeVisible()
    await sheet(dm, 'Sable').getByRole('button', { name: 'Edit the sheet' }).click()
    await sheet(dm, 'Sable').getByRole('textbox', { name: 'Notes' }).fill('Two coins.')
    await sheet(dm, 'Sable').getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.getByRole('tab', { name: 'Notes' }).click()
    await expect(dialog.getByText('Two coins.')).toBeVisible()
    expect(await tooWide(player)).toEqual(fits)
    expect(await other.content()).not.toContain('Two coins.')
  })
  for (const page of [dm, player]) await page.keyboard.press('Escape')

  await test.step('a player pastes a character, and the DM accepts it', async () => {
    await party(player).click()
    await player.getByRole('button', { name: 'Bring a character' }).click()
    const bring = player.getByRole('dialog', { name: 'Bring a character' })
    await expectAccessibleInBothThemes(player, 'bringing a character')
    await bring.getByRole('textbox').fill('no character at all')
    await bring.getByRole('button', { name: 'Read it' }).click()
    await expect(bring.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible()
    await bring.getByRole('textbox').fill(JSON.stringify({ data: ilse }))
    await bring.getByRole('button', { name: 'Read it' }).click()
    await expect(bring.getByRole('textbox', { name: 'Name', exact: true }).first()).toHaveValue('Ilse of the Reeds')
    await expect(bring.getByRole('spinbutton', { name: 'Charisma' })).toHaveValue('18')
    await expect(bring.getByRole('spinbutton', { name: 'Deception' })).toHaveValue('7')
    expect(await smallTargets(bring)).toEqual([])
    await bring.getByRole('button', { name: 'Ask the DM' }).click()
    await expect(bring).toBeHidden()
    await expect(player.getByText('waits for the DM.')).toBeVisible()
    expect(await other.content()).not.toContain('Ilse')

    await dm.getByRole('tab', { name: 'Characters' }).click()
    const request = dm.getByRole('group', { name: 'Request: Ilse of the Reeds' })
    await expect(request).toContainText('A player · level 5')
    await expectAccessibleInBothThemes(dm, 'a request for a character')
    await request.getByRole('button', { name: 'Sheet of Ilse of the Reeds' }).click()
    await expect(sheet(dm, 'Ilse of the Reeds').getByText('Half-Elf Warlock')).toBeVisible()
    await dm.keyboard.press('Escape')
    await request.getByRole('button', { name: 'Accept Ilse of the Reeds' }).click()
    await expect(request).toBeHidden()
    const dialog = await openSheet(player, 'Ilse of the Reeds')
    await dialog.getByRole('button', { name: 'Charisma +4 Check' }).click()
    await player.keyboard.press('Escape')
    await story(player).click()
    await expect(last(other)).toContainText('Charisma (Ilse of the Reeds)')
    await expect(last(player)).toContainText('Charisma (Ilse of the Reeds)')
    await table.expectInStep(dm, [player, other])

    // The DM chooses the kind; foes stand apart.
    await dm.getByRole('button', { name: 'Edit Ilse of the Reeds' }).click()
    await dm.getByRole('combobox', { name: 'Kind' }).selectOption('Monster')
    await expect(other.getByRole('heading', { name: 'Foes' })).toBeVisible()
  })
})

test('the tray and a sheet serve a phone, also a narrow one with long names', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })

  await test.step('the tray rolls with a tap, from the keyboard, and keeps rolls with the sheet', async () => {
    await charactersTab(dm)
    await give(dm, 'Mira Ashdown', 'A player')
    await player.getByRole('button', { name: 'Roll dice' }).click()
    const dice = tray(player)
    await expect(dice.getByText('No rolls yet.')).toBeVisible()
    await dice.getByRole('button', { name: 'Dice: one more' }).click()
    await dice.getByRole('button', { name: 'Modifier: one more' }).click()
    await dice.getByRole('button', { name: 'Roll 2d6+1' }).click()
    await expect(last(dm)).toContainText('2d6+1')
    await expect(dice.getByRole('list', { name: 'Your last rolls' })).toContainText('2d6+1')
    expect(await smallTargets(dice)).toEqual([])
    await expectAccessibleInBothThemes(player, 'the tray')

    // Saved rolls.
    await expect(dice.getByRole('button', { name: 'Second Wind 1d10+3' })).toBeVisible()
    await dice.getByRole('button', { name: 'Edit the saved rolls of Mira Ashdown' }).click()
    await dice.getByRole('textbox', { name: 'Name' }).fill('Healing potion')
    await dice.getByRole('textbox', { name: 'Dice' }).fill('a lot')
    await dice.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(dice.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible()
    await dice.getByRole('textbox', { name: 'Dice' }).fill('2d4+2')
    await dice.getByRole('button', { name: 'Save', exact: true }).click()
    await dice.getByRole('button', { name: 'Done with saved rolls' }).click()
    await dice.getByRole('button', { name: 'Healing potion 2d4+2' }).click()
    await expect(last(dm)).toContainText('Healing potion (Mira Ashdown)')

    // The keyboard alone.
    await player.keyboard.press('Escape')
    await expect(dice).toBeHidden()
    const button = player.getByRole('button', { name: 'Roll dice' })
    await expect(button).toBeFocused()
    await player.keyboard.press('Enter')
    await dice.getByRole('radio', { name: 'Normal' }).focus()
    await player.keyboard.press('ArrowRight')
    await expect(dice.getByRole('radio', { name: 'Advantage', exact: true })).toBeChecked()
    await dice.getByRole('button', { name: /^Roll d20/ }).focus()
    await player.keyboard.press('Enter')
    await expect(last(dm)).toContainText('2d20kh1')

    // The DM has the tray, too. A secret roll is theirs alone.
    await dm.getByRole('button', { name: 'Roll dice' }).click()
    await tray(dm).getByRole('switch', { name: 'Secret' }).click()
    await tray(dm).getByRole('button', { name: 'Roll d100' }).click()
    await expect(last(dm)).toContainText('1d100')
    await player.keyboard.press('Escape')
    await expect(last(player)).toContainText('2d20kh1')
    expect(await player.content()).not.toContain('1d100')
    await table.expectInStep(dm, [player])
  })

  await test.step('a sheet and the tray with long names fit a narrow phone', async () => {
    await dm.keyboard.press('Escape')
    await player.setViewportSize({ width: 360, height: 740 })
    await charactersTab(dm)
    await give(dm, 'Sable', 'A player')
    const dialog = await openSheet(player, 'Sable')
    await dialog.getByRole('tab', { name: 'Notes' }).click()
    await dialog.getByRole('button', { name: 'Edit the sheet' }).click()
    const word = hostileWords['an unbreakable word'].slice(0, 60)
    await dialog.getByRole('textbox', { name: 'Ancestry and class' }).fill(word)
    const names = dialog.getByRole('textbox', { name: 'Name' })
    const count = await names.count()
    for (let place = 0; place < count; place++) await names.nth(place).fill(place % 2 === 0 ? word : '🐉'.repeat(30))
    await dialog.getByRole('textbox', { name: 'Notes' }).fill(word.repeat(4))
    expect(await tooWide(player)).toEqual(fits)
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    for (const tab of ['Checks', 'Skills', 'Attacks', 'Resources', 'Notes']) {
      await dialog.getByRole('tab', { name: tab }).click()
      await expect(dialog.getByRole('tabpanel', { name: tab })).toBeVisible()
      expect(await tooWide(player), tab).toEqual(fits)
    }
    await player.keyboard.press('Escape')
    await story(player).click()
    await player.getByRole('button', { name: 'Roll dice' }).click()
    await tray(player).getByRole('button', { name: 'Edit the saved rolls of Sable' }).click()
    expect(await tooWide(player), 'the tray').toEqual(fits)
  })
})
