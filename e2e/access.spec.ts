// Access to a table, whispers, and a player's own character.
import { expectAccessible } from './accessible.ts'
import { expect, phone, probe, say, test } from './table.ts'

test('only the player whispered to and the DM ever receive a whisper', async ({ table }) => {
  const dm = await table.dm()
  const robin = await table.player({ name: 'Robin', view: phone })
  const other = await table.player({ name: 'Other' })
  const bytes: string[] = []
  other.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void bytes.push(String(payload))))
  other.on(
    'response',
    (response) =>
      void response.text().then(
        (text) => bytes.push(text),
        () => {},
      ),
  )
  await other.reload()
  await expect(other.getByRole('log')).toBeVisible()

  await dm.getByLabel('To', { exact: true }).selectOption({ label: 'whisper to Robin' })
  await say(dm, 'The innkeeper lies. [[1d20]]')
  await expect(robin.getByTestId('entry').last()).toContainText('The innkeeper lies.')
  await expect(robin.getByText('Whispered: only Robin and the DM')).toBeVisible()
  await robin.getByRole('button', { name: 'Whisper to the DM' }).click()
  await robin.getByRole('textbox', { name: 'Say or act' }).fill('I knew it.')
  await robin.getByRole('button', { name: 'Send' }).click()
  await expect(dm.getByTestId('entry').last()).toContainText('I knew it.')
  await expect(robin.getByTestId('entry').last()).toContainText('I knew it.')
  await expectAccessible(robin, 'whispers')
  await expectAccessible(dm, 'whispers of the DM')
  await robin.reload()
  await expect(robin.getByTestId('entry').last()).toContainText('I knew it.')

  await dm.getByLabel('To', { exact: true }).selectOption({ label: 'the whole table' })
  await say(dm, 'For everyone.')
  for (const page of [robin, other]) await expect(page.getByTestId('entry').last()).toContainText('For everyone.')
  expect(bytes.join()).toContain('For everyone.')
  expect(bytes.join()).not.toMatch(/innkeeper|I knew it/)
  await table.expectInStep(dm, [robin, other])
})

test('a player changes their own character, until the DM locks the table and bans them', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()

  await test.step('a player changes the hit points and conditions of their own character', async () => {
    await dm.getByRole('tab', { name: 'Characters' }).click()
    await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
    await dm.getByRole('group', { name: 'Mira Ashdown' }).getByLabel('Played by').selectOption({ label: 'A player' })
    const mira = player.getByTestId('character').filter({ hasText: 'Mira' })
    await mira.getByText('Update HP and conditions').click()
    await mira.getByLabel('Hit points', { exact: true }).fill('5')
    await mira.getByRole('button', { name: 'Hurt' }).click()
    await expect(mira).toContainText('16/28')
    await mira.getByLabel('Condition', { exact: true }).fill('prone')
    await mira.getByRole('button', { name: 'Add' }).click()
    await expect(mira.getByRole('button', { name: 'End prone' })).toBeVisible()
    await expectAccessible(player, 'own character')
    await mira.getByRole('button', { name: 'End prone' }).click()
    await expect(mira.getByRole('button', { name: 'End prone' })).toBeHidden()
    await table.expectInStep(dm, [player])
  })

  await test.step('a DM limits an invite link, locks the table, bans a player, and reads the trail of it', async () => {
    await dm.getByRole('tab', { name: 'Table', exact: true }).click()
    await expect(dm.getByRole('group', { name: 'A player' })).toBeVisible()
    await dm.getByRole('button', { name: 'Invite' }).click()
    await dm.getByLabel('Expires', { exact: true }).selectOption({ label: 'in a day' })
    await dm.getByLabel('Uses', { exact: true }).selectOption({ label: '5' })
    await dm.getByRole('button', { name: 'Make a new link' }).click()
    await dm.getByRole('alertdialog').getByRole('button', { name: 'Make a new link' }).click()
    await expect(dm.getByText(/^Expires: .* · Uses: 0 of 5$/)).toBeVisible()
    await expectAccessible(dm, 'invite with an end')
    const link = await dm.getByRole('textbox', { name: 'Invite link' }).inputValue()
    await dm.getByRole('button', { name: 'Close' }).click()

    await dm.getByRole('button', { name: 'Table settings' }).click()
    await dm.getByRole('switch', { name: 'Lock the table' }).click()
    await expect(dm.getByRole('switch', { name: 'Lock the table' })).toBeChecked()
    const late = await table.page()
    await late.goto(link)
    await late.getByRole('textbox', { name: 'Your name' }).fill('Late')
    await late.getByRole('button', { name: 'Join the table' }).click()
    await expect(late.getByRole('alert')).toContainText('locked')

    await dm.getByRole('button', { name: 'Change A player' }).click()
    await dm.getByRole('menuitem', { name: 'Ban…' }).click()
    await dm.getByRole('alertdialog').getByRole('button', { name: 'Ban' }).click()
    await expect(player.getByRole('heading', { name: 'No seat at this table' })).toBeVisible()
    await expect(dm.getByRole('button', { name: 'Let A player back in' })).toBeVisible()
    await dm.getByRole('button', { name: 'Show who joined, left or was turned away' }).click()
    await expect(dm.getByText('The DM banned A player')).toBeVisible()
    await expect(dm.getByText('Late was turned away: the table is locked.')).toBeVisible()
    await expectAccessible(dm, 'table settings')
    const before = (await probe(dm)).seq
    await dm.getByRole('button', { name: 'Close' }).click()
    await say(dm, 'On with it.')
    expect((await probe(dm)).seq).toBeGreaterThanOrEqual(before)
  })
})
