import { expect, probe, say, test } from './table.ts'

test('DM and players see what the others do, at once and the same', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()

  await test.step('a player’s page and tab title say when it is the player’s turn', async () => {
    await dm.getByRole('tab', { name: 'Characters' }).click()
    await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
    await dm.getByRole('group', { name: 'Mira Ashdown' }).getByLabel('Played by').selectOption({ label: 'A player' })
    await expect(player.getByText('On deck: you are next')).toBeVisible()
    await say(dm, '/turn next')
    await expect(player.getByText('Your turn', { exact: true })).toBeVisible()
    await expect(player).toHaveTitle(/^Your turn!/)
    await table.expectInStep(dm, [player])
  })

  await test.step('the DM sees what a player writes and rolls, and that the player is in sync', async () => {
    await player.getByRole('textbox', { name: 'Say or act' }).fill('I listen at the door. [[1d20+5]]')
    await player.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByTestId('entry').last()).toContainText('I listen at the door.')
    await player.getByRole('button', { name: 'Roll dice' }).click()
    await player.getByRole('button', { name: 'Roll d6', exact: true }).click()
    await expect(dm.getByTestId('entry').last()).toContainText('1d6')
    await player.keyboard.press('Escape')
    await dm.getByRole('tab', { name: 'Table', exact: true }).click()
    await expect(dm.getByRole('group', { name: 'A player' })).toContainText('in sync')
    const { received } = await probe(player)
    const opened: string[] = []
    player.on('websocket', (socket) => opened.push(socket.url()))
    await dm.getByRole('button', { name: 'Resync A player' }).click()
    await expect.poll(async () => (await probe(player)).received).toBeGreaterThan(received)
    await say(dm, 'Said after the resync.')
    await expect(player.getByTestId('entry').last()).toContainText('Said after the resync.')
    expect(opened).toHaveLength(1)
    await table.expectInStep(dm, [player])
  })

  const late = await table.page()
  const players = [player, late]

  await test.step('an undo takes the words off a player’s page, a redo brings them back, and the DM’s page keeps them', async () => {
    await say(dm, 'A slip of the TONGUE-TIED.')
    await expect(player.getByTestId('entry').last()).toContainText('TONGUE-TIED')
    await expect(player.getByRole('status').filter({ hasText: 'TONGUE-TIED' })).toHaveCount(1)
    await dm.getByRole('button', { name: 'Undo' }).click()
    await expect(player.getByTestId('entry').last()).toHaveText('Taken back')
    expect(await player.content()).not.toContain('TONGUE-TIED')
    await expect(dm.getByTestId('entry').last()).toContainText('TONGUE-TIED')
    await player.getByRole('button', { name: 'Previously…' }).click()
    await expect(player.getByTestId('recap')).toContainText('Gathered from the story')
    await expect(player.getByTestId('recap')).not.toContainText('TONGUE-TIED')
    await player.keyboard.press('Escape')
    await table.openAsPlayer(late)
    await expect(late.getByTestId('entry').last()).toHaveText('Taken back')
    expect(await late.content()).not.toContain('TONGUE-TIED')
    await dm.getByRole('button', { name: 'Redo' }).click()
    for (const page of [player, late]) await expect(page.getByTestId('entry').last()).toContainText('TONGUE-TIED')
    await table.expectInStep(dm, [player, late])
  })

  await test.step('every player’s tab follows the DM’s words, edits, undo, and change of campaign', async () => {
    const at = Date.now()
    await say(dm, 'The bell tolls **thrice**.')
    for (const player of players)
      await expect(player.getByTestId('entry').last()).toContainText('The bell tolls thrice.')
    test.info().annotations.push({ type: 'seen by both players after', description: `${Date.now() - at} ms` })

    await say(dm, '/hp Mira -7')
    for (const player of players)
      await expect(player.getByTestId('character').filter({ hasText: 'Mira' })).toContainText('14/28')
    await table.expectInStep(dm, players)

    await dm.getByRole('button', { name: 'Undo' }).click()
    for (const player of players)
      await expect(player.getByTestId('character').filter({ hasText: 'Mira' })).toContainText('21/28')

    await dm.getByRole('tab', { name: 'Characters' }).click()
    const hag = dm.getByRole('group', { name: 'Old Marrow' })
    await hag.getByRole('switch', { name: 'Visible to players' }).click()
    for (const player of players)
      await expect(player.getByTestId('character').filter({ hasText: 'Old Marrow' })).toContainText('Unhurt')
    await table.expectInStep(dm, players)

    await dm.getByRole('button', { name: 'Campaigns' }).click()
    await dm.getByRole('textbox', { name: 'Name of the new campaign' }).fill('The Glass Desert')
    await dm.getByRole('button', { name: 'Create' }).click()
    await dm.getByRole('button', { name: 'Activate The Glass Desert' }).click()
    await dm.getByRole('button', { name: 'Switch' }).click()
    for (const player of players) await expect(player.getByRole('heading', { name: 'The Glass Desert' })).toBeVisible()
    await table.expectInStep(dm, players)

    await dm.getByRole('button', { name: 'Deactivate campaign' }).click()
    await dm.getByRole('button', { name: 'Deactivate', exact: true }).click()
    for (const player of players)
      await expect(player.getByRole('heading', { name: 'No active campaign' })).toBeVisible()
    await table.expectInStep(dm, players)
  })
})

test('a player’s browser receives no byte of a DM’s secret', async ({ table }) => {
  const dm = await table.dm()
  const bytes: string[] = []
  const bodies: Promise<unknown>[] = []
  const player = await table.page()
  player.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void bytes.push(String(payload))))
  player.on(
    'response',
    (response) =>
      void response.text().then(
        (text) => bytes.push(text),
        () => {},
      ),
  )
  await player.goto(table.server.url)
  await player.getByRole('button', { name: 'Open the sample as player' }).click()
  await expect(player.getByRole('log')).toBeVisible()
  await say(dm, '/secret CANARY whispers')
  await say(dm, '/note CANARY note')
  await say(dm, '/threat add CANARY trap')
  await say(dm, '/hp Old Marrow -9')
  await say(dm, 'All is told.')
  await expect(player.getByTestId('entry').last()).toContainText('All is told.')
  await expect(dm.getByText('CANARY whispers')).toBeVisible()
  await Promise.all(bodies)
  const all = [...bytes, await player.content()].join('\n')
  expect(all).toContain('All is told.')
  expect(all).not.toContain('CANARY')
  expect(all).not.toContain('Old Marrow')
  await table.expectInStep(dm, [player])
})
