// The turns of a fight that do not go in order, and the words that the log and the screen reader have for them.
import { acting, damage, fighters, give, nextUntil, plan, row, setInRow } from './fight-console.ts'
import { expect, test } from './table.ts'

test('turns that are dragged, readied, delayed, revealed and removed stay in the order that people see', async ({
  table,
}) => {
  const dm = await table.dm()
  const mira = await table.player()
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await give(dm, 'Mira Ashdown', 'A player')
  await plan(dm, 'goblin, CANARYogre, CANARYlurker', 3)
  await dm.getByRole('textbox', { name: 'Players see CANARYogre as' }).fill('hooded figure')
  await dm.getByRole('listitem').filter({ hasText: 'CANARYlurker' }).getByRole('switch', { name: 'Hidden' }).click()
  for (const name of ['Sable', 'Brother Tobin', 'Corvin Vale']) await dm.getByRole('switch', { name }).click()
  await dm.getByRole('switch', { name: 'The party is surprised' }).click()
  await dm.getByRole('button', { name: 'Start the fight' }).click()
  await expect(fighters(dm)).toHaveCount(4)
  const story = mira.getByRole('log', { name: 'Story' })
  const placeBefore = await story.boundingBox()
  await expect(mira.getByRole('list', { name: 'Conditions of Mira Ashdown' })).toContainText('surprised')
  await dm.getByRole('button', { name: /^Roll for/ }).click()

  // A tie stands as the DM drags it, also when another fighter gets the same initiative.
  for (const [name, initiative] of [
    ['CANARYlurker', '20'],
    ['Goblin', '15'],
    ['CANARYogre', '15'],
    ['Mira Ashdown', '5'],
  ] as const)
    await setInRow(dm, name, 'Initiative', initiative)
  const names = () => fighters(dm).evaluateAll((rows) => rows.map((one) => one.ariaLabel ?? ''))
  const [first = '', second = ''] = (await names()).slice(1, 3)
  expect([first, second].toSorted()).toEqual(['CANARYogre', 'Goblin'])
  const handle = dm.getByRole('button', { name: `Drag ${second}, initiative 15` })
  const from = await handle.boundingBox()
  const onto = await dm.getByRole('button', { name: `Drag ${first}, initiative 15` }).boundingBox()
  if (!from || !onto) throw new Error('a row is not there')
  await dm.mouse.move(from.x + 10, from.y + 10)
  await dm.mouse.down()
  await dm.mouse.move(from.x + 10, from.y, { steps: 4 })
  await dm.mouse.move(onto.x + 10, onto.y - 4, { steps: 12 })
  // The row follows the pointer in its own column.
  const dragged = dm.locator('[data-dnd-dragging]')
  const left = async (one: typeof dragged) => (await one.boundingBox())?.x ?? -1
  expect(Math.abs((await left(dragged)) - (await left(fighters(dm).first())))).toBeLessThan(30)
  await dm.mouse.up()
  await expect.poll(names).toEqual(['CANARYlurker', second, first, 'Mira Ashdown'])
  await plan(dm, 'wolf', 1)
  await dm.getByRole('button', { name: 'Send them in' }).click()
  await expect(fighters(dm)).toHaveCount(5)
  await setInRow(dm, 'Wolf', 'Initiative', '15')
  await expect
    .poll(async () => (await names()).filter((name) => name !== 'Wolf'))
    .toEqual(['CANARYlurker', second, first, 'Mira Ashdown'])
  // By the keyboard too, for a DM who drags nothing.
  await setInRow(dm, 'Wolf', 'Initiative', '4')
  await expect.poll(names).toEqual(['CANARYlurker', second, first, 'Mira Ashdown', 'Wolf'])

  // Nobody of the players sees the hidden one act. The page does not move for “You are next” and “Your turn”.
  const more = async (name: string, action: string) => {
    await dm.getByRole('button', { name: `More for ${name}`, exact: true }).click()
    await dm
      .getByRole('group', { name: `Actions for ${name}` })
      .getByRole('button', { name: action, exact: true })
      .click()
    await dm.getByRole('button', { name: `Fold ${name}`, exact: true }).click()
  }
  await dm.getByRole('button', { name: 'Begin round 1' }).click()
  await expect(acting(dm)).toHaveAccessibleName('CANARYlurker')
  await damage(dm, 'Mira Ashdown', '1')
  await expect(mira.getByRole('status', { name: 'Your character' })).toContainText('Mira Ashdown loses 1')
  await more('CANARYlurker', 'Show to players')
  await expect(mira.getByRole('group', { name: 'CANARYlurker' })).toBeVisible()

  // Delay: the turn goes on, and the fighter comes in where it likes.
  await nextUntil(dm, second)
  await more(second, 'Delay')
  await expect(acting(dm)).toHaveAccessibleName(first)
  await expect(mira.getByText('On deck: you are next')).toBeVisible()
  expect(await story.boundingBox()).toEqual(placeBefore)
  await row(dm, second)
    .getByRole('button', { name: `Delays: act now, ${second}` })
    .click()
  await expect.poll(names).toEqual(['CANARYlurker', first, second, 'Mira Ashdown', 'Wolf'])
  await nextUntil(dm, second)

  // An open attack is drawn by the server and shows its dice, and a secret one does neither.
  await dm.getByRole('tab', { name: 'Fights' }).click()
  await nextUntil(dm, 'Mira Ashdown')
  await expect(mira.getByText('Your turn', { exact: true })).toBeVisible()
  await expect(mira.getByRole('status').filter({ hasText: 'It is your turn.' })).toContainText('Mira Ashdown acts.')
  expect(await story.boundingBox()).toEqual(placeBefore)
  await mira.getByRole('button', { name: 'End turn' }).click()
  await expect(acting(dm)).toHaveAccessibleName('Wolf')
  await expect(mira.getByRole('list', { name: 'Conditions of Mira Ashdown' })).toBeHidden()
  await dm.getByRole('button', { name: 'Stat block of Wolf' }).click()
  const block = dm.getByRole('dialog', { name: 'Wolf' })
  await block.getByRole('combobox', { name: 'Target' }).selectOption({ label: 'Mira Ashdown (AC 15)' })
  await block.getByRole('button', { name: 'Bite +4' }).click()
  await expect(block.getByRole('status')).toContainText('1d20+4')
  await block.getByRole('switch', { name: 'Secret' }).click()
  await block.getByRole('button', { name: 'Bite +4' }).click()
  const line = mira.getByRole('article', { name: 'A turn of the fight' }).last()
  await expect(line).toContainText(/Wolf acts\. Wolf attacks Mira Ashdown: \d+ to hit\.\s*1d20\+4/)
  await dm.keyboard.press('Escape')

  // A turn is one line, which grows, survives a reload, and unfolds.
  await damage(dm, 'Mira Ashdown', '2')
  await damage(dm, second, '1')
  const told = ['Wolf acts.', 'Wolf attacks Mira Ashdown', 'Mira Ashdown for 2', `for 1`]
  for (const words of told) await expect(line).toContainText(words)
  await expect(line.getByTestId('entry')).toHaveCount(4)
  await mira.reload()
  for (const words of told) await expect(line).toContainText(words)
  await line.getByRole('button', { name: 'Show each line of this turn' }).click()
  await expect(line.getByTestId('entry')).toHaveCount(4)
  await expect(line.getByTestId('entry').nth(2)).toHaveText(/^Damage: Mira Ashdown for 2/)
  const ofDm = dm.getByRole('article', { name: 'A turn of the fight' }).last()
  await expect(ofDm).not.toContainText('Bite')
  await ofDm.getByRole('button', { name: 'Show each line of this turn' }).click()
  await expect(ofDm).toContainText(/Bite: \d+ against AC 15/)

  // The last one of the order leaves in its turn: the next round begins with the first.
  await more('Wolf', 'Ready')
  await expect(acting(dm)).toHaveAccessibleName('CANARYlurker')
  await row(dm, 'Wolf').getByRole('button', { name: 'Ready: act, Wolf' }).click()
  await expect(line).toContainText('Wolf uses the readied action.')
  await nextUntil(dm, 'Wolf')
  await dm.getByRole('button', { name: 'More for Wolf', exact: true }).click()
  await dm.getByRole('button', { name: 'Leave the fight' }).click()
  await expect(acting(dm)).toHaveAccessibleName('CANARYlurker')
  await expect(dm.getByRole('heading', { name: 'Round 3' })).toBeVisible()
  expect(await names()).toEqual(['CANARYlurker', first, second, 'Mira Ashdown'])

  // The alias goes, and the story says who it was.
  await expect(mira.getByRole('group', { name: 'hooded figure' })).toBeVisible()
  await more('CANARYogre', 'Reveal the name')
  await expect(mira.getByRole('group', { name: 'CANARYogre' })).toBeVisible()
  await expect(line).toContainText('hooded figure is CANARYogre.')

  // An undo that would overwrite a player’s later change says so, and asks.
  await nextUntil(dm, 'Mira Ashdown')
  await mira.getByRole('button', { name: 'End turn' }).click()
  await expect(acting(dm)).toHaveAccessibleName('CANARYlurker')
  await dm.getByRole('button', { name: 'Undo' }).click()
  const question = dm.getByRole('alertdialog', { name: 'Overwrite a later change?' })
  await expect(question).toContainText('A later step changed the same, and nothing was undone.')
  await expect(question).toContainText('A player')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(acting(dm)).toHaveAccessibleName('CANARYlurker')
  await dm.getByRole('button', { name: 'Undo' }).click()
  await question.getByRole('button', { name: 'Undo anyway' }).click()
  await expect(acting(dm)).toHaveAccessibleName(second)
  await table.expectInStep(dm, [mira])
})
