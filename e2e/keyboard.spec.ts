import { blur, focused, runCommand, tabTo } from './keyboard.ts'
import { expect, type Table, test } from './table.ts'

async function withThreePlayers(table: Table) {
  const dm = await table.dm()
  for (const name of ['Ana', 'Ben', 'Cleo']) await table.sitDown(name)
  await expect(dm.getByRole('group', { name: 'Cleo' })).toBeVisible()
  return dm
}

test('Tab and the arrows reach all of a console in few presses', async ({ table }) => {
  const dm = await withThreePlayers(table)

  await test.step('a DM reaches every part of the console in few Tab stops, and none is lost on the page', async () => {
    const next = dm.getByRole('button', { name: 'Next turn' })
    await blur(dm)
    const stops = await tabTo(dm, next)
    expect(stops, stops.join('\n')).not.toContain('BODY')
    expect(stops.length, stops.join('\n')).toBeLessThanOrEqual(17)
    await blur(dm)
    await tabTo(dm, dm.getByRole('link', { name: 'Turns' }), 5)
    await dm.keyboard.press('Enter')
    await expect(next).toBeFocused()
    await blur(dm)
    await tabTo(dm, dm.getByRole('link', { name: 'Message' }), 5)
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('combobox', { name: 'Message' })).toBeFocused()
    await blur(dm)
    await tabTo(dm, dm.getByRole('link', { name: 'Skip to the content' }), 1)
    await dm.keyboard.press('Enter')
    expect(await focused(dm)).toMatch(/^main/)
  })

  await test.step('arrows move within the header, the roster and the turn list, and each is one Tab stop', async () => {
    const campaigns = dm.getByRole('button', { name: 'Campaigns' })
    await campaigns.focus()
    await dm.keyboard.press('ArrowRight')
    await expect(dm.getByRole('button', { name: 'Previously…' })).toBeFocused()
    await dm.keyboard.press('End')
    await expect(dm.getByRole('button', { name: /Use the \w+ theme/ })).toBeFocused()
    await dm.keyboard.press('Tab')
    await expect(dm.getByRole('log', { name: 'Story' })).toBeFocused()
    await dm.keyboard.press('Shift+Tab')
    await expect(dm.getByRole('button', { name: /Use the \w+ theme/ })).toBeFocused()

    await dm.getByRole('button', { name: 'Resync Ana' }).focus()
    await dm.keyboard.press('ArrowDown')
    await expect(dm.getByRole('button', { name: 'Resync Ben' })).toBeFocused()
    await dm.keyboard.press('ArrowRight')
    await expect(dm.getByRole('button', { name: 'More for Ben' })).toBeFocused()
    await dm.keyboard.press('Enter')
    await dm.keyboard.press('Escape')
    await expect(dm.getByRole('button', { name: 'More for Ben' })).toBeFocused()
    await dm.keyboard.press('Tab')
    await expect(dm.getByRole('button', { name: 'Next turn' })).toBeFocused()
    await dm.keyboard.press('Tab')
    expect(await focused(dm)).toBe('button Drag Sable')
    await dm.keyboard.press('ArrowRight')
    await expect(dm.getByRole('button', { name: 'Move Sable down' })).toBeFocused()
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('listitem').filter({ hasText: 'Sable' }).last()).toContainText('Sable')
    await expect(dm.getByRole('button', { name: 'Move Sable up' })).toBeEnabled()
  })
})

test('the keys of a console and its palette do all that it can do', async ({ table }) => {
  const dm = await table.dm()

  await test.step('keys pass the turn, reach the message and list themselves, and none acts while a person types', async () => {
    const acting = dm.locator('[aria-current=step]')
    await expect(acting).toContainText('Sable')
    // The first key of all acts too, although the keys load with it.
    await dm.keyboard.press('n')
    await expect(acting).toContainText('Mira')
    await dm.getByRole('tab', { name: 'Notes' }).click()
    await dm.keyboard.press('n')
    await dm.getByRole('tab', { name: 'Table' }).click()
    await expect(acting).toContainText('Old Marrow')

    const box = dm.getByRole('combobox', { name: 'Message' })
    await dm.keyboard.press('/')
    await expect(box).toBeFocused()
    await dm.keyboard.type('n ? / and n again')
    await expect(box).toHaveValue('n ? / and n again')
    await dm.keyboard.press('ControlOrMeta+k')
    await expect(dm.getByRole('dialog')).toBeHidden()
    await box.fill('')
    await dm.getByRole('tab', { name: 'Table' }).focus()
    await expect(acting).toContainText('Old Marrow')

    await dm.keyboard.press('?')
    const keys = dm.getByRole('dialog', { name: 'Keys' })
    for (const row of ['nNext turn', '/Write a message', 'Ctrl+KFind a command', 'Ctrl+ZUndo', '?List the keys'])
      await expect(keys).toContainText(row)
    await dm.keyboard.press('n')
    await dm.keyboard.press('Escape')
    await expect(keys).toBeHidden()
    await expect(dm.getByRole('tab', { name: 'Table' })).toBeFocused()
    await expect(acting).toContainText('Old Marrow')
  })

  await test.step('the palette does all that a console can do', async () => {
    await dm.keyboard.press('ControlOrMeta+k')
    const palette = dm.getByRole('dialog', { name: 'Commands' })
    const options = palette.getByRole('option')
    await expect(options.first()).toBeVisible()
    const labels = await options.evaluateAll((all) => all.map((one) => one.firstElementChild?.textContent))
    expect(labels).toEqual(
      expect.arrayContaining([
        'Campaigns',
        'Previously…',
        'Invite',
        'Table settings',
        'Connection',
        'Next turn',
        'Roll initiative',
        'Add a character',
        'Edit Mira Ashdown',
        'Write the scene',
        'Add a threat',
        'Add a story beat',
        'Write a message',
        'List the keys',
        'Market',
      ]),
    )
    expect(new Set(labels).size).toBe(labels.length)
    await expect(palette.getByRole('combobox')).toBeFocused()
    await dm.keyboard.type('xyzzy')
    await expect(palette).toContainText('No command has these words')
    await dm.keyboard.press('Escape')
    await expect(palette).toBeHidden()

    await runCommand(dm, 'members')
    await expect(dm.getByRole('dialog', { name: 'The table' })).toBeVisible()
    await dm.keyboard.press('Escape')
    await expect(dm.getByRole('button', { name: 'Table settings' })).toBeFocused()
    await runCommand(dm, 'edit corvin')
    await expect(dm.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Corvin Vale')
    await runCommand(dm, 'scene')
    await expect(dm.getByRole('textbox', { name: 'Scene' })).toBeFocused()
    await dm.keyboard.press('Shift+Tab')
    await runCommand(dm, 'weather')
    await expect(dm.locator('[data-adds=surrounding]')).toBeFocused()
    await dm.keyboard.type('Fog')
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('group', { name: 'Fog' })).toBeVisible()
    await dm.getByRole('tab', { name: 'World' }).focus()
    await runCommand(dm, 'undo')
    await expect(dm.getByRole('group', { name: 'Fog' })).toBeHidden()
    await runCommand(dm, 'arena')
    await expect(dm.getByRole('heading', { name: 'The arena' })).toBeVisible()
    await expect(dm.getByRole('dialog')).toBeHidden()
  })
})

test('a player’s keys load with the first input, and the palette when it opens', async ({ table }) => {
  const player = await table.player()
  const scripts: string[] = []
  player.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
  await player.reload()
  await expect(player.getByTestId('connection')).toHaveText('Live')
  expect(scripts.join(' ')).not.toMatch(/KeysAtWork|Palette|KeyList|commands/)
  await player.keyboard.press('/')
  await expect(player.getByRole('textbox', { name: 'Say or act' })).toBeFocused()
  await expect(player.getByRole('textbox', { name: 'Say or act' })).toHaveValue('')
  expect(scripts.join(' ')).not.toMatch(/Palette|KeyList/)
  await player.getByRole('button', { name: 'Roll dice' }).focus()
  await runCommand(player, 'ready')
  await expect(player.getByRole('switch', { name: 'Ready' })).toBeChecked()
  await runCommand(player, 'recap')
  await expect(player.getByRole('dialog', { name: 'Previously…' })).toBeVisible()
})
