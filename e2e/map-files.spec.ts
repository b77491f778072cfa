// Maps out of files on a DM's page: pictures and Universal VTT, with their grid, walls and doors, and the ways to change the fog.
import { open, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  addMapFiles,
  addThing,
  cell,
  drag,
  ferryHouse,
  mapOf,
  placeOnScreen,
  showMap,
  tilesOf,
  tokenOf,
} from './maps.ts'
import { chapel } from './pictures.ts'
import { expect, test } from './table.ts'

/** A file with a hole: it takes no room on the disk. */
async function hugeFile(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'tablecast-huge-'))
  const path = join(folder, 'world.png')
  await using file = await open(path, 'w')
  await file.truncate(70_000_000)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

const option = (dm: Page, name: string | RegExp) => mapOf(dm).getByRole('button', { name })
async function fogTool(dm: Page, tool: 'Reveal' | 'Hide', shape: RegExp): Promise<void> {
  const button = mapOf(dm).getByRole('button', { name: tool, exact: true })
  if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click()
  await option(dm, shape).click()
}
async function press(dm: Page, column: number, row: number): Promise<void> {
  const { x, y } = await placeOnScreen(dm, cell(column, row))
  await dm.mouse.click(x, y)
}

test('maps come out of files, and what is revealed of them ends at walls and closed doors', async ({ table }) => {
  const dm = await table.dm()

  await test.step('files become maps: a picture, and a file of Universal VTT that says what was left out of it', async () => {
    const sent: string[] = []
    dm.on('request', (request) => {
      if (request.method() === 'POST' && request.url().includes('/pictures')) sent.push(request.url())
    })
    await dm.getByRole('tab', { name: 'Maps' }).click()
    await using huge = await hugeFile()
    await dm.getByTestId('map-field').setInputFiles(huge.path)
    await expect(dm.getByRole('alert')).toContainText('This file is too large')
    expect(sent).toEqual([])
    await dm.getByRole('button', { name: 'Dismiss world.png' }).click()

    await addMapFiles(dm, [chapel])
    await expect(dm.getByRole('region', { name: 'Map: chapel' })).toBeVisible()
    await expect(tilesOf(dm).first()).toBeVisible()

    // The grid on trial is drawn at once, and saved when the DM keeps it.
    const gridNow = async () => (await table.serverState(dm))?.state.maps?.at(-1)?.grid.size
    const lines = () => mapOf(dm).locator('.map-layer pattern').first().getAttribute('width')
    await option(dm, 'Grid and sight of the map').click()
    const size = dm.getByRole('textbox', { name: 'Size of a cell, pixels' })
    await size.fill('100')
    await size.press('Enter')
    await expect.poll(lines).toBe('100')
    expect(await gridNow()).toBe(70)
    await dm.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(lines).toBe('70')
    await size.fill('80')
    await size.press('Enter')
    await dm.getByRole('button', { name: 'Keep this grid' }).click()
    await expect.poll(gridNow).toBe(80)
    const cells = dm.getByRole('combobox', { name: 'Cells' })
    await cells.selectOption('Hexagons in columns')
    await expect.poll(async () => Number(await lines())).toBeCloseTo(80 * Math.sqrt(3))
    await cells.selectOption('Hexagons in rows')
    await expect.poll(lines).toBe('80')
    await dm.getByRole('button', { name: 'Keep this grid' }).click()
    await expect.poll(async () => (await table.serverState(dm))?.state.maps?.at(-1)?.grid.kind).toBe('hex-rows')

    await addMapFiles(dm, [ferryHouse()])
    await expect(dm.getByRole('region', { name: 'Map: Ferry house' })).toBeVisible()
    const kept = dm.getByRole('status').filter({ hasText: 'Ferry house.dd2vtt' })
    await expect(kept).toContainText('A door has no length or lies beside the map, and was left out.')
    await dm.getByRole('button', { name: 'Dismiss Ferry house.dd2vtt' }).click()
    await expect(kept).toBeHidden()
    expect(sent).toHaveLength(2)
  })

  await test.step('rooms, polygons and the brush reveal to players what lies inside of them, up to walls and closed doors', async () => {
    await option(dm, 'Grid and sight of the map').click()
    await dm.getByRole('switch', { name: 'Reveal what the party sees' }).click()
    await option(dm, 'Grid and sight of the map').click()
    await showMap(dm)
    for (const [name, at] of [
      ['Keg', cell(8, 8)],
      ['Boat', cell(18, 8)],
    ] as const) {
      await addThing(dm, name)
      await tokenOf(dm, name).hover()
      const box = await tokenOf(dm, name).boundingBox()
      const to = await placeOnScreen(dm, at)
      await dm.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2)
      await dm.mouse.down()
      await dm.mouse.move(to.x, to.y, { steps: 8 })
      await dm.mouse.up()
      await expect(tokenOf(dm, name)).toHaveAccessibleName(new RegExp(`row ${at.row}, column ${at.column}`))
    }
    const player = await table.player()
    await expect(mapOf(player)).toBeVisible()
    await expect(tilesOf(player)).toHaveCount(0)

    await fogTool(dm, 'Reveal', /^Whole room/)
    await press(dm, 6, 6)
    await expect(tokenOf(player, 'Keg')).toBeVisible()
    await expect(tokenOf(player, 'Boat')).toBeHidden()

    // Through an open door the room goes on.
    const door = mapOf(dm).getByRole('button', { name: /^Door 1, / })
    await expect(door).toHaveAccessibleName('Door 1, closed: open it')
    await option(dm, 'Move the map and tokens').click()
    await door.click()
    await expect(door).toHaveAccessibleName('Door 1, open: close it')
    await fogTool(dm, 'Reveal', /^Whole room/)
    await press(dm, 6, 6)
    await expect(tokenOf(player, 'Boat')).toBeVisible()

    await fogTool(dm, 'Hide', /^Polygon/)
    for (const [column, row] of [
      [6, 6],
      [11, 6],
      [11, 11],
      [6, 11],
    ] as const)
      await press(dm, column, row)
    await option(dm, 'Hide it').click()
    await expect(tokenOf(player, 'Keg')).toBeHidden()
    await expect(tokenOf(player, 'Boat')).toBeVisible()
    // A shape that is not finished can be dropped.
    await press(dm, 16, 6)
    await press(dm, 20, 6)
    await option(dm, 'Cancel').click()
    await expect(option(dm, 'Cancel')).toBeHidden()

    await fogTool(dm, 'Reveal', /^Brush/)
    await drag(dm, [cell(7, 8), cell(8, 8), cell(9, 8)])
    await expect(tokenOf(player, 'Keg')).toBeVisible()
    await table.expectInStep(dm, [player])
    // Doors, walls and lights are the DM's.
    await expect(mapOf(player).getByRole('button', { name: /^Door/ })).toBeHidden()
  })
})
