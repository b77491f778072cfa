import { readFile } from 'node:fs/promises'
import { expect, say, sceneOf, test } from './table.ts'

test('nobody loses text that they are typing: not to another DM, a live update or a reload', async ({ table }) => {
  const first = await table.dm()
  const second = await table.dm()
  const player = await table.player()

  await test.step('a DM who saves a field that another DM changed sees a conflict, and loses no typed text', async () => {
    for (const dm of [first, second]) await dm.getByRole('tab', { name: 'World' }).click()
    const scene = second.getByLabel('Scene', { exact: true })
    await scene.fill('Mine: a lighthouse')
    await first.getByLabel('Scene', { exact: true }).fill('Theirs: a forest')
    await first.getByLabel('Scene', { exact: true }).blur()
    await expect(sceneOf(player).getByText('Theirs: a forest')).toBeVisible()
    // Typed text survives the other DM’s change.
    await expect(scene).toHaveValue('Mine: a lighthouse')
    await scene.blur()
    await expect(second.getByRole('alertdialog', { name: 'Another DM changed this' })).toContainText(
      'Mine: a lighthouse',
    )
    await second.getByRole('button', { name: 'Keep mine' }).click()
    await expect(sceneOf(player).getByText('Mine: a lighthouse')).toBeVisible()
    await table.expectInStep(first, [player])
  })

  await test.step('text that a DM or a player is typing survives live updates and a reload', async () => {
    await first.getByRole('combobox', { name: 'Message' }).fill('A half-told')
    await player.getByRole('textbox', { name: 'Say or act' }).fill('I was about to')
    await say(second, 'Something happens.')
    await expect(player.getByTestId('entry').filter({ hasText: 'Something happens.' })).toBeVisible()
    for (const page of [first, player]) await page.reload()
    await expect(first.getByRole('combobox', { name: 'Message' })).toHaveValue('A half-told')
    await expect(player.getByRole('textbox', { name: 'Say or act' })).toHaveValue('I was about to')
  })
})

test('a DM writes, orders turns, exports and imports', async ({ table }) => {
  const dm = await table.dm()

  await test.step('an unknown command is answered with the nearest one, and the text stays in the box', async () => {
    const box = dm.getByRole('combobox', { name: 'Message' })
    await box.fill('/hp Nobody -3')
    await dm.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByRole('alert')).toContainText('Mira Ashdown')
    await expect(box).toHaveValue('/hp Nobody -3')
  })

  await test.step('a DM completes a command with the keyboard', async () => {
    const box = dm.getByRole('combobox', { name: 'Message' })
    await box.fill('')
    await box.pressSequentially('/cond')
    await expect(dm.getByRole('option')).toHaveCount(1)
    await box.press('Tab')
    await box.pressSequentially('Sab')
    await box.press('Tab')
    await expect(box).toHaveValue('/condition Sable ')
  })

  await test.step('a DM changes the turn order with the keyboard alone', async () => {
    const player = await table.player()
    await dm.getByRole('button', { name: 'Move Corvin Vale up' }).focus()
    await dm.keyboard.press('Enter')
    await expect(
      dm
        .getByRole('listitem')
        .filter({ has: dm.getByRole('button', { name: /^Drag / }) })
        .nth(2),
    ).toContainText('Corvin Vale')
    await dm.getByRole('button', { name: 'Move Corvin Vale up' }).press('Enter')
    await expect(
      player.getByRole('complementary', { name: 'Party and turns' }).getByRole('listitem').nth(1),
    ).toContainText('Corvin Vale')
    await table.expectInStep(dm, [player])
  })

  await test.step('the export for players holds no secret, and the export for the DM holds all of them', async () => {
    await say(dm, '/secret CANARY of the DM')
    await say(dm, 'A slip of the TONGUE-TIED.')
    await dm.getByRole('button', { name: 'Undo' }).click()
    await say(dm, 'All is told.')
    await dm.getByRole('button', { name: 'Campaigns' }).click()
    const exported = async (name: string) => {
      const downloading = dm.waitForEvent('download')
      await dm.getByRole('button', { name }).click()
      const download = await downloading
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
    }
    const forPlayers = await exported('Export The Bell Beneath the Tide for players, as Markdown')
    expect(forPlayers.name).toBe('the-bell-beneath-the-tide-for-players.md')
    expect(forPlayers.text).toContain('All is told.')
    for (const secret of ['CANARY', 'Old Marrow', 'TONGUE-TIED', 'DM notes'])
      expect(forPlayers.text).not.toContain(secret)
    const forDm = await exported('Export The Bell Beneath the Tide as Markdown (for the DM)')
    for (const secret of ['CANARY of the DM *(DMs only)*', 'Old Marrow', 'DM notes'])
      expect(forDm.text).toContain(secret)
  })

  await test.step('a DM imports a campaign that was exported as JSON', async () => {
    const downloading = dm.waitForEvent('download')
    await dm.getByRole('button', { name: 'Export The Bell Beneath the Tide as JSON' }).click()
    const file = await (await downloading).path()
    await dm.getByLabel('File to import').setInputFiles(file)
    await expect(dm.getByTestId('import-report')).toContainText('Visible to players: Mira Ashdown')
    await dm.getByRole('button', { name: 'Import', exact: true }).last().click()
    await expect(dm.getByRole('button', { name: 'Activate The Bell Beneath the Tide' })).toBeVisible()
  })
})
