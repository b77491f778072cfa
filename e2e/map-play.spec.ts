// Play on a map: sight with walls, a fight, and a bad connection.
import type { Page } from '@playwright/test'
import { row, startGoblins } from './fight-console.ts'
import {
  addMapFiles,
  addThing,
  cell,
  type Cell,
  cellOf,
  changeFog,
  drag,
  ferryHouse,
  makeMap,
  mapOf,
  placeOnScreen,
  placeTokens,
  revealAll,
  showMap,
  takeCharacter,
  tilesOf,
  tokenOf,
} from './maps.ts'
import { expect, phone, test } from './table.ts'

test.use({ contextOptions: { reducedMotion: 'no-preference' } })

const MIRA = 'Mira Ashdown'
const TOBIN = 'Brother Tobin'

async function dragToken(page: Page, name: string, to: Cell): Promise<void> {
  await drag(page, [await cellOf(page, name), to])
}
const standsAt = (page: Page, name: string, { row: line, column }: Cell) =>
  expect(tokenOf(page, name)).toHaveAccessibleName(new RegExp(`row ${line}, column ${column}(,|$)`))

/** How dark the layer of explored places is over a cell of 50 pixels, 0 to 255. It has a pixel for each block of 16. */
const dimmedAt = (page: Page, { column, row: line }: Cell) =>
  page
    .getByTestId('explored')
    .evaluate((canvas: HTMLCanvasElement, [x, y]) => canvas.getContext('2d')?.getImageData(x, y, 1, 1).data[3] ?? -1, [
      Math.floor(((column - 0.5) * 50) / 16),
      Math.floor(((line - 0.5) * 50) / 16),
    ] as const)

test('with sight, players see what their tokens see, walk through open doors only, and find left places dimmed', async ({
  table,
}) => {
  const dm = await table.dm()
  await dm.getByRole('tab', { name: 'Maps' }).click()
  await addMapFiles(dm, [ferryHouse()])
  await expect(dm.getByRole('region', { name: 'Map: Ferry house' })).toBeVisible()
  await mapOf(dm).getByRole('button', { name: 'Grid and sight of the map' }).click()
  const daylight = dm.getByRole('switch', { name: 'Daylight everywhere' })
  if (!(await daylight.isChecked())) await daylight.click()
  await expect(dm.getByRole('switch', { name: 'Reveal what the party sees' })).toBeChecked()
  await mapOf(dm).getByRole('button', { name: 'Grid and sight of the map' }).click()
  await placeTokens(dm, [MIRA])
  await dragToken(dm, MIRA, cell(8, 8))
  await standsAt(dm, MIRA, cell(8, 8))
  await addThing(dm, 'Boat')
  await dragToken(dm, 'Boat', cell(18, 8))
  await standsAt(dm, 'Boat', cell(18, 8))
  await showMap(dm)
  const player = await table.player()
  await takeCharacter(dm, player, MIRA)
  await standsAt(player, MIRA, cell(8, 8))
  await expect(tokenOf(player, 'Boat')).toBeHidden()

  // The door is closed.
  await dragToken(player, MIRA, cell(15, 8))
  await expect(mapOf(player).getByText('You can’t see a way there.')).toBeVisible()
  await standsAt(player, MIRA, cell(8, 8))
  await mapOf(dm).getByRole('button', { name: 'Door 1, closed: open it' }).click()
  await expect(tokenOf(player, 'Boat')).toBeVisible()
  await dragToken(player, MIRA, cell(15, 8))
  await standsAt(dm, MIRA, cell(15, 8))
  await expect(mapOf(player).getByText('You can’t see a way there.')).toBeHidden()
  // A corner of the house was seen, and is out of sight now.
  await expect.poll(() => dimmedAt(player, cell(11, 5))).toBeGreaterThan(60)
  expect(await dimmedAt(player, cell(15, 8))).toBe(0)
  await table.expectInStep(dm, [player])
})

test('a fighter comes onto the map out of the fight, and an area fills the damage of those who stand inside', async ({
  table,
}) => {
  const dm = await table.dm()
  await startGoblins(dm)
  await makeMap(dm, 'Crypt')
  await showMap(dm)
  await revealAll(dm)
  const player = await table.player()
  for (const [name, at] of [
    ['Goblin 1', cell(6, 6)],
    ['Goblin 2', cell(7, 6)],
    ['Goblin 3', cell(18, 12)],
  ] as const) {
    const from = row(dm, name).getByText(name, { exact: true })
    const place = await placeOnScreen(dm, at)
    await from.scrollIntoViewIfNeeded()
    const box = await dm.getByTestId('map').boundingBox()
    await from.dragTo(dm.getByTestId('map'), {
      targetPosition: { x: place.x - (box?.x ?? 0), y: place.y - (box?.y ?? 0) },
    })
    await standsAt(dm, name, at)
  }
  // The second time it moves there.
  const place = await placeOnScreen(dm, cell(7, 7))
  const box = await dm.getByTestId('map').boundingBox()
  await row(dm, 'Goblin 2')
    .getByText('Goblin 2', { exact: true })
    .dragTo(dm.getByTestId('map'), {
      targetPosition: { x: place.x - (box?.x ?? 0), y: place.y - (box?.y ?? 0) },
    })
  await standsAt(player, 'Goblin 2', cell(7, 7))

  await mapOf(dm).getByRole('button', { name: 'Place an area' }).click()
  await drag(dm, [cell(6.5, 6.5), cell(9.5, 6.5)])
  await mapOf(dm).getByRole('button', { name: 'Tokens and areas' }).click()
  await mapOf(dm).getByRole('button', { name: 'Damage to the 2 inside' }).click()
  const many = dm.locator('[data-damage=many]')
  await expect(many).toBeFocused()
  await dm.keyboard.type('5')
  await dm.keyboard.press('Enter')
  const isHurt = /Hurt|Bloodied|Down|Dead|Defeated/
  for (const name of ['Goblin 1', 'Goblin 2']) await expect(row(dm, name)).toContainText(isHurt)
  await expect(row(dm, 'Goblin 3')).not.toContainText(isHurt)
  await table.expectInStep(dm, [player])
})

test('a map comes through a lost connection, moves without motion, and takes names in any script', async ({
  table,
}) => {
  const dm = await table.dm()
  await makeMap(dm, 'מערת הגאות')
  await showMap(dm)
  await placeTokens(dm, [MIRA, TOBIN])
  await addThing(dm, 'خزانة الملك القديم')
  await revealAll(dm)
  const player = await table.player({ view: phone })
  await player.emulateMedia({ reducedMotion: 'reduce' })
  await takeCharacter(dm, player, MIRA)
  await player.getByRole('button', { name: 'Map', exact: true }).click()
  await expect(tokenOf(player, MIRA)).toBeVisible()
  await expect(mapOf(player)).toHaveAccessibleName('Map: מערת הגאות')
  // A token that jumps has no way between two places.
  const motion = () =>
    player
      .locator('.map-token')
      .first()
      .evaluate((token) => getComputedStyle(token).transitionDuration)
  expect(parseFloat(await motion())).toBeLessThan(0.01)

  await player.context().setOffline(true)
  await changeFog(dm, 'Hide', cell(1, 1), cell(6, 18))
  const before = await cellOf(dm, TOBIN)
  await dragToken(dm, TOBIN, cell(before.column, before.row + 4))
  await standsAt(dm, TOBIN, cell(before.column, before.row + 4))
  // A move without a connection is not lost without a word: the token goes back, and the page says why.
  const mira = await cellOf(player, MIRA)
  await tokenOf(player, MIRA).focus()
  await player.keyboard.press('ArrowUp')
  await player.keyboard.press('Enter')
  await expect(mapOf(player).locator('.map-problem')).not.toBeEmpty()
  await standsAt(player, MIRA, mira)
  await player.context().setOffline(false)
  await standsAt(player, TOBIN, cell(before.column, before.row + 4))
  await expect(tilesOf(player).first()).toBeVisible()
  await table.expectInStep(dm, [player])

  // A pointer leaves a trail on the screens of people who want motion.
  const watcher = await table.player({ name: 'Wanda' })
  await expect(tilesOf(watcher).first()).toBeVisible()
  await mapOf(dm).getByRole('button', { name: 'Show my pointer' }).click()
  const trail = mapOf(watcher).getByTestId('trail').locator('line')
  const swing = async () => {
    for (const column of [9, 10, 11, 12, 13, 14]) {
      const { x, y } = await placeOnScreen(dm, cell(column, 4))
      await dm.mouse.move(x, y, { steps: 4 })
    }
    return trail.count()
  }
  await expect.poll(swing).toBeGreaterThan(1)
  await expect(trail).toHaveCount(0)
})
