// Pictures at a table: handouts, the picture of the scene, and portraits, from the file to every screen.
import type { BrowserContext, Locator, Page } from '@playwright/test'
import { playerView, stateHash } from '@tablecast/contracts'
import { newKey } from '@tablecast/server/testing/testbed'
import { expectAccessible } from './accessible.ts'
import { blur, focused, runCommand } from './keyboard.ts'
import { callsOf, dropFiles, expectLoaded, pasteFiles, pictureFile, removeSamplePictures } from './pictures.ts'
import { type HeldRequests, holdRequests } from './routes.ts'
import { desktop, expect, phone, probe, test, type View } from './table.ts'

const tablet: View = { width: 820, height: 1180 }
const tideTable = pictureFile('tide-table.png', 900, 700, [240, 220, 170], [60, 90, 140])
const chapel = pictureFile('chapel.png', 1600, 900, [20, 40, 70], [230, 170, 90])
const face = pictureFile('mira.png', 500, 800, [200, 90, 80], [40, 30, 60])

/** A part of the player's page, which a phone shows alone. */
async function showPart(player: Page, part: 'Story' | 'Party' | 'World') {
  const button = player.getByRole('button', { name: part, exact: true })
  if (await button.isVisible()) await button.click()
}
const viewer = (page: Page) => page.getByTestId('viewer')
const percent = (page: Page) => page.getByRole('status', { name: 'Zoom', exact: true })
const sideways = (page: Page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))

test.beforeEach(({ table }) => removeSamplePictures(table.server.url))

// Each look at a page judges both themes.
for (const [size, view] of Object.entries({ desktop, tablet, phone }))
  test(`a DM's pictures reach a player's ${size}, and go away when they are hidden`, async ({ table }) => {
    const dm = await table.dm({ view, scheme: 'light' })
    const player = await table.player({ view })

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
    await expectAccessible(dm, 'tray')
    expect(await sideways(dm)).toBe(0)
    await row.getByRole('button', { name: 'Show now' }).click()
    await expect(viewer(player)).toBeVisible()
    await expect(viewer(player).getByRole('heading', { name: 'Tide table' })).toBeVisible()
    const shown = viewer(player).getByRole('img', { name: 'A table of the tides, with Thursday torn out' })
    await expectLoaded(shown)
    await expectAccessible(player, 'viewer')
    expect(await sideways(player)).toBe(0)
    await dm.getByRole('button', { name: 'Take it down' }).click()
    await expect(viewer(player)).toBeHidden()
    await expect(player.getByTestId('entry').filter({ hasText: 'Tide table' }).getByRole('img')).toBeVisible()

    // It is on the shelf, until it is hidden.
    await showPart(player, 'World')
    const onShelf = player.getByRole('button', { name: 'Look at Tide table' }).last()
    await expectLoaded(onShelf.getByRole('img'))
    await expectAccessible(player, 'shelf')
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
    await expectAccessible(player, 'scene')
    await expectAccessible(dm, 'world')
    expect(await sideways(dm)).toBe(0)
    expect(await sideways(player)).toBe(0)
  })

for (const [size, view] of Object.entries({ desktop, tablet, phone }))
  test(`a short story begins under the picture of the scene and the offer of a recap on a ${size}`, async ({
    table,
  }) => {
    const dm = await table.dm()
    const { operate, send } = await callsOf(dm, table.server.url)
    await operate({ type: 'setScenePicture', picture: { pictureId: await send(chapel) } })
    const player = await table.player({ view })
    await expectLoaded(player.getByRole('region', { name: 'Scene' }).getByRole('img'))
    const log = player.getByRole('log', { name: 'Story' })
    await log.focus()
    await player.keyboard.press('Home')
    const first = player.getByTestId('entry').first()
    const offer = player.getByRole('complementary', { name: 'What happened before' })
    const gap = async (above: Locator) => {
      const [box, words] = [await above.boundingBox(), await first.boundingBox()]
      return (words?.y ?? 0) - ((box?.y ?? 0) + (box?.height ?? 0))
    }
    await expect.poll(() => gap(offer)).toBeGreaterThan(8)
    await offer.getByRole('button', { name: 'No recap, thank you' }).click()
    await expect.poll(() => gap(player.getByRole('region', { name: 'Scene' }))).toBeGreaterThan(8)
    await expect.poll(() => gap(player.getByRole('region', { name: 'Scene' }))).toBeLessThan(40)
  })

test('words stay where they are when a picture of the scene comes and goes, and a reader can scroll to the first', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player()
  const { operate, send } = await callsOf(dm, table.server.url)
  const pictureId = await send(chapel)
  await player.getByRole('button', { name: 'No recap, thank you' }).click()
  const first = player.getByTestId('entry').first()
  const scene = player.getByRole('region', { name: 'Scene' })
  const log = player.getByRole('log', { name: 'Story' })
  const place = async () => (await first.boundingBox())?.y
  const before = await place()
  await operate({ type: 'setScenePicture', picture: { pictureId } })
  await expectLoaded(scene.getByRole('img'))
  expect(await place()).toBe(before)
  await log.focus()
  await player.keyboard.press('Home')
  const picture = await scene.boundingBox()
  await expect.poll(place).toBeGreaterThan((picture?.y ?? 0) + (picture?.height ?? 0))
  const below = await place()
  await operate({ type: 'setScenePicture', picture: null })
  await expect(scene).toBeHidden()
  expect(await place()).toBe(below)
})

test('a portrait that is dropped on a character is cropped round, and stands beside the name everywhere', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player()
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dropFiles(dm.getByRole('button', { name: 'MA: change the portrait of Mira Ashdown' }), [face])
  const dialog = dm.getByRole('dialog', { name: 'Portrait of Mira Ashdown' })
  await expect(dialog).toBeVisible()
  await expectLoaded(dialog.getByRole('img'))
  await expectAccessible(dm, 'portrait')
  await dialog.getByRole('slider', { name: 'Zoom' }).fill('1.5')
  await dialog.getByRole('slider', { name: 'Up and down' }).fill('0.4')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  const card = player.getByTestId('character').filter({ hasText: 'Mira Ashdown' })
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
      .filter({ hasText: 'Mira Ashdown' })
      .locator('img')
      .first(),
  )
})

test('pictures that are dropped before the console’s code for them has loaded are not lost', async ({ table }) => {
  let desk: HeldRequests | undefined
  const dm = await table.dm({
    before: async (context) => {
      desk = await holdRequests(context, /PictureDesk-.*\.js/)
    },
  })
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dropFiles(dm.getByRole('button', { name: 'MA: change the portrait of Mira Ashdown' }), [face])
  await dropFiles(dm.locator('body'), [chapel])
  await expect.poll(() => desk?.count()).toBe(1)
  await desk?.release()
  await expect(dm.getByRole('dialog', { name: 'Portrait of Mira Ashdown' })).toBeVisible()
  await dm.keyboard.press('Escape')
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  await expect(dm.getByText('Chapel', { exact: true }).first()).toBeVisible()
})

test('a player changes the portrait of their own character, and nobody else’s', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  await dm.getByRole('tab', { name: 'Characters' }).click()
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
  await expect(change).toBeFocused()
  await expectLoaded(dm.getByRole('button', { name: 'MA: change the portrait of Mira Ashdown' }).locator('img'))
  // The player's words carry the face of the character.
  await showPart(player, 'Story')
  await player.getByRole('textbox', { name: 'Say or act' }).fill('It suits me.')
  await player.getByRole('button', { name: 'Send' }).click()
  await expectLoaded(dm.getByTestId('entry').last().locator('img'))
})

test('a handout for one player is on no other page, and is gone when somebody else is chosen', async ({ table }) => {
  const dm = await table.dm()
  const ana = await table.guest(dm, 'Ana')
  const ben = await table.guest(dm, 'Ben')
  const { client, operate, send, where } = await callsOf(dm, table.server.url)
  const id = await send(tideTable)
  await operate({ type: 'addHandout', title: 'A torn page', pictureId: id })
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
})

test('a picture is made larger by wheel, fingers, buttons and keys, and the way back leads to the table', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.page({
    view: phone,
    before: (context: BrowserContext) =>
      context.addInitScript(() => Object.defineProperty(navigator, 'maxTouchPoints', { value: 2 })),
  })
  await player.goto(table.server.url)
  await player.getByRole('button', { name: 'Open the sample as player' }).click()
  const { operate, send } = await callsOf(dm, table.server.url)
  const added = await operate({ type: 'addHandout', title: 'Tide table', pictureId: await send(chapel) })
  await operate({ type: 'show', id: added.handoutId ?? '', to: 'everyone' })
  await showPart(player, 'World')
  const open = player.getByRole('button', { name: 'Look at Tide table' }).last()
  await open.click()
  await expect(percent(player)).toHaveText('100 %')

  await player.getByRole('button', { name: 'Larger' }).click()
  await expect(percent(player)).toHaveText('135 %')
  await player.keyboard.press('+')
  await expect(percent(player)).toHaveText('182 %')
  const picture = viewer(player).getByRole('img').first()
  const before = (await picture.boundingBox())?.x ?? 0
  await player.getByRole('button', { name: 'Close' }).focus()
  await player.keyboard.press('ArrowRight')
  await expect.poll(async () => (await picture.boundingBox())?.x).toBeLessThan(before - 20)
  await player.keyboard.press('-')
  await expect(percent(player)).toHaveText('135 %')
  await player.keyboard.press('0')
  await expect(percent(player)).toHaveText('100 %')

  const zoom = player.getByTestId('zoom')
  await zoom.hover()
  await player.mouse.wheel(0, -300)
  await expect(percent(player)).not.toHaveText('100 %')
  await player.keyboard.press('0')
  await expect(percent(player)).toHaveText('100 %')

  // Two fingers that move apart.
  const fingers = await player.context().newCDPSession(player)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
    fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        type === 'touchEnd'
          ? []
          : [
              { x: 195 - apart, y: 420, id: 0 },
              { x: 195 + apart, y: 420, id: 1 },
            ],
    })
  await touch('touchStart', 20)
  for (const apart of [40, 60, 80, 100, 120]) await touch('touchMove', apart)
  await touch('touchEnd', 0)
  await expect(percent(player)).not.toHaveText('100 %')

  const address = player.url()
  await player.goBack()
  await expect(viewer(player)).toBeHidden()
  expect(player.url()).toBe(address)
  await open.click()
  await player.getByRole('button', { name: 'Close' }).click()
  await expect(viewer(player)).toBeHidden()
  await open.click()
  await player.keyboard.press('Escape')
  await expect(viewer(player)).toBeHidden()
  await expect(open).toBeFocused()
  // No step of the browser's history is left over.
  await player.goBack()
  await expect(player.getByRole('button', { name: 'Open the sample as player' })).toBeVisible()
})

test('a DM adds, describes, moves, shows and deletes handouts from the keyboard alone', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
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

  await player.getByRole('textbox', { name: 'Say or act' }).focus()
  await runCommand(dm, 'show the tides now')
  await expect(viewer(player)).toBeVisible()
  await player.keyboard.press('+')
  await expect(percent(player)).toHaveText('135 %')
  await player.keyboard.press('Escape')
  await expect(viewer(player)).toBeHidden()
  await expect.poll(() => focused(player)).toBe('textarea Say or act')
  // Closed by the player, it stays closed; shown again, it opens again.
  await runCommand(dm, 'take it down')
  await expect(dm.getByRole('button', { name: 'Take it down' })).toBeHidden()
  await runCommand(dm, 'show the tides now')
  await expect(viewer(player)).toBeVisible()

  await dm.getByRole('button', { name: 'Delete' }).focus()
  await dm.keyboard.press('Enter')
  await expect(viewer(player)).toBeHidden()
  await expect.poll(titles).toEqual([before[1]])
  await dm.getByRole('button', { name: 'Undo', exact: true }).last().focus()
  await dm.keyboard.press('Enter')
  await expect.poll(titles).toEqual([before[1], 'The tides of Saint Orla'])
})

test('pasted pictures and text become handouts, and pasted words stay in their field', async ({ table }) => {
  const dm = await table.dm()
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  await expect(dm.getByRole('button', { name: 'Add a text' })).toBeVisible()
  await blur(dm)
  await pasteFiles(dm, [tideTable])
  await expect(dm.getByRole('listitem', { name: 'Tide table' })).toBeVisible()
  await dm.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'Meet me at the weir\nat low tide.')
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(dm.getByRole('listitem', { name: 'Meet me at the weir' })).toBeVisible()
  const box = dm.getByRole('combobox', { name: 'Message' })
  await box.focus()
  await dm.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'Words for the table.')
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  })
  await expect(dm.getByRole('list', { name: 'Handouts' }).locator('> li')).toHaveCount(2)
})

test.describe('with small limits', () => {
  test.use({ environment: { MEDIA_PICTURE_MAX_BYTES: '200000' } })

  test('a file that is no picture, a script, a broken picture and one that is too large say why', async ({ table }) => {
    const dm = await table.dm()
    await dm.getByRole('tab', { name: 'Handouts' }).click()
    await expect(dm.getByRole('button', { name: 'Add a text' })).toBeVisible()
    const refused = dm.getByRole('complementary', { name: 'Pictures' }).getByRole('alert')
    const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer })
    const noise = Buffer.alloc(400_000, 'noise that does not compress')
    await dropFiles(dm.getByRole('log'), [
      file('not-a-picture.png', 'image/png', Buffer.from('MZ this is a program')),
      file(
        'script.svg',
        'image/svg+xml',
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      ),
      file('half.png', 'image/png', tideTable.buffer.subarray(0, 200)),
      file('large.png', 'image/png', Buffer.concat([tideTable.buffer, noise])),
    ])
    await expect(refused).toHaveCount(4)
    for (const name of ['not-a-picture.png', 'script.svg', 'half.png', 'large.png']) {
      const words = await refused.filter({ hasText: name }).locator('.text-bad').innerText()
      expect(words, name).toMatch(/^[A-Z].*\.$/)
      expect(words, name).not.toMatch(/connection broke off|server did not take/)
    }
    await expect(refused.filter({ hasText: 'script.svg' })).toContainText('SVG')
    await expectAccessible(dm, 'refusals')
    await dm.getByRole('button', { name: 'Dismiss large.png' }).click()
    await expect(refused).toHaveCount(3)
    await dropFiles(dm.getByRole('log'), [file('adventure.md', 'text/markdown', Buffer.from('# An adventure'))])
    await expect(dm.getByText('Only pictures can be dropped here')).toBeVisible()
    await expect(refused).toHaveCount(3)
  })
})

test('an upload on a slow line shows how far it is, and can be cancelled', async ({ table }) => {
  const dm = await table.dm()
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  await expect(dm.getByRole('button', { name: 'Add a text' })).toBeVisible()
  const line = await dm.context().newCDPSession(dm)
  await line.send('Network.enable')
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 20_000,
  })
  const noisy = Buffer.from(Array.from({ length: 600_000 }, (_, place) => (place * 7_919 + (place >> 3)) % 251))
  await dropFiles(dm.getByRole('log'), [{ ...tideTable, buffer: Buffer.concat([tideTable.buffer, noisy]) }])
  const progress = dm.getByRole('progressbar', { name: 'Upload of tide-table.png' })
  await expect(progress).toBeVisible()
  await dm.getByRole('button', { name: 'Cancel the upload of tide-table.png' }).click()
  await expect(progress).toBeHidden()
  await expect(dm.getByRole('listitem', { name: 'Tide table' })).toHaveCount(0)
})

for (const [what, text] of Object.entries({
  'an unbreakable word': 'Mirabellatrixandrathelongnamedprotectorofthesunkenbellsofold',
  '60 emoji': '🐉'.repeat(60),
  'a text from right to left': 'אבגדהוזחטיכלמנסעפצקרשת'.repeat(3).slice(0, 60),
}))
  test(`titles and words of pictures with ${what} fit a phone`, async ({ table }) => {
    const dm = await table.dm({ view: phone })
    const player = await table.player({ view: phone })
    const { operate, send } = await callsOf(dm, table.server.url)
    const added = await operate({ type: 'addHandout', title: text, alt: text, text, pictureId: await send(tideTable) })
    const id = added.handoutId ?? ''
    await operate({ type: 'show', id, to: 'everyone' })
    await dm.getByRole('tab', { name: 'Handouts' }).click()
    await dm.getByRole('button', { name: `Change ${text}` }).click()
    await operate({ type: 'present', id })
    await expect(viewer(player)).toBeVisible()
    await expect(dm.getByRole('button', { name: 'Take it down' })).toBeInViewport({ ratio: 1 })
    expect([await sideways(dm), await sideways(player)]).toEqual([0, 0])
    await expect(viewer(player).getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 })
    await player.keyboard.press('Escape')
    for (const part of ['World', 'Story'] as const) {
      await showPart(player, part)
      await expect(player.getByRole('button', { name: `Look at ${text}` }).first()).toBeVisible()
      expect([part, await sideways(player)]).toEqual([part, 0])
    }
  })

test('a picture that a player has seen stays without a connection, and none is a broken icon', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  const { operate, send } = await callsOf(dm, table.server.url)
  const show = async (title: string, pictureId: string) => {
    const { handoutId } = await operate({ type: 'addHandout', title, pictureId })
    await operate({ type: 'show', id: handoutId ?? '', to: 'everyone' })
  }
  await operate({ type: 'setScenePicture', picture: { pictureId: await send(chapel) } })
  await show('Tide table', await send(tideTable))
  const scene = player.getByRole('region', { name: 'Scene' }).getByRole('img')
  await expectLoaded(scene)
  await showPart(player, 'World')
  const open = player.getByRole('button', { name: 'Look at Tide table' }).last()
  await expectLoaded(open.getByRole('img'))
  await player.context().setOffline(true)
  await expect(player.getByTestId('connection')).toContainText('Offline')
  await open.click()
  // The larger size was never loaded.
  await expectLoaded(viewer(player).getByRole('img').first())
  await player.keyboard.press('Escape')
  await showPart(player, 'Story')
  await expectLoaded(scene)
  const broken = await player
    .locator('img')
    .evaluateAll(
      (images) =>
        images.filter((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth === 0)
          .length,
    )
  expect(broken).toBe(0)
  await player.context().setOffline(false)
  await expect(player.getByTestId('connection')).toHaveText('Live')
})

test('a picture that did not load comes when the connection is back', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  await player.route('**/media/**', (route) => route.abort())
  const { operate, send } = await callsOf(dm, table.server.url)
  const { handoutId } = await operate({ type: 'addHandout', title: 'Tide table', pictureId: await send(tideTable) })
  await operate({ type: 'present', id: handoutId })
  await expect(viewer(player)).toContainText('The picture has not loaded.')
  await player.unroute('**/media/**')
  await player.context().setOffline(true)
  await expect(player.getByTestId('connection')).toContainText('Offline')
  await player.context().setOffline(false)
  await expectLoaded(viewer(player).getByRole('img').first())
})

test('a person who saves data loads no large picture, and the scene only when asked', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({
    before: (context) =>
      context.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } })),
  })
  const loaded: string[] = []
  player.on('request', (request) => {
    if (request.url().includes('/media/')) loaded.push(request.url())
  })
  const { operate, send } = await callsOf(dm, table.server.url)
  const pictureId = await send(chapel)
  await operate({ type: 'setScenePicture', picture: { pictureId } })
  const ask = player.getByRole('button', { name: 'Load the picture' })
  await expect(ask).toBeVisible()
  expect(loaded).toEqual([])
  await ask.click()
  await expectLoaded(player.getByRole('region', { name: 'Scene' }).getByRole('img').first())
  const { handoutId } = await operate({ type: 'addHandout', title: 'Chapel', pictureId })
  await operate({ type: 'present', id: handoutId })
  await expectLoaded(viewer(player).getByRole('img').first())
  expect(loaded.filter((url) => url.endsWith('/2560.webp'))).toEqual([])
  await player.getByRole('button', { name: 'Load it sharp' }).click()
  await expect.poll(() => loaded.some((url) => url.endsWith('/2560.webp'))).toBe(true)
})

test('500 updates with pictures move nothing on a player’s page', async ({ table }) => {
  test.slow()
  const dm = await table.dm()
  const player = await table.player()
  const { client, operate, send, where } = await callsOf(dm, table.server.url)
  const [scene, portrait, handout] = [await send(chapel), await send(face), await send(tideTable)]
  await player.evaluate(() => {
    const page = window as unknown as { shift: number }
    page.shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) page.shift += (entry as PerformanceEntry & { value: number }).value
    }).observe({ type: 'layout-shift', buffered: false })
  })
  const { state } = await client.campaign.get.query(where)
  const id = state.characters.find(({ visible }) => visible)?.id ?? ''
  await operate({ type: 'setScenePicture', picture: { pictureId: scene } })
  await operate({ type: 'setPortrait', characterId: id, pictureId: portrait })
  const { handoutId } = await operate({ type: 'addHandout', title: 'Tide table', pictureId: handout })
  const hurt = (isHurt: boolean) =>
    client.campaign.operate.mutate({
      ...where,
      key: newKey(),
      operation: isHurt ? { type: 'damage', targets: [{ id }], amount: 1 } : { type: 'heal', targets: [id], amount: 1 },
    })
  for (let round = 0; round < 31; round++) {
    await operate({ type: 'show', id: handoutId ?? '', to: round % 2 === 0 ? 'everyone' : 'nobody' })
    await operate({ type: 'editScenePicture', dimming: (round % 8) / 10 })
    await Promise.all(Array.from({ length: 14 }, (_, place) => hurt(place % 2 === 0)))
  }
  const newest = await client.campaign.get.query(where)
  const hash = stateHash(playerView(newest.state))
  await expect.poll(async () => (await probe(player)).hash, { timeout: 120_000 }).toBe(hash)
  await expectLoaded(player.getByTestId('entry').filter({ hasText: 'The DM shows' }).last().getByRole('img'))
  await expectLoaded(player.getByRole('region', { name: 'Scene' }).getByRole('img'))
  expect(await player.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThanOrEqual(0.05)
})
