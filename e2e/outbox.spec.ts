// Messages and edits without a connection: kept, sent in order, and never twice. Conflicts in words.
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { give, plan } from './fight-console.ts'
import { refuseRequests } from './routes.ts'
import { expect, phone, probe, say, sceneOf, test } from './table.ts'

const words = (page: Page) => page.getByRole('textbox', { name: 'Say or act' })
const waiting = (page: Page) => page.getByRole('list', { name: 'Waiting to be sent' })
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true })
const texts = (page: Page) => page.getByTestId('entry').allInnerTexts()

async function goOffline(page: Page): Promise<void> {
  await page.context().setOffline(true)
  await expect(page.getByTestId('connection')).toContainText('Offline since')
}

async function comeBack(page: Page): Promise<void> {
  await page.context().setOffline(false)
  await expect(page.getByTestId('connection')).toHaveText('Live')
}

test('a player’s messages outlast a bad connection: in order, once, and with a summary of what they missed', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player()

  await test.step('messages that were written offline go out by themselves, in order and once', async () => {
    await goOffline(player)
    for (const text of ['First of three.', 'Second of three.', 'Third of three.']) {
      await words(player).fill(text)
      await words(player).press('Enter')
      await expect(words(player)).toHaveValue('')
    }
    await expect(waiting(player).getByRole('listitem')).toHaveText([/First/, /Second/, /Third/])
    await expect(player.getByText('3 messages and changes wait for the connection.')).toBeVisible()
    await expectAccessible(player, 'messages that wait')
    // One can be taken back into the box.
    await player.getByRole('button', { name: 'Do not send “Second of three.”' }).click()
    await expect(words(player)).toHaveValue('Second of three.')
    await comeBack(player)
    await expect(player.getByText('Back again: 2 messages and changes that waited were sent.')).toBeVisible()
    await expect(waiting(player)).toHaveCount(0)
    await expect(player.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0)
    await expect(dm.getByTestId('entry').last()).toContainText('Third of three.')
    const told = (await texts(dm)).filter((text) => text.includes('of three.'))
    expect(told.map((text) => /(\w+) of three/.exec(text)?.[1])).toEqual(['First', 'Third'])
    await table.expectInStep(dm, [player])
  })

  await test.step('the summary of an earlier absence goes when there is a newer one', async () => {
    const summary = player.getByRole('region', { name: 'While you were away' })
    const away = async (message: string | null) => {
      await goOffline(player)
      const since = Date.now()
      if (message !== null) await say(dm, message)
      await expect.poll(() => Date.now() - since).toBeGreaterThan(3_500)
      await comeBack(player)
    }
    await away('/hp Mira -3')
    await expect(summary).toContainText('Mira Ashdown 21 → 18')
    await away('/hp Mira -2')
    await expect(summary).toContainText('Mira Ashdown 18 → 16')
    await expect(summary).not.toContainText('21 → 18')
    await away(null)
    await expect(summary).toHaveCount(0)
    expect((await probe(player)).healed).toBe(0)
    await table.expectInStep(dm, [player])
  })

  await test.step('a message that waits survives a reload, and is stored once even if its answers are lost', async () => {
    let asked = 0
    let answersAreLost = true
    // The server carries out the call, and the answer never arrives. The route stays until the end: a call that is
    // under way while its route is taken away would be answered twice.
    await player.context().route(/\/trpc\/campaign\.say/, async (route) => {
      asked += 1
      if (!answersAreLost) return await route.continue()
      await route.fetch().catch(() => {})
      await route.abort()
    })
    await words(player).fill('Once and no more.')
    await words(player).press('Enter')
    await expect(waiting(player).getByRole('listitem')).toHaveText(/Once and no more/)
    await expect(dm.getByTestId('entry').filter({ hasText: 'Once and no more.' })).toHaveCount(1)
    await player.reload()
    await expect(waiting(player).getByRole('listitem')).toHaveText(/Once and no more/)
    await expect.poll(() => asked).toBeGreaterThan(1)
    answersAreLost = false
    await expect(waiting(player)).toHaveCount(0)
    await say(dm, 'And on.')
    await expect(player.getByTestId('entry').last()).toContainText('And on.')
    expect((await texts(player)).filter((text) => text.includes('Once and no more.'))).toHaveLength(1)
    await table.expectInStep(dm, [player])
  })
})

test('a message of the first second waits like any other, and so do a player’s own hit points', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
  await dm.getByRole('combobox', { name: /played by/i }).selectOption({ label: 'A player' })
  const mine = player.getByTestId('character').filter({ hasText: '(you)' })
  const open = mine.getByText('Update HP and conditions')
  await expect(open).toBeVisible()
  await open.click()

  // A page that has just come, and loads nothing more.
  const early = await table.page({
    before: async (context) => {
      const session = await player.evaluate(() => localStorage.getItem('tablecast.session') ?? '')
      await context.addInitScript((value) => localStorage.setItem('tablecast.session', value), session)
    },
  })
  await early.goto(player.url())
  await expect(words(early)).toBeVisible()
  await early.context().setOffline(true)
  await words(early).fill('In the first second.')
  await words(early).press('Enter')
  await expect(waiting(early).getByRole('listitem')).toHaveText(/In the first second/)
  await expect(words(early)).toHaveValue('')
  await comeBack(early)
  await expect(dm.getByTestId('entry').last()).toContainText('In the first second.')

  await goOffline(player)
  const before = Number(/^(\d+)\//m.exec(await mine.innerText())?.[1])
  for (const [button, amount] of [
    ['Hurt', 5],
    ['Heal', 2],
  ] as const) {
    await mine.getByRole('spinbutton', { name: 'Hit points' }).fill(String(amount))
    await mine.getByRole('button', { name: button, exact: true }).click()
  }
  await mine.getByRole('textbox', { name: 'Condition' }).fill('prone')
  await mine.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(waiting(player).getByRole('listitem')).toHaveText([
    new RegExp(`Mira Ashdown: ${before - 5} of`),
    new RegExp(`Mira Ashdown: ${before - 3} of`),
    /Mira Ashdown: .*prone/,
  ])
  await expectAccessible(player, 'hit points that wait')
  await comeBack(player)
  await expect(waiting(player)).toHaveCount(0)
  await expect(player.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0)
  await expect(mine).toContainText(`${before - 3}/`)
  await expect(mine).toContainText('prone')
  await table.expectInStep(dm, [player, early])
})

test('a player’s own operations in a fight wait in one order with the messages', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await give(dm, 'Mira Ashdown', 'A player')
  await plan(dm, 'goblin', 1)
  await dm.getByRole('button', { name: 'Start the fight' }).click()
  const mine = player.getByRole('group', { name: 'Mira Ashdown', exact: true })
  const roll = mine.getByRole('button', { name: 'Roll initiative' })
  const amount = mine.getByRole('textbox', { name: 'Amount for Mira Ashdown' })
  await expect(roll).toBeEnabled()
  const before = Number(/^(\d+)\//m.exec(await mine.innerText())?.[1])

  await goOffline(player)
  await mine.getByRole('spinbutton', { name: /^Initiative of Mira Ashdown/ }).fill('14')
  await roll.click()
  await expect(mine.getByText('Mira Ashdown: Initiative – waits for the connection.')).toBeVisible()
  // It is asked for once, whichever of the two buttons is pressed.
  await expect(roll).toBeDisabled()
  await expect(player.getByRole('button', { name: 'Waits for the connection: Roll initiative' })).toBeDisabled()
  await words(player).fill('I draw my sword.')
  await words(player).press('Enter')
  for (const [button, text] of [
    ['Hurt', '5'],
    ['Heal', '2'],
    ['Hurt', 'a lot'],
  ] as const) {
    await amount.fill(text)
    await mine.getByRole('button', { name: button, exact: true }).click()
    await expect(amount).toHaveValue('')
  }
  await expect(waiting(player).getByRole('listitem')).toHaveText([
    'Mira Ashdown: Initiative',
    '“I draw my sword.”',
    'Mira Ashdown: Hurt 5',
    'Mira Ashdown: Heal 2',
    'Mira Ashdown: Hurt a lot',
  ])
  await expectAccessible(player, 'operations that wait')
  await comeBack(player)
  await expect(waiting(player)).toHaveCount(0)
  await expect(mine).toContainText(`${before - 3}/`)
  await expect(roll).toHaveCount(0)
  // Bookkeeping may be folded.
  const story = await dm.getByTestId('entry').allTextContents()
  const told = story.map(
    (text) => /Mira Ashdown rolls \d+ for initiative|I draw my sword|Damage: Mira/.exec(text)?.[0] ?? '',
  )
  expect(told.filter((text) => text !== '')).toEqual([
    expect.stringContaining('Mira Ashdown rolls'),
    'I draw my sword',
    'Damage: Mira',
  ])
  // The reason stands where the person is: beside the story, or on the party's page of a phone.
  const refused = player.getByRole('alert').filter({ hasText: 'Not sent: Mira Ashdown: Hurt a lot' })
  await expect(refused.filter({ visible: true })).toHaveCount(1)
  await player.setViewportSize(phone)
  await player.getByRole('button', { name: 'Party' }).click()
  await expect(refused.filter({ visible: true })).toHaveCount(1)
  await expectAccessible(player, 'an operation that was not sent')
  await refused.filter({ visible: true }).getByRole('button', { name: 'Dismiss' }).click()
  await expect(refused).toHaveCount(0)
  await table.expectInStep(dm, [player])
})

test('a DM’s edits outlast a bad connection and a reload, and a conflict shows both sides', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()

  await test.step('a DM’s edits wait with the messages, in one order, and the fields say so until they are saved', async () => {
    await dm.getByRole('tab', { name: 'World' }).click()
    await goOffline(dm)
    await field(dm, 'Scene').fill('A hall of glass')
    await field(dm, 'Scene').blur()
    await expect(dm.getByText('waits for the connection', { exact: true })).toBeVisible()
    await dm.getByRole('combobox', { name: 'Message' }).fill('You come in.')
    await dm.getByRole('combobox', { name: 'Message' }).press('Enter')
    await expect(waiting(dm).getByRole('listitem')).toHaveText([/Scene/, /You come in/])
    await comeBack(dm)
    await expect(sceneOf(player).getByText('A hall of glass')).toBeVisible()
    await expect(player.getByTestId('entry').last()).toContainText('You come in.')
    await expect(dm.getByText('waits for the connection', { exact: true })).toHaveCount(0)
    await expect(dm.getByText('not saved yet')).toHaveCount(0)
    await expect(waiting(dm)).toHaveCount(0)
    await table.expectInStep(dm, [player])
  })

  await test.step('an edit that waits is saved after a reload, and its field does not stay unsaved', async () => {
    await dm.getByRole('tab', { name: 'World' }).click()
    const edits = await refuseRequests(dm.context(), /\/trpc\/campaign\.edit/)
    await field(dm, 'Scene').fill('A bridge')
    await field(dm, 'Scene').blur()
    await expect(waiting(dm).getByRole('listitem')).toHaveText(/Scene/)
    await dm.reload()
    await expect(waiting(dm).getByRole('listitem')).toHaveText(/Scene/)
    edits.allow()
    await expect(sceneOf(player).getByText('A bridge')).toBeVisible()
    await dm.getByRole('tab', { name: 'World' }).click()
    await expect(field(dm, 'Scene')).toHaveValue('A bridge')
    await expect(dm.getByText('not saved yet')).toHaveCount(0)
  })

  await test.step('a console is in no conflict with its own changes', async () => {
    await dm.getByRole('tab', { name: 'World' }).click()
    await field(dm, 'Scene').fill('From the field')
    // Text that is not saved yet waits in its field over a reload. Meanwhile the same console changes the scene by a command.
    await dm.reload()
    await dm.getByRole('tab', { name: 'World' }).click()
    await expect(field(dm, 'Scene')).toHaveValue('From the field')
    await say(dm, '/scene From the command')
    await expect(sceneOf(player).getByText('From the command').first()).toBeVisible()
    await field(dm, 'Scene').focus()
    await field(dm, 'Scene').blur()
    await expect(sceneOf(player).getByText('From the field')).toBeVisible()
    // Clicks that follow each other faster than the events come back.
    await dm.getByRole('tab', { name: 'Characters' }).click()
    const less = dm.getByRole('button', { name: 'Mira Ashdown: one hit point less' })
    // The answers come late, so the second click is based on a state that is old by then.
    await dm.context().route(/\/trpc\/campaign\.edit/, async (route) => {
      const response = await route.fetch()
      await dm.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      await route.fulfill({ response })
    })
    for (let click = 0; click < 3; click++) await less.click()
    await expect(player.getByText(/^(20|19|18)\/28/)).toBeVisible()
    await expect(waiting(dm)).toHaveCount(0)
    await expect(dm.getByRole('alertdialog')).toHaveCount(0)
    await dm.context().unrouteAll({ behavior: 'wait' })
    await table.expectInStep(dm, [player])
  })

  await test.step('a conflict shows both sides in words', async () => {
    const second = await table.dm()
    for (const page of [dm, second]) {
      await page.getByRole('tab', { name: 'Characters' }).click()
      await page.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
    }
    const label = 'Conditions, separated by commas'
    await field(second, label).fill('prone, poisoned')
    await field(dm, label).fill('blinded')
    await field(dm, label).blur()
    await expect(player.getByText('blinded')).toBeVisible()
    await field(second, label).blur()
    const dialog = second.getByRole('alertdialog', { name: 'Another DM changed this' })
    await expect(dialog).toContainText('Yours: prone, poisoned')
    await expect(dialog).toContainText('Theirs: blinded')
    expect(await dialog.innerText()).not.toMatch(/[[\]{}"]/)
    await expectAccessible(second, 'a conflict')
    await second.getByRole('button', { name: 'Take theirs' }).click()
    await expect(field(second, label)).toHaveValue('blinded')
    await expect(second.getByText('not saved yet')).toHaveCount(0)
    await table.expectInStep(dm, [player])
  })

  await test.step('a new character opens with its name selected, and a beat’s switch says what it is for', async () => {
    await dm.getByRole('tab', { name: 'Characters' }).click()
    await dm.getByRole('button', { name: 'Add a character' }).click()
    const name = dm.getByRole('group', { name: 'New character' }).getByRole('textbox', { name: 'Name' })
    await expect(name).toBeFocused()
    await dm.keyboard.type('Gareth')
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('group', { name: 'Gareth' })).toBeVisible()
    await dm.getByRole('tab', { name: 'World' }).click()
    await expect(dm.getByRole('switch', { name: 'Done' }).first()).toBeVisible()
    await expect(dm.getByText('Done', { exact: true }).first()).toBeVisible()
  })
})
