// Maps on the pages: a DM prepares, shows and reveals, and players see the change without a reload.
import type { Page } from '@playwright/test'
import { expectAccessibleInBothThemes } from './accessible.ts'
import {
  addThing,
  cell,
  cellOf,
  changeFog,
  drag,
  makeMap,
  mapOf,
  placeOnScreen,
  placeTokens,
  revealAll,
  showMap,
  takeCharacter,
  tilesOf,
  tokenOf,
  touchOf,
} from './maps.ts'
import { sideways } from './pictures.ts'
import { boxOf, desktop, expect, lying, phone, type Table, test } from './table.ts'

// Without motion a map neither glides nor zooms by steps.
test.use({ contextOptions: { reducedMotion: 'no-preference' } })

const MIRA = 'Mira Ashdown'
const TOBIN = 'Brother Tobin'
const HAG = 'Old Marrow, the tide hag'

/** The tokens on the map that was made last. The sample has a map of its own. */
async function tokensOnNewest(table: Table, dm: Page) {
  const { maps = [], tokens = [] } = (await table.serverState(dm))?.state ?? {}
  const newest = maps?.at(-1)
  return (tokens ?? []).filter(({ mapId }) => mapId === newest?.id)
}

test('players get what the DM reveals of a map, and no byte of what is hidden or in fog', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.page()
  const received: string[] = []
  player.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(String(payload))))
  player.on('response', (response) => {
    if (!response.url().includes('/assets/'))
      void response.text().then(
        (text) => received.push(text),
        () => {},
      )
  })
  await table.openAsPlayer(player)
  await makeMap(dm, 'Crypt')

  await test.step('a player sees each part that the DM reveals, and loses it when it is hidden, undone or closed', async () => {
    await expect(mapOf(player)).toBeHidden()
    await showMap(dm)
    await expect(mapOf(player)).toBeVisible()
    await expect(tilesOf(player)).toHaveCount(0)

    await changeFog(dm, 'Reveal', cell(4, 4), cell(12, 10))
    await expect(tilesOf(player).first()).toBeVisible()
    const shown = await tilesOf(player).evaluateAll((images) => images.map((image) => image.getAttribute('src')))
    // A DM's addresses are no players' addresses.
    const whole = await tilesOf(dm).evaluateAll((images) => images.map((image) => image.getAttribute('src')))
    expect(shown.filter((address) => whole.includes(address))).toEqual([])
    await table.expectInStep(dm, [player])

    await changeFog(dm, 'Hide', cell(4, 4), cell(12, 10))
    await expect(tilesOf(player)).toHaveCount(0)
    await dm.getByRole('button', { name: /^Undo/ }).click()
    await expect(tilesOf(player).first()).toBeVisible()
    // The same part has the same address as before.
    expect(await tilesOf(player).evaluateAll((images) => images.map((image) => image.getAttribute('src')))).toEqual(
      shown,
    )

    await mapOf(dm).getByRole('button', { name: 'Close it for players' }).click()
    await expect(mapOf(player)).toBeHidden()
    await table.expectInStep(dm, [player])
  })

  await test.step('a hidden token, and a token in fog, are in no byte that a player’s page gets', async () => {
    await changeFog(dm, 'Hide', cell(4, 4), cell(12, 10))
    await showMap(dm)
    // The hag's character is hidden. Nobody hides the wagon, but it stands in fog. Players always see the party.
    await placeTokens(dm, [MIRA, HAG])
    await addThing(dm, 'Wagon')
    await expect(tokenOf(player, MIRA)).toBeVisible()
    const tokens = await tokensOnNewest(table, dm)
    const idOf = (name: string) => tokens.find((token) => token.name === name)?.id ?? ''
    for (const name of ['Wagon', HAG]) {
      const { row, column } = await cellOf(dm, name)
      await drag(dm, [cell(column, row), cell(column + 3, row + 3)])
      await expect(tokenOf(dm, name)).toHaveAccessibleName(new RegExp(`row ${row + 3}, column ${column + 3}`))
    }
    await table.expectInStep(dm, [player])
    expect(received.some((text) => text.includes(idOf(MIRA)))).toBe(true)
    for (const name of ['Wagon', HAG]) expect(received.filter((text) => text.includes(idOf(name)))).toEqual([])

    await revealAll(dm)
    await expect(tokenOf(player, 'Wagon')).toBeVisible()
    await expect(tokenOf(player, HAG)).toBeHidden()
    expect(received.filter((text) => text.includes(idOf(HAG)))).toEqual([])
  })
})

test('tokens, areas, pings and rulers work from a pointer and from the keyboard, and reach the other pages', async ({
  table,
}) => {
  const dm = await table.dm()
  await makeMap(dm, 'Crypt')
  await showMap(dm)
  await placeTokens(dm, [MIRA, TOBIN])
  await revealAll(dm)
  const player = await table.player()
  await expect(tokenOf(player, MIRA)).toBeVisible()

  await test.step('a ping and a ruler reach the others, with the name of the person', async () => {
    await expect(tilesOf(player).first()).toBeVisible()

    await mapOf(player).getByRole('button', { name: 'Point at a place' }).click()
    const { x, y } = await placeOnScreen(player, cell(6, 6))
    await player.mouse.click(x, y)
    await expect(mapOf(dm).getByTestId('ping')).toBeVisible()
    await expect(mapOf(dm).getByText('A player', { exact: true })).toBeVisible()

    await mapOf(dm).getByRole('button', { name: 'Measure' }).click()
    await drag(dm, [cell(3, 3), cell(9, 3)], { hold: true })
    await expect(mapOf(player).getByText('The DM: 30 ft')).toBeVisible()
    await dm.mouse.up()
    await expect(mapOf(player).getByText('The DM: 30 ft')).toBeHidden()

    await mapOf(dm).getByRole('button', { name: 'Players see my ruler, pointer and areas' }).click()
    await drag(dm, [cell(3, 3), cell(9, 3)], { hold: true })
    await expect(mapOf(dm).getByText('30 ft', { exact: true })).toBeVisible()
    await dm.mouse.up()
    await mapOf(dm).getByRole('button', { name: 'Point at a place' }).click()
    // The player's own mark is gone by then, so the next one is the DM's.
    await expect(mapOf(player).getByTestId('ping')).toBeHidden()
    const place = await placeOnScreen(dm, cell(5, 5))
    await dm.mouse.click(place.x, place.y)
    await expect(mapOf(player).getByTestId('ping')).toBeVisible()
    await expect(mapOf(player).getByText('The DM: 30 ft')).toBeHidden()
    await mapOf(dm).getByRole('button', { name: 'Players see my ruler, pointer and areas' }).click()
    await mapOf(dm).getByRole('button', { name: 'Move the map and tokens' }).click()
  })

  await test.step('a token moves by the keyboard alone: arrows, Enter and Escape, each step in words', async () => {
    const said = mapOf(dm).getByRole('status', { name: 'On the map' })
    const mira = tokenOf(dm, MIRA)
    const at = async () => (await tokensOnNewest(table, dm))[0]
    const before = await at()

    await mira.focus()
    await dm.keyboard.press('ArrowRight')
    await expect(said).toHaveText(/^Mira Ashdown, row 10, column 14/)
    await dm.keyboard.press('Escape')
    await expect(said).toHaveText(/^Cancelled. Mira Ashdown, row 10, column 13/)
    expect(await at()).toEqual(before)

    await dm.keyboard.press('ArrowDown')
    await dm.keyboard.press('ArrowRight')
    await expect(said).toHaveText(/row 11, column 14\. 10 ft$/)
    await dm.keyboard.press('Enter')
    await expect(said).toHaveText(/^Moved: Mira Ashdown, row 11, column 14/)
    await expect.poll(at).toMatchObject({ x: 13.5 * 64, y: 10.5 * 64 })
    await expect(mira).toBeFocused()

    await mapOf(dm).getByRole('button', { name: 'Tokens and areas' }).click()
    const list = mapOf(dm).getByRole('list', { name: 'On the map' })
    await expect(list.getByRole('button', { name: /^Mira Ashdown, row 11, column 14/ })).toBeVisible()
    // The whole map was in view, and is so in the narrower place beside the list.
    await expect(dm.locator('.map-overlay')).toBeInViewport({ ratio: 0.98 })
    await mapOf(dm).getByRole('button', { name: 'Tokens and areas' }).click()
    await expect(list).toBeHidden()
  })

  await test.step('a token moves by the pointer, and the others see it move before it is dropped', async () => {
    const [, tobin] = await tokensOnNewest(table, dm)
    await expect(tokenOf(player, MIRA)).toHaveAccessibleName(/row 11, column 14/)

    await drag(dm, [cell(14, 11), cell(15, 11), cell(16, 11)], { hold: true })
    await expect(mapOf(dm).getByText('10 ft', { exact: true })).toBeVisible()
    await expect(tokenOf(player, MIRA)).toHaveAccessibleName(/row 11, column 16/)
    // Until the drop, the state has the token where it was.
    expect(await tokensOnNewest(table, dm)).toMatchObject([{ x: 13.5 * 64, y: 10.5 * 64 }, tobin])
    await dm.mouse.up()
    await expect.poll(() => tokensOnNewest(table, dm)).toMatchObject([{ x: 15.5 * 64, y: 10.5 * 64 }, tobin])
    await expect(tokenOf(player, MIRA)).toHaveAccessibleName(/row 11, column 16/)
    await table.expectInStep(dm, [player])
  })

  await test.step('an area tells who stands inside, and stays until somebody removes it', async () => {
    await mapOf(dm).getByRole('button', { name: 'Place an area' }).click()
    await drag(dm, [cell(14, 10), cell(17, 10)])
    await mapOf(player).getByRole('button', { name: 'The map in words' }).click()
    const area = mapOf(player).getByRole('list', { name: 'Areas' }).getByRole('listitem')
    await expect(area).toContainText('Circle, radius 15 ft')
    await expect(area).toContainText('Mira Ashdown and Brother Tobin')
    // The DM placed it.
    await expect(area.getByRole('button')).toBeHidden()
    await mapOf(dm).getByRole('button', { name: 'Tokens and areas' }).click()
    await mapOf(dm)
      .getByRole('button', { name: /^Remove: Circle/ })
      .click()
    await expect(area).toBeHidden()
  })
})

test('a phone shows the map as a part of the table, for fingers, and its DM can go there', async ({ table }) => {
  const dm = await table.dm()
  await makeMap(dm, 'A'.repeat(60))
  await showMap(dm)
  await placeTokens(dm, [MIRA, TOBIN])
  await revealAll(dm)
  const player = await table.player({ view: phone })
  const width = async () => (await player.locator('.map-overlay').boundingBox())?.width ?? 0

  await test.step('a phone shows the map as a part of the table', async () => {
    await player.getByRole('button', { name: 'Map', exact: true }).click()
    await expect(tokenOf(player, MIRA)).toBeVisible()
    expect(await sideways(player)).toBe(0)
    await expectAccessibleInBothThemes(player, 'player’s map on a phone')
  })
  const whole = await width()

  await test.step('on a phone, one finger drags a token, two zoom, and a long press is a ping', async () => {
    await takeCharacter(dm, player, MIRA)
    await expect(tokenOf(player, MIRA)).toHaveAccessibleName(/yours/)
    const touch = await touchOf(player)
    const [, tobin] = await tokensOnNewest(table, dm)

    await touch.start(await placeOnScreen(player, cell(13, 10)))
    for (const column of [14, 15, 16]) await touch.move(await placeOnScreen(player, cell(column, 10)))
    await expect(tokenOf(dm, MIRA)).toHaveAccessibleName(/row 10, column 16/)
    await touch.end()
    await expect.poll(() => tokensOnNewest(table, dm)).toMatchObject([{ x: 15.5 * 64 }, tobin])

    await touch.start(await placeOnScreen(player, cell(8, 5)))
    await expect(mapOf(dm).getByTestId('ping')).toBeVisible()
    await touch.end()

    const before = await width()
    const [left, right] = [await placeOnScreen(player, cell(10, 6)), await placeOnScreen(player, cell(14, 6))]
    await touch.start(left, right)
    for (const by of [10, 25, 45, 70]) await touch.move({ ...left, x: left.x - by }, { ...right, x: right.x + by })
    await touch.end()
    await expect.poll(width).toBeGreaterThan(before * 1.4)
    await table.expectInStep(dm, [player])
  })

  await test.step('a DM shows players on phones the part that the DM sees', async () => {
    await player.getByRole('button', { name: 'Show the whole map' }).click()
    await expect.poll(width).toBeLessThan(whole * 1.1)
    await expect(dm.locator('.map-overlay')).toHaveCSS('width', '672px')
    await mapOf(dm).getByRole('button', { name: 'Show players the part that I see' }).click()
    // A quick hand presses again while the map still zooms, and the players' maps get the last view while they zoom to the one before.
    const closer = mapOf(dm).getByRole('button', { name: 'Zoom in' })
    await closer.dblclick()
    await closer.click()
    await expect.poll(width).toBeGreaterThan(whole * 6)
    const further = mapOf(dm).getByRole('button', { name: 'Zoom out' })
    await further.dblclick()
    await further.click()
    await expect.poll(width).toBeLessThan(whole * 1.2)
  })

  await test.step('a phone on its side shows map and story, and no line of the story lies over the field below it', async () => {
    await player.setViewportSize(lying)
    const parts = [player.getByRole('log'), player.getByRole('textbox', { name: 'Say or act' }), mapOf(player)] as const
    const seen = async () => {
      const [log, field, drawn] = [await boxOf(parts[0]), await boxOf(parts[1]), await boxOf(parts[2])]
      return { isApart: log.y + log.height <= field.y, isHigh: Math.min(log.height, drawn.height) > 150 }
    }
    await expect.poll(seen).toEqual({ isApart: true, isHigh: true })
  })
})

test('the pages with a map can be read by everyone, and a player moves no token of another', async ({ table }) => {
  test.slow()
  const dm = await table.dm()
  await makeMap(dm, 'Crypt')
  await showMap(dm)
  await placeTokens(dm, [MIRA, TOBIN, HAG])
  await revealAll(dm)
  const player = await table.player()
  await expect(tokenOf(player, MIRA)).toBeVisible()

  await test.step('the pages with a map can be read by everyone, on a desktop, a tablet and a phone', async () => {
    await mapOf(player).getByRole('button', { name: 'The map in words' }).click()
    const settings = mapOf(dm).getByRole('button', { name: 'Grid and sight of the map' })
    for (const view of [desktop, { width: 820, height: 1180 }, phone]) {
      const at = `at ${view.width} × ${view.height}`
      await dm.setViewportSize(view)
      expect(await sideways(dm)).toBe(0)
      await expectAccessibleInBothThemes(dm, `DM’s map ${at}`)
      await mapOf(dm).getByRole('button', { name: 'Tokens and areas' }).click()
      await expectAccessibleInBothThemes(dm, `DM’s map with its tokens ${at}`)
      await settings.click()
      await expectAccessibleInBothThemes(dm, `DM’s map with its settings ${at}`)
      await settings.click()
      await expect(settings).toHaveAttribute('aria-expanded', 'false')
      if (view === phone) continue
      await player.setViewportSize(view)
      expect(await sideways(player)).toBe(0)
      await expectAccessibleInBothThemes(player, `player’s map ${at}`)
    }
  })

  await test.step('a player moves no token of another, and none at all on a locked map', async () => {
    for (const page of [dm, player]) await page.setViewportSize(desktop)
    await takeCharacter(dm, player, MIRA)
    await expect(tokenOf(player, MIRA)).toHaveAccessibleName(/yours/)
    const before = await tokensOnNewest(table, dm)
    await tokenOf(player, TOBIN).focus()
    await player.keyboard.press('ArrowRight')
    await player.keyboard.press('Enter')
    await mapOf(dm).getByRole('button', { name: 'Grid and sight of the map' }).click()
    await dm.getByRole('switch', { name: 'Players may not move tokens' }).click()
    await expect(tokenOf(player, MIRA)).toHaveAttribute('aria-roledescription', 'token')
    await tokenOf(player, MIRA).focus()
    await player.keyboard.press('ArrowRight')
    await player.keyboard.press('Enter')
    expect(await tokensOnNewest(table, dm)).toEqual(before)
  })
})
