// The DM looks at the table through a player’s eyes: in the console, and in a window of its own.
import { memberView, playerView, stateHash } from '@tablecast/contracts'
import { expectAccessibleInBothThemes } from './accessible.ts'
import { newKey } from '@tablecast/server/testing/clients'
import { expectFitForEyes } from './enlarged.ts'
import { give, startGoblins } from './fight-console.ts'
import { callsOf } from './pictures.ts'
import { expect, phone, probe, say, test } from './table.ts'
import { fits, tooWide } from './too-wide.ts'

/** The answer for what is shown. */
const EVERYONE = 'Everyone at the table, and every screen.'

test('a DM sees what each person sees, and who sees what', async ({ table }, info) => {
  const dm = await table.dm()
  const robin = await table.player({ name: 'Robin' })
  const sam = await table.player({ name: 'Sam' })
  const { client, where, operate } = await callsOf(dm, table.server.url)
  const { members } = await client.rooms.get.query({ roomId: where.roomId })

  await test.step('a DM sees exactly what a player sees, whispers and handouts of their own included', async () => {
    const idOf = (name: string) => members.find((one) => one.name === name)?.userId ?? ''
    const { handoutId } = await operate({ type: 'addHandout', title: 'For Robin alone', text: 'Come at dusk.' })
    await operate({ type: 'show', id: handoutId ?? '', to: { members: [idOf('Robin')] } })
    const whisper = (to: string, message: string) =>
      client.campaign.whisper.mutate({ roomId: where.roomId, key: newKey(), to: idOf(to), message })
    await whisper('Robin', 'The innkeeper lies.')
    await whisper('Sam', 'A word for Sam.')
    await say(dm, '/secret The bell is cracked.')
    await say(dm, 'The bell rings.')

    await dm.getByRole('tab', { name: 'View as' }).click()
    const story = dm.getByRole('log', { name: 'Story as players see it' })
    await expect(story.getByTestId('entry').last()).toContainText('The bell rings.')
    await expect(story).not.toContainText('The innkeeper lies.')
    await expect(story).not.toContainText('The bell is cracked.')
    await dm.getByRole('combobox', { name: 'View the table as' }).selectOption('Robin')
    await expect(story).toContainText('The innkeeper lies.')
    await expect(story).not.toContainText('A word for Sam.')
    const tab = dm.getByRole('tabpanel')
    await expect(tab.getByRole('button', { name: 'Look at For Robin alone' })).toBeVisible()
    const { state } = await client.campaign.get.query(where)
    expect(memberView(state, idOf('Robin')).handouts).toHaveLength(1)
    await expect(tab.getByTestId('viewed')).toHaveAttribute('data-hash', stateHash(playerView(state)))
    expect((await probe(robin)).hash).toBe(stateHash(playerView(state)))
    await expectAccessibleInBothThemes(dm, 'the view as a player, in the console')
    await dm.screenshot({ path: info.outputPath('pane.png') })

    // The sheets that the player can open, to look at.
    await dm.getByRole('tab', { name: 'Characters' }).click()
    await give(dm, 'Sable', 'Robin')
    await dm.getByRole('tab', { name: 'View as' }).click()
    await dm.getByRole('combobox', { name: 'View the table as' }).selectOption('Robin')
    await tab.getByRole('button', { name: 'Sheet of Sable' }).click()
    const sheet = dm.getByRole('dialog', { name: 'Sable', exact: true })
    await expect(sheet.getByText('Halfling, Rogue 3')).toBeVisible()
    await sheet.getByRole('tab', { name: 'Skills' }).click()
    await expect(sheet.getByRole('button', { name: /^Stealth/ })).toBeDisabled()
    await expect(sheet.getByRole('switch')).toHaveCount(0)
    await dm.screenshot({ path: info.outputPath('sheet.png') })
    await expectAccessibleInBothThemes(dm, 'a player’s sheet, to look at')
    await dm.keyboard.press('Escape')
    await dm.getByRole('combobox', { name: 'View the table as' }).selectOption('Sam')
    await expect(tab.getByRole('button', { name: /^Sheet of/ })).toHaveCount(0)
    await dm.getByRole('combobox', { name: 'View the table as' }).selectOption('Robin')

    const opening = dm.context().waitForEvent('page')
    await dm.getByRole('link', { name: 'Open this view in a window of its own' }).click()
    const own = await opening
    await expect(own.getByRole('heading', { name: 'As Robin sees it' })).toBeVisible()
    await whisper('Robin', 'Now he looks at you.')
    await expect(own.getByRole('log')).toContainText('Now he looks at you.')
    await whisper('Sam', 'Another word for Sam.')
    await say(dm, 'The door opens.')
    await expect(own.getByRole('log')).toContainText('The door opens.')
    await expect(own.getByRole('log')).not.toContainText('word for Sam.')
    await expectAccessibleInBothThemes(own, 'the view as a player, in a window')
    await expectFitForEyes(own, 'the view as a player, in a window')
    await own.screenshot({ path: info.outputPath('window.png') })
    await own.setViewportSize(phone)
    await expect.poll(() => tooWide(own)).toEqual(fits)
    await own.screenshot({ path: info.outputPath('phone.png') })
    await own.close()
    await table.expectInStep(dm, [robin, sam])

    // A player’s page has no such window.
    await robin.goto(`${table.server.url}/r/${where.roomId}/as/${idOf('Sam')}`)
    await expect(robin).toHaveURL(new RegExp(`/r/${where.roomId}$`))
  })

  await test.step('“Who sees this?” names the audience of what can be hidden', async () => {
    const robinId = members.find(({ name }) => name === 'Robin')?.userId ?? ''
    const { handoutId } = await operate({ type: 'addHandout', title: 'A torn page', text: 'Words.' })
    await operate({ type: 'show', id: handoutId ?? '', to: { members: [robinId] } })
    const answer = async (of: string) => {
      await dm.getByRole('button', { name: `Who sees this? (${of})` }).click()
      const popover = dm.getByRole('dialog', { name: 'Who sees this?' })
      const text = ((await popover.textContent()) ?? '').replace('Who sees this?', '')
      await dm.keyboard.press('Escape')
      await expect(popover).toBeHidden()
      return text
    }
    await dm.getByRole('tab', { name: 'Handouts' }).click()
    expect(await answer('A torn page')).toContain('Robin and the DMs.')
    await dm.getByRole('tab', { name: 'Characters' }).click()
    const { state } = await client.campaign.get.query(where)
    const shown = state.characters.find(({ visible }) => visible)
    const hidden = state.characters.find(({ visible }) => !visible)
    expect(await answer(shown?.name ?? '')).toContain('Everyone at the table')
    if (hidden) expect(await answer(hidden.name)).toBe('Only DMs.')
    await dm.getByRole('button', { name: `Who sees this? (${shown?.name ?? ''})` }).click()
    await dm.screenshot({ path: info.outputPath('who-sees.png') })
    await expectAccessibleInBothThemes(dm, 'the answer to “Who sees this?”')
    await expectFitForEyes(dm, 'the answer to “Who sees this?”')
    await dm.keyboard.press('Escape')
    await dm.getByRole('tab', { name: 'World' }).click()
    const { environment, threats, beats } = state
    const ofWorld = [
      ...environment.map(({ text, visible }) => ({ name: text, visible })),
      ...threats,
      ...beats.map(({ text, visible }) => ({ name: text, visible })),
    ]
    expect(ofWorld.length).toBeGreaterThan(3)
    for (const { name, visible } of ofWorld)
      expect([name, await answer(name)]).toEqual([name, visible ? EVERYONE : 'Only DMs.'])
    await say(dm, '/secret The rope is frayed.')
    // The words are sent before the entry is there: until then another one is the last.
    const secret = dm.getByTestId('entry').filter({ hasText: 'The rope is frayed.' })
    await secret.getByRole('button', { name: 'Change your entry' }).click()
    expect(await answer('The rope is frayed.')).toBe('Only DMs.')
    // An area on the map, and a fighter.
    const { maps } = state
    const map = maps?.[0]
    const shape = { kind: 'circle' as const, centre: { x: 800, y: 700 }, radius: 200 }
    await client.maps.operate.mutate({
      ...where,
      key: newKey(),
      operation: { type: 'placeArea', mapId: map?.id ?? '', shape, visible: true },
    })
    await dm.getByRole('tab', { name: 'Maps' }).click()
    await dm
      .getByRole('button', { name: map?.title ?? '' })
      .first()
      .click()
    await dm.getByRole('button', { name: 'Tokens and areas' }).click()
    const area = dm.getByTestId('map-panel').getByRole('list', { name: 'Areas' }).getByRole('listitem')
    await area.getByRole('button', { name: /^Who sees this/ }).click()
    const popover = dm.getByRole('dialog', { name: 'Who sees this?' })
    await expect(popover).toContainText('Its map is not shown to players.')
    await dm.screenshot({ path: info.outputPath('area.png') })
    await dm.keyboard.press('Escape')
    await startGoblins(dm)
    await dm.getByRole('button', { name: 'More for Goblin 1', exact: true }).click()
    expect(await answer('the fighter Goblin 1')).toContain('Only DMs see its hit points, armour class')
    await dm.screenshot({ path: info.outputPath('fighter.png') })
    await table.expectInStep(dm, [robin])
  })
})
