// A fight night: a DM and three players, from the preparation to the summary.
import type { BrowserContext } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import {
  acting,
  addCondition,
  damage,
  fighters,
  give,
  nextUntil,
  plan,
  row,
  setInRow,
  startGoblins,
} from './fight-console.ts'
import { runCommand, tabTo } from './keyboard.ts'
import { desktop, expect, phone, test, type View } from './table.ts'

const tablet: View = { width: 820, height: 1180 }

test('a fight night of a DM and three players stays in step, and tells players no secret', async ({ table }) => {
  const bytes: string[] = []
  const heard = (context: BrowserContext) => {
    context.on('page', (page) =>
      page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void bytes.push(String(payload)))),
    )
    return Promise.resolve()
  }
  const dm = await table.dm()
  const mira = await table.player({ before: heard })
  const sable = await table.player({ name: 'Ana', before: heard })
  const tobin = await table.player({ name: 'Ben', before: heard, view: phone })
  const players = [mira, sable, tobin]
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await give(dm, 'Mira Ashdown', 'A player')
  await give(dm, 'Sable', 'Ana')
  await give(dm, 'Brother Tobin', 'Ben')

  // Prepare: one creature that players know by another name, and one that they do not see.
  await plan(dm, '6 goblin, CANARYghast, CANARYlurker', 3)
  await dm.getByRole('textbox', { name: 'Players see CANARYghast as' }).fill('hooded figure')
  await dm.getByRole('listitem').filter({ hasText: 'CANARYlurker' }).getByRole('switch', { name: 'Hidden' }).click()
  await dm.getByRole('textbox', { name: 'Name of the encounter' }).fill('CANARY ambush')
  await dm.getByRole('button', { name: 'Save for later' }).click()
  await dm.getByRole('button', { name: 'Start CANARY ambush' }).click()
  await expect(fighters(dm)).toHaveCount(12)
  await expect(row(dm, 'CANARYghast')).toContainText('seen as “hooded figure”')

  // Initiative: a tap, a real die, and the DM for the others.
  await expect(dm.getByRole('group', { name: 'Initiative' })).toContainText('Mira Ashdown')
  await mira.getByRole('button', { name: 'Roll initiative' }).first().click()
  await expect(dm.getByRole('group', { name: 'Initiative' })).not.toContainText('Mira Ashdown')
  await sable.getByRole('spinbutton', { name: /^Initiative of Sable/ }).fill('15')
  await sable.getByRole('group', { name: 'Initiative of Sable' }).getByRole('button').click()
  await expect(dm.getByRole('group', { name: 'Initiative' })).not.toContainText('Sable')
  await dm.getByRole('button', { name: /^Roll for/ }).click()
  await expect(dm.getByRole('group', { name: 'Initiative' })).toBeHidden()
  const order = ['Goblin 1', 'Mira Ashdown', 'Sable', 'Brother Tobin', 'Corvin Vale']
  for (const [place, name] of order.entries()) await setInRow(dm, name, 'Initiative', String(90 - place))
  await expect(fighters(dm).first()).toHaveAccessibleName('Goblin 1')

  // Round 1: damage to several with a save for each, and a turn that a player ends.
  await dm.getByRole('button', { name: 'Begin round 1' }).click()
  await expect(acting(dm)).toHaveAccessibleName('Goblin 1')
  await expect(mira.getByText('On deck: you are next')).toBeVisible()
  await dm.getByRole('button', { name: 'All foes' }).click()
  const many = dm.getByRole('textbox', { name: 'Damage to the chosen' })
  await many.fill('3 fire dex 40')
  await many.press('Enter')
  await expect(row(dm, 'Goblin 2')).toContainText('4/7 Hurt')
  await expect(row(dm, 'CANARYlurker')).toContainText('7/10')
  await dm.getByRole('button', { name: 'All foes' }).click()

  // An undo in the middle gives back what was applied, and nothing else.
  await damage(dm, 'Goblin 3', '2')
  await expect(row(dm, 'Goblin 3')).toContainText('2/7')
  await dm.getByRole('button', { name: 'Undo' }).click()
  await expect(row(dm, 'Goblin 3')).toContainText('4/7')

  await addCondition(dm, 'Mira Ashdown', 'poisoned', '1 round')
  const own = mira.getByRole('status', { name: 'Your character' })
  await expect(own).toContainText('Mira Ashdown is poisoned.')
  await nextUntil(dm, 'Mira Ashdown')
  await expect(mira.getByText('Your turn', { exact: true })).toBeVisible()
  await mira.getByRole('button', { name: 'End turn' }).click()
  await expect(acting(dm)).toHaveAccessibleName('Sable')

  // Damage to a fighter who concentrates asks for a save. One tap rolls it.
  await setInRow(dm, 'Sable', 'Concentration', 'bless')
  await damage(dm, 'Sable', '4')
  await expect(sable.getByRole('status', { name: 'Your character' })).toContainText('Sable loses 4')
  const dues = dm.getByRole('list', { name: 'Due now' })
  await expect(dues).toContainText('Sable concentrates on bless: CON, DC 10.')
  await dues.getByRole('button', { name: 'Roll the save for Sable' }).click()
  await expect(dm.getByText('Sable concentrates on bless: CON, DC 10.')).toBeHidden()

  // A condition that lasts until a save asks for it at the end of the turn.
  // With this ability no roll fails: a 1 with Corvin's Strength would be a 0.
  await addCondition(dm, 'Corvin Vale', 'stunned', 'until a save', { ability: 'cha', dc: '1' })
  await nextUntil(dm, 'Corvin Vale')
  await dm.getByRole('button', { name: 'Next turn' }).click()
  await dues.getByRole('button', { name: 'Roll the save for Corvin Vale' }).click()
  await expect(row(dm, 'Corvin Vale')).not.toContainText('stunned')

  // Round 2: the condition of a round ends by itself, a foe falls, and Mira goes down.
  await damage(dm, 'Goblin 4', '50')
  await expect(row(dm, 'Goblin 4')).toContainText('Defeated')
  await damage(dm, 'Mira Ashdown', '21')
  await expect(row(dm, 'Mira Ashdown')).toContainText('Dying')
  await expect(own).toContainText('Mira Ashdown is down and dying.')
  await nextUntil(dm, 'Mira Ashdown')
  await expect(dm.getByRole('heading', { name: 'Round 2' })).toBeVisible()
  const noSave = mira.getByRole('img', { name: 'Death saves of Mira Ashdown: 0 of 3 made, 0 of 3 failed' })
  await expect(noSave.first()).toBeVisible()
  await mira.getByRole('button', { name: 'Death save', exact: true }).click()
  await expect(noSave).toHaveCount(0)
  await nextUntil(dm, 'Brother Tobin')
  await expect(row(dm, 'Mira Ashdown')).not.toContainText('poisoned')

  // Reinforcements while the fight is on.
  await plan(dm, '2 wolf', 1)
  await dm.getByRole('button', { name: 'Send them in' }).click()
  await expect(fighters(dm).filter({ hasText: 'Wolf' })).toHaveCount(2)
  await nextUntil(dm, 'Goblin 1')
  await expect(dm.getByRole('heading', { name: 'Round 3' })).toBeVisible()

  // Players see the alias, and nothing of the hidden one.
  await expect(mira.getByRole('group', { name: 'hooded figure' })).toBeVisible()
  await table.expectInStep(dm, players)
  expect(bytes.length).toBeGreaterThan(0)
  const received = bytes.join('\n')
  expect(received).toContain('hooded figure')
  expect(received).not.toContain('CANARY')
  for (const player of players) expect(await player.content()).not.toContain('CANARY')

  await dm.getByRole('button', { name: 'End the fight' }).click()
  await dm.getByRole('button', { name: 'End, and remove fallen foes' }).click()
  const summary = dm.getByRole('dialog', { name: 'CANARY ambush is over' })
  await expect(summary).toContainText('3 rounds')
  await expect(summary).toContainText('Goblin 4')
  await expect(summary).toContainText('50 XP')
  await dm.keyboard.press('Escape')
  await expect(dm.getByRole('region', { name: 'Fight' })).toBeHidden()
  await expect(mira.getByRole('button', { name: 'End turn' })).toBeHidden()
  await table.expectInStep(dm, players)
  expect(bytes.join('\n')).not.toContain('CANARY')
})

test('a fight takes few inputs, and its attacks come from the stat block', async ({ table }) => {
  const dm = await table.dm()

  await test.step('six goblins and a boss take at most five inputs, one hit two, and an area of six four', async () => {
    const began = Date.now()
    expect(await startGoblins(dm)).toBeLessThanOrEqual(5)
    expect(Date.now() - began).toBeLessThanOrEqual(20_000)
    expect(await damage(dm, 'Hobgoblin', '5 slashing')).toBeLessThanOrEqual(2)
    await expect(row(dm, 'Hobgoblin')).toContainText('6/11')
    // The first goblin, the last one with Shift, the damage, Enter.
    const goblins = fighters(dm).filter({ hasNotText: 'Hobgoblin' }).filter({ hasText: 'Goblin' })
    for (const [place, name] of ['Goblin 1', 'Goblin 2', 'Goblin 3', 'Goblin 4', 'Goblin 5', 'Goblin 6'].entries())
      await setInRow(dm, name, 'Initiative', String(90 - place))
    await expect(goblins).toHaveCount(6)
    await dm.getByRole('checkbox', { name: 'Choose Goblin 1' }).click()
    await dm.getByRole('checkbox', { name: 'Choose Goblin 6' }).click({ modifiers: ['Shift'] })
    const many = dm.getByRole('textbox', { name: 'Damage to the chosen' })
    await many.fill('3d1 fire dex 40')
    await many.press('Enter')
    for (const goblin of await goblins.all()) await expect(goblin).toContainText('4/7')
    await expect(row(dm, 'Hobgoblin')).toContainText('6/11')
  })

  await test.step('an attack is rolled from the stat block, and one more tap deals its damage', async () => {
    await dm.getByRole('button', { name: 'Stat block of Hobgoblin' }).click()
    const block = dm.getByRole('dialog', { name: 'Hobgoblin' })
    await expect(block).toContainText('challenge 1/2')
    await block.getByRole('combobox', { name: 'Target' }).selectOption({ label: 'Mira Ashdown (AC 15)' })
    await block.getByRole('combobox', { name: 'How it is rolled' }).selectOption('critical')
    await block.getByRole('button', { name: 'Longsword +3' }).click()
    await expect(block.getByRole('status')).toContainText('against AC 15, a critical hit')
    await block.getByRole('button', { name: 'Deal 1d8+1 slashing', exact: true }).click()
    await expect(block.getByRole('status')).not.toContainText('Longsword')
    await dm.keyboard.press('Escape')
    await expect(row(dm, 'Mira Ashdown')).not.toContainText('21/28')
    await expect(dm.getByTestId('entry').last()).toContainText('Hobgoblin hits Mira Ashdown for')
  })
})

test('the palette and the keyboard lead through a whole fight', async ({ table }) => {
  const dm = await table.dm()

  await test.step('a command of the palette reaches the bestiary before its tab was ever open', async () => {
    await runCommand(dm, 'find a creature')
    await expect(dm.getByRole('textbox', { name: 'Creatures to add' })).toBeFocused()
    await dm.keyboard.type('2 wol')
    const found = dm.getByRole('list', { name: 'Creatures found' })
    await found.getByRole('button', { name: /^2 × Wolf/ }).click()
    await expect(dm.getByRole('spinbutton', { name: 'Number of Wolf' })).toHaveValue('2')
    await expect(dm.getByRole('status').filter({ hasText: 'for this party' })).toContainText('100 XP')
    await dm.getByRole('button', { name: 'Remove Wolf' }).click()
  })

  await test.step('a whole fight goes by keyboard alone, and the palette finds fighters and encounters', async () => {
    await runCommand(dm, 'find a creature')
    await expect(dm.getByRole('textbox', { name: 'Creatures to add' })).toBeFocused()
    await dm.keyboard.type('6 goblin, hobgoblin')
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('list', { name: 'Creatures', exact: true }).locator('> li')).toHaveCount(2)
    await tabTo(dm, dm.getByRole('button', { name: 'Start the fight' }))
    await dm.keyboard.press('Enter')
    await expect(fighters(dm).filter({ hasText: /goblin/i })).toHaveCount(7)
    await dm.getByRole('log', { name: 'Story' }).focus()
    await dm.keyboard.press('n')
    const heading = dm.getByRole('region', { name: 'Fight' }).getByRole('heading')
    await expect(heading).toContainText('Round 1')
    const first = await acting(dm).getAttribute('aria-label')
    await dm.keyboard.press('n')
    await expect(acting(dm)).not.toHaveAccessibleName(first ?? '')
    await dm.keyboard.press('b')
    await expect(acting(dm)).toHaveAccessibleName(first ?? '')
    // Digits go to the acting fighter’s box.
    await dm.keyboard.type('2')
    await expect(dm.getByRole('textbox', { name: `Damage to ${first}`, exact: true })).toBeFocused()
    await expect(dm.getByRole('textbox', { name: `Damage to ${first}`, exact: true })).toHaveValue('2')
    await dm.keyboard.press('Enter')
    await expect(acting(dm)).toContainText(/Hurt|Bloodied/)
    await dm.keyboard.press('Escape')

    await dm.keyboard.press('ControlOrMeta+k')
    const palette = dm.getByRole('dialog', { name: 'Commands' })
    await expect(palette.getByRole('option').first()).toBeVisible()
    for (const label of [
      'Next turn',
      'Act on Goblin 3',
      'Find a creature',
      'Encounter The drowned crew',
      'End the fight',
    ])
      await expect(palette.getByRole('option', { name: label })).toHaveCount(1)
    await expect(palette.getByRole('combobox')).toBeFocused()
    await dm.keyboard.type('act goblin 3')
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('textbox', { name: 'Damage to Goblin 3', exact: true })).toBeFocused()
    await dm.keyboard.type('7')
    await dm.keyboard.press('Enter')
    await expect(row(dm, 'Goblin 3')).toContainText('Defeated')

    await dm.keyboard.press('Escape')
    await runCommand(dm, 'end the fight')
    await expect(dm.getByRole('dialog', { name: 'End the fight?' })).toBeVisible()
    await tabTo(dm, dm.getByRole('button', { name: 'End, and remove all foes' }), 6)
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('dialog', { name: 'is over' })).toContainText('Goblin 3')
    await dm.keyboard.press('Escape')
    await expect(dm.getByRole('region', { name: 'Fight' })).toBeHidden()
  })
})

test('the console and the player’s page are accessible in a fight at each size', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await give(dm, 'Mira Ashdown', 'A player')
  await startGoblins(dm)
  await dm.getByRole('button', { name: /^Roll for/ }).click()
  await setInRow(dm, 'Mira Ashdown', 'Initiative', '90')
  await dm.getByRole('button', { name: 'Begin round 1' }).click()
  await damage(dm, 'Mira Ashdown', '21')
  await damage(dm, 'Goblin 1', '50')
  await expect(player.getByRole('button', { name: 'Death save', exact: true })).toBeVisible()
  await dm.getByRole('button', { name: 'More for Goblin 2', exact: true }).click()
  for (const size of [desktop, tablet, phone]) {
    await dm.setViewportSize(size)
    await player.setViewportSize(size)
    const what = `${size.width} px`
    await expect(acting(dm)).toBeInViewport({ ratio: 0.5 })
    expect(await dm.evaluate(() => document.documentElement.scrollWidth <= innerWidth), what).toBe(true)
    await expectAccessible(dm, `the console in a fight, ${what}`)
    await expectAccessible(player, `a player in a fight, ${what}`)
  }
  await player.getByRole('button', { name: 'Party' }).click()
  await expectAccessible(player, 'the party in a fight on a phone')
  await expect(player.getByRole('heading', { name: 'Foes' })).toBeVisible()
  for (const page of [dm, player]) {
    await page.emulateMedia({ colorScheme: 'light' })
    await page.reload()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
    await expect(
      page
        .getByRole('log', { name: 'Story' })
        .or(page.getByRole('list', { name: 'Fighters' }))
        .first(),
    ).toBeVisible()
    await expectAccessible(page, 'a fight in the light theme')
  }
})
