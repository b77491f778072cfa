// Pictures at a table: handouts, the picture of the scene, and portraits, from the file to every screen.
import type { Locator, Page } from '@playwright/test'
import { newKey } from '@tablecast/server/testing/clients'
import { expectAccessible } from './accessible.ts'
import { blur, focused, runCommand } from './keyboard.ts'
import {
  callsOf,
  callsOfDm,
  chapel,
  dropFiles,
  expectLoaded,
  face,
  percent,
  removeSamplePictures,
  showPart,
  sideways,
  tideTable,
  viewer,
} from './pictures.ts'
import { desktop, expect, phone, test, type View } from './table.ts'

const tablet: View = { width: 820, height: 1180 }

test.beforeEach(({ table }) => removeSamplePictures(table.server.url))

/** At each size, the page is accessible and not wider than its window. It keeps the size that it has. */
async function expectWellAtEachSize(page: Page, what: string, part?: Parameters<typeof showPart>[1]): Promise<void> {
  const before = page.viewportSize() ?? desktop
  const take = async (view: View) => {
    await page.setViewportSize(view)
    if (part) await showPart(page, part)
  }
  for (const view of [desktop, tablet, phone]) {
    await take(view)
    const name = `${what}, ${view.width} px`
    await expect.poll(() => sideways(page), name).toBe(0)
    await expectAccessible(page, name)
  }
  await take(before)
}

test('a DM’s pictures reach a player, and go away when they are hidden, at each size', async ({ table }) => {
  // Between them, the two see both themes.
  const dm = await table.dm({ scheme: 'light' })
  const player = await table.player()

  // A handout: dropped, named, shown now, taken down, hidden.
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  await expect(dm.getByText('There is no handout yet')).toBeVisible()
  await dropFiles(dm.getByRole('log'), [tideTable])
  const row = dm.getByRole('listitem', { name: 'Tide table' })
  await expect(row).toContainText('Hidden')
  await expectLoaded(row.getByRole('img').first())
  const words = row.getByRole('textbox', { name: 'What the picture shows' })
  await words.fill('A table of the tides, with Thursday torn out')
  await words.blur()
  await expect(row).not.toContainText('not described yet')
  await expectWellAtEachSize(dm, 'tray')
  await row.getByRole('button', { name: 'Show now' }).click()
  await expect(viewer(player)).toBeVisible()
  await expect(viewer(player).getByRole('heading', { name: 'Tide table' })).toBeVisible()
  const shown = viewer(player).getByRole('img', { name: 'A table of the tides, with Thursday torn out' })
  await expectLoaded(shown)
  await expectWellAtEachSize(player, 'viewer')
  await dm.getByRole('button', { name: 'Take it down' }).click()
  await expect(viewer(player)).toBeHidden()
  await expect(player.getByTestId('entry').filter({ hasText: 'Tide table' }).getByRole('img')).toBeVisible()

  // It is on the shelf, until it is hidden. The rest goes by two phones.
  for (const page of [dm, player]) await page.setViewportSize(phone)
  await showPart(player, 'World')
  const onShelf = player.getByRole('button', { name: 'Look at Tide table' }).last()
  await expectLoaded(onShelf.getByRole('img'))
  await expectWellAtEachSize(player, 'shelf', 'World')
  await row.getByRole('button', { name: 'Nobody' }).click()
  await expect(onShelf).toBeHidden()
  await showPart(player, 'Story')
  await expect(player.getByText('It is not shown any more.')).toBeVisible()

  // The scene.
  await dm.getByRole('tab', { name: 'World' }).click()
  await dropFiles(dm.getByRole('textbox', { name: 'Status' }), [chapel])
  const scene = player.getByRole('region', { name: 'Scene' })
  await expectLoaded(scene.getByRole('img'))
  await dm.getByRole('slider', { name: /Darker/ }).fill('0.4')
  const focus = dm.getByRole('button', { name: /Point in view/ })
  await focus.focus()
  await dm.keyboard.press('ArrowLeft')
  await dm.keyboard.press('ArrowLeft')
  await expect(focus).toHaveAccessibleName('Point in view: 40% from the left, 50% from the top')
  await expect.poll(() => scene.getByRole('img').evaluate((image) => image.style.objectPosition)).toBe('40% 50%')
  await expect
    .poll(() =>
      scene
        .locator('span')
        .first()
        .evaluate(({ style }) => style.opacity),
    )
    .toBe('0.4')
  await expectWellAtEachSize(player, 'scene', 'Story')
  await expectWellAtEachSize(dm, 'world')
})

test('a picture of the scene leaves the words of the story where they are, and none of them is under it', async ({
  table,
}) => {
  const { operate, send } = await callsOfDm(table.server.url)
  const pictureId = await send(chapel)
  await operate({ type: 'setScenePicture', picture: { pictureId } })
  const player = await table.player()
  const scene = player.getByRole('region', { name: 'Scene' })
  const log = player.getByRole('log', { name: 'Story' })
  const first = player.getByTestId('entry').first()

  await test.step('a short story begins under the picture of the scene and the offer of a recap, at each size', async () => {
    const offer = player.getByRole('complementary', { name: 'What happened before' })
    const gap = async (above: Locator) => {
      const [box, words] = [await above.boundingBox(), await first.boundingBox()]
      return (words?.y ?? 0) - ((box?.y ?? 0) + (box?.height ?? 0))
    }
    const begin = async (view: View) => {
      await player.setViewportSize(view)
      await expectLoaded(scene.getByRole('img'))
      await log.focus()
      await player.keyboard.press('Home')
    }
    for (const view of [desktop, tablet, phone]) {
      await begin(view)
      await expect.poll(() => gap(offer)).toBeGreaterThan(8)
    }
    await offer.getByRole('button', { name: 'No recap, thank you' }).click()
    for (const view of [phone, tablet, desktop]) {
      await begin(view)
      await expect.poll(() => gap(scene)).toBeGreaterThan(8)
      await expect.poll(() => gap(scene)).toBeLessThan(40)
    }
  })

  await test.step('words stay where they are when a picture of the scene comes and goes, and a reader can scroll to the first', async () => {
    await operate({ type: 'setScenePicture', picture: null })
    await expect(scene).toBeHidden()
    await player.keyboard.press('End')
    const toEnd = ({ scrollTop, scrollHeight, clientHeight }: Element) => scrollHeight - clientHeight - scrollTop
    await expect.poll(() => log.evaluate(toEnd)).toBeLessThan(1)
    const place = async () => (await first.boundingBox())?.y
    const before = await place()
    await operate({ type: 'setScenePicture', picture: { pictureId } })
    await expectLoaded(scene.getByRole('img'))
    expect(await place()).toBe(before)
    await log.focus()
    await player.keyboard.press('Home')
    const picture = await scene.boundingBox()
    await expect.poll(place).toBeGreaterThan((picture?.y ?? 0) + (picture?.height ?? 0))
    // The key moves it over several frames.
    await expect.poll(() => log.evaluate(({ scrollTop }) => scrollTop)).toBe(0)
    const below = await place()
    await operate({ type: 'setScenePicture', picture: null })
    await expect(scene).toBeHidden()
    expect(await place()).toBe(below)
  })
})

test('portraits come from a DM and from the character’s own player, and stand beside the name everywhere', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  await dm.getByRole('tab', { name: 'Characters' }).click()

  await test.step('a player changes the portrait of their own character, and nobody else’s', async () => {
    const faces: Promise<{ url: string; bytes: number }>[] = []
    for (const page of [dm, player])
      page.on('response', (response) => {
        if (/\/(96|face-[\d-]+)\.webp$/.test(response.url()))
          faces.push(response.body().then(({ length }) => ({ url: response.url(), bytes: length })))
      })
    const large: string[] = []
    await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
    await dm.getByRole('combobox', { name: /played by/i }).selectOption({ label: 'A player' })
    await showPart(player, 'Party')
    const change = player.getByRole('button', { name: /change the portrait of/ })
    await expect(change).toHaveAccessibleName('MA: change the portrait of Mira Ashdown')
    await change.click()
    const dialog = player.getByRole('dialog', { name: 'Portrait of Mira Ashdown' })
    await dialog.getByTestId('picture-field').setInputFiles(face)
    await expectLoaded(dialog.getByRole('img'))
    expect(await sideways(player)).toBe(0)
    await expectAccessible(player, 'own portrait')
    await dialog.getByRole('slider', { name: 'Zoom' }).fill('3')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toBeHidden()
    // From here on nobody needs more than the face.
    for (const page of [dm, player])
      page.on('request', (request) => {
        if (/\/(640|2560)\.webp$/.test(request.url())) large.push(request.url())
      })
    await expect(change).toBeFocused()
    await expectLoaded(dm.getByRole('button', { name: 'MA: change the portrait of Mira Ashdown' }).locator('img'))
    // The player's words carry the face of the character.
    await showPart(player, 'Story')
    await player.getByRole('textbox', { name: 'Say or act' }).fill('It suits me.')
    await player.getByRole('button', { name: 'Send' }).click()
    await expectLoaded(dm.getByTestId('entry').last().locator('img'))
    expect(large).toEqual([])
    const loaded = await Promise.all(faces)
    expect(loaded.map(({ url }) => url)).toContainEqual(expect.stringMatching(/\/face-5000-5000-30\d{3}\.webp$/))
    for (const { url, bytes } of loaded) expect(bytes, url).toBeLessThanOrEqual(8_192)
  })

  await test.step('a portrait that is dropped on a character is cropped round, and stands beside the name everywhere', async () => {
    await player.setViewportSize(desktop)
    await dropFiles(dm.getByRole('button', { name: 'BT: change the portrait of Brother Tobin' }), [face])
    const dialog = dm.getByRole('dialog', { name: 'Portrait of Brother Tobin' })
    await expect(dialog).toBeVisible()
    await expectLoaded(dialog.getByRole('img'))
    await expectAccessible(dm, 'portrait')
    await dialog.getByRole('slider', { name: 'Zoom' }).fill('1.5')
    await dialog.getByRole('slider', { name: 'Up and down' }).fill('0.4')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toBeHidden()
    const card = player.getByTestId('character').filter({ hasText: 'Brother Tobin' })
    const picture = card.locator('img')
    await expectLoaded(picture)
    const box = await picture.locator('..').boundingBox()
    const cut = await picture.boundingBox()
    expect(box?.width).toBe(box?.height)
    // The picture covers its circle on every side.
    expect(cut?.x).toBeLessThanOrEqual((box?.x ?? 0) + 1)
    expect((cut?.y ?? 0) + (cut?.height ?? 0)).toBeGreaterThanOrEqual((box?.y ?? 0) + (box?.height ?? 0) - 1)
    await dm.getByRole('tab', { name: 'Table', exact: true }).click()
    await dm.getByRole('button', { name: 'Roll initiative' }).click()
    await expectLoaded(
      player
        .getByRole('complementary', { name: 'Party and turns' })
        .getByRole('listitem')
        .filter({ hasText: 'Brother Tobin' })
        .locator('img')
        .first(),
    )
  })
})

test('handouts are for those whom a DM chose, and a DM needs no pointer for them', async ({ table }) => {
  const dm = await table.dm()
  const ana = await table.player({ name: 'Ana' })
  const ben = await table.player({ name: 'Ben' })
  const { client, operate, send, where } = await callsOf(dm, table.server.url)

  await test.step('a handout for one player is on no other page, and is gone when somebody else is chosen', async () => {
    const id = await send(tideTable)
    const { handoutId } = await operate({ type: 'addHandout', title: 'A torn page', pictureId: id })
    const media: string[] = []
    ben.on('request', (request) => {
      if (request.url().includes('/media/')) media.push(request.url())
    })
    await dm.getByRole('tab', { name: 'Handouts' }).click()
    const row = dm.getByRole('listitem', { name: 'A torn page' })
    const chooseOnly = async (name: string) => {
      await row.getByRole('button', { name: 'Some…' }).click()
      const dialog = dm.getByRole('dialog', { name: 'Show it to some' })
      for (const one of await dialog.getByRole('checkbox').all()) await one.uncheck()
      await dialog.getByRole('checkbox', { name }).check()
      await dialog.getByRole('button', { name: 'Show it to one player' }).click()
      await expect(row).toContainText(`Shown to ${name}`)
    }
    await chooseOnly('Ana')
    await expect(ana.getByRole('button', { name: 'Look at A torn page' })).toBeVisible()
    await row.getByRole('button', { name: 'Show now' }).click()
    await expect(viewer(ana)).toBeVisible()
    await expectLoaded(viewer(ana).getByRole('img').first())
    await client.campaign.say.mutate({ roomId: where.roomId, key: newKey(), message: 'The wind turns.' })
    await expect(ben.getByTestId('entry').last()).toContainText('The wind turns.')
    expect(await ben.content()).not.toContain('torn page')
    expect(media).toEqual([])
    await chooseOnly('Ben')
    // It is still held up.
    await expect(viewer(ben)).toBeVisible()
    await expect(viewer(ana)).toBeHidden()
    await expect(ana.getByRole('button', { name: 'Look at A torn page' })).toHaveCount(0)
    await table.expectInStep(dm, [ana, ben])
    await operate({ type: 'removeHandout', id: handoutId ?? '' })
    await expect(viewer(ben)).toBeHidden()
  })

  await test.step('a DM adds, describes, moves, shows and deletes handouts from the keyboard alone', async () => {
    await blur(dm)
    const chooser = dm.waitForEvent('filechooser')
    await runCommand(dm, 'add pictures')
    await (await chooser).setFiles([tideTable, chapel])
    await expect(dm.getByRole('listitem', { name: 'Chapel' })).toBeVisible()
    await expect(dm.getByRole('listitem', { name: 'Tide table' })).toBeVisible()
    const titles = () =>
      dm
        .getByRole('list', { name: 'Handouts' })
        .locator('> li')
        .evaluateAll((rows) => rows.map((row) => row.ariaLabel))
    const before = await titles()
    await runCommand(dm, `open the handout ${before[0]}`)
    await expect(dm.getByRole('textbox', { name: 'Title' })).toBeFocused()
    await dm.keyboard.type('The tides of Saint Orla')
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('listitem', { name: 'The tides of Saint Orla' })).toBeVisible()
    await dm.getByRole('button', { name: 'Move The tides of Saint Orla down' }).focus()
    await dm.keyboard.press('Enter')
    await expect.poll(titles).toEqual([before[1], 'The tides of Saint Orla'])

    await ana.getByRole('textbox', { name: 'Say or act' }).focus()
    await runCommand(dm, 'show the tides now')
    await expect(viewer(ana)).toBeVisible()
    await ana.keyboard.press('+')
    await expect(percent(ana)).toHaveText('135 %')
    await ana.keyboard.press('Escape')
    await expect(viewer(ana)).toBeHidden()
    await expect.poll(() => focused(ana)).toBe('textarea Say or act')
    // Closed by the player, it stays closed; shown again, it opens again.
    await runCommand(dm, 'take it down')
    await expect(dm.getByRole('button', { name: 'Take it down' })).toBeHidden()
    await runCommand(dm, 'show the tides now')
    await expect(viewer(ana)).toBeVisible()

    await dm.getByRole('button', { name: 'Delete' }).focus()
    await dm.keyboard.press('Enter')
    await expect(viewer(ana)).toBeHidden()
    await expect.poll(titles).toEqual([before[1]])
    await dm.getByRole('button', { name: 'Undo', exact: true }).last().focus()
    await dm.keyboard.press('Enter')
    await expect.poll(titles).toEqual([before[1], 'The tides of Saint Orla'])
  })
})

test('DMs lose no text of a handout to each other, and their preview shows what players see', async ({ table }) => {
  const first = await table.dm()

  await test.step('two DMs who write the text of one handout see a conflict, and no text is lost', async () => {
    const second = await table.dm()
    const { operate } = await callsOf(first, table.server.url)
    await operate({ type: 'addHandout', title: 'A letter', text: 'Come.' })
    for (const dm of [first, second]) {
      await dm.getByRole('tab', { name: 'Handouts' }).click()
      await dm.getByRole('button', { name: 'Change A letter' }).click()
    }
    const textOf = (dm: Page) => dm.getByRole('listitem', { name: 'A letter' }).getByRole('textbox', { name: 'Text' })
    await textOf(second).fill('Come at noon.')
    await textOf(first).fill('Come at midnight.')
    await textOf(first).blur()
    // The typed text of the second DM survives the first one's change.
    const stored = async () => (await table.serverState(first))?.state.handouts?.map(({ text }) => text)
    await expect.poll(stored).toEqual(['Come at midnight.'])
    await expect(textOf(second)).toHaveValue('Come at noon.')
    await textOf(second).blur()
    const conflict = second.getByRole('alertdialog', { name: 'Another DM changed this' })
    await expect(conflict).toContainText('Yours: Come at noon.')
    await expect(conflict).toContainText('Theirs: Come at midnight.')
    await expectAccessible(second, 'conflict of a handout')
    await conflict.getByRole('button', { name: 'Take theirs' }).click()
    await expect(textOf(second)).toHaveValue('Come at midnight.')
    await expect(textOf(first)).toHaveValue('Come at midnight.')

    await textOf(second).fill('Come at dawn.')
    await textOf(first).fill('Come at dusk.')
    await textOf(first).blur()
    await expect.poll(stored).toEqual(['Come at dusk.'])
    await textOf(second).blur()
    await conflict.getByRole('button', { name: 'Keep mine' }).click()
    await expect(textOf(first)).toHaveValue('Come at dawn.')
    await table.expectInStep(first, [])
    await second.close()
  })

  await test.step('the preview shows the pictures that players see, and none that is hidden from them', async () => {
    const { client, where, operate, send } = await callsOf(first, table.server.url)
    const pictureId = await send(tideTable)
    const add = async (title: string) => (await operate({ type: 'addHandout', title, pictureId })).handoutId ?? ''
    const [shown, hidden] = [await add('The shown letter'), await add('The hidden letter')]
    for (const id of [shown, hidden]) await operate({ type: 'show', id, to: 'everyone' })
    await operate({ type: 'show', id: hidden, to: 'nobody' })
    // A character whose name is a secret speaks. Its face would tell it.
    const { state } = await client.campaign.get.query(where)
    const speaker = state.characters.find(({ name }) => name === 'Mira Ashdown')?.id ?? ''
    await operate({ type: 'setPortrait', characterId: speaker, pictureId: await send(face) })
    const { me } = await client.rooms.get.query({ roomId: where.roomId })
    const edit = async (fields: { ownerId: string | null; alias: string | null }) => {
      const { campaign } = await client.campaign.get.query(where)
      const patch = { characters: { upsert: [{ id: speaker, ...fields }] } }
      await client.campaign.edit.mutate({ ...where, key: newKey(), baseVersion: campaign.version, patch })
    }
    await edit({ ownerId: me.userId, alias: 'A stranger' })
    await client.campaign.say.mutate({ ...where, key: newKey(), message: '/roll 1d20' })

    await first.getByRole('tab', { name: 'View as' }).click()
    const story = first.getByRole('log', { name: 'Story as players see it' })
    const lineOf = (title: string) => story.getByTestId('entry').filter({ hasText: `The DM shows: ${title}` })
    await expectLoaded(lineOf('The shown letter').getByRole('img'))
    await expect(lineOf('The hidden letter')).toContainText('It is not shown any more.')
    await expect(lineOf('The hidden letter').getByRole('img')).toHaveCount(0)
    const roll = story.getByTestId('entry').last()
    await expect(roll).toContainText('1d20')
    await expect(roll.locator('img')).toHaveCount(0)
    await edit({ ownerId: me.userId, alias: null })
    await expectLoaded(roll.locator('img'))
  })
})
