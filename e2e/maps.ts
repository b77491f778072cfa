// Maps for tests: how a person makes one, and where its places are on a screen.
import { mapFile } from '@tablecast/media/testing'
import { expect, type Page } from '@playwright/test'
import { floor, type PictureFile } from './pictures.ts'

/** A place on a map by its cell, counted from 1, as pages name it. */
export type Cell = { column: number; row: number }
export const cell = (column: number, row: number): Cell => ({ column, row })

export const mapOf = (page: Page) => page.getByRole('region', { name: /^Map: / })
/** The button of a token. Its name begins with that of its character. */
export const tokenOf = (page: Page, name: string) =>
  page.getByTestId('map').getByRole('button', { name: new RegExp(`^${name}, `) })
export const tilesOf = (page: Page) => page.getByTestId('map').locator('.leaflet-tile img')

/** Makes an empty map with 24 × 18 cells by the tab Maps, which opens it. */
export async function makeMap(dm: Page, name: string): Promise<void> {
  await dm.getByRole('tab', { name: 'Maps' }).click()
  await dm.getByRole('button', { name: 'Empty grid' }).click()
  await dm.getByRole('textbox', { name: 'Name of the map' }).fill(name)
  await dm.getByRole('button', { name: 'Make the map' }).click()
  await expect(dm.getByRole('region', { name: `Map: ${name}` })).toBeVisible()
  await expect(tilesOf(dm).first()).toBeVisible()
}

/** Chooses files in the tab Maps, which is open. */
export const addMapFiles = (dm: Page, files: readonly PictureFile[]): Promise<void> =>
  dm.getByTestId('map-field').setInputFiles([...files])

/**
 * A Universal VTT file of 24 × 18 cells: a house from column 5 to 12 and from row 5 to 12, with a door in the middle of its east wall, and a door
 * without a length, which is left out.
 */
export function ferryHouse(): PictureFile {
  const corner = (x: number, y: number) => ({ x, y })
  const buffer = mapFile({
    cells: { x: 24, y: 18 },
    picture: floor.buffer.toString('base64'),
    more: {
      line_of_sight: [[corner(12, 7), corner(12, 4), corner(4, 4), corner(4, 12), corner(12, 12), corner(12, 9)]],
      portals: [
        { bounds: [corner(12, 7), corner(12, 9)], closed: true },
        { bounds: [corner(3, 3), corner(3, 3)], closed: true },
      ],
      lights: [{ position: corner(8, 8), range: 6 }],
    },
  })
  return { name: 'Ferry house.dd2vtt', mimeType: 'application/octet-stream', buffer }
}

export async function showMap(dm: Page): Promise<void> {
  await mapOf(dm).getByRole('button', { name: 'Show it to players' }).click()
  await expect(mapOf(dm).getByRole('button', { name: 'Close it for players' })).toBeVisible()
}

/** Places characters on the map, in the middle of the part in view. */
export async function placeTokens(dm: Page, names: readonly string[]): Promise<void> {
  const panel = dm.getByTestId('map-panel')
  if (!(await panel.isVisible())) await mapOf(dm).getByRole('button', { name: 'Tokens and areas' }).click()
  for (const name of names) {
    await panel.getByRole('button', { name: `Place ${name}` }).click()
    await expect(tokenOf(dm, name)).toBeVisible()
  }
  await mapOf(dm).getByRole('button', { name: 'Tokens and areas' }).click()
  await expect(panel).toBeHidden()
}

/** Places a thing without a character. */
export async function addThing(dm: Page, name: string): Promise<void> {
  const button = mapOf(dm).getByRole('button', { name: 'Tokens and areas' })
  await button.click()
  await dm.getByRole('textbox', { name: 'Name of a thing' }).fill(name)
  await dm.getByTestId('map-panel').getByRole('button', { name: 'Place', exact: true }).click()
  await expect(tokenOf(dm, name)).toBeVisible()
  await button.click()
}

/** Where a token stands, by the name of its button. */
export async function cellOf(page: Page, name: string): Promise<Cell> {
  const label = (await tokenOf(page, name).getAttribute('aria-label')) ?? ''
  const [, row, column] = /row (\d+), column (\d+)/.exec(label) ?? []
  return cell(Number(column), Number(row))
}

/** The middle of a cell of a 24 × 18 map on the screen. A map beside a panel that closes moves with the next frame, which may be late. */
export async function placeOnScreen(page: Page, { column, row }: Cell): Promise<{ x: number; y: number }> {
  const overlay = page.locator('.map-overlay')
  await (await overlay.elementHandle())?.waitForElementState('stable')
  const box = await overlay.boundingBox()
  if (!box) throw new Error('there is no map')
  return { x: box.x + ((column - 0.5) / 24) * box.width, y: box.y + ((row - 0.5) / 18) * box.height }
}

/** Presses at the first cell, and moves over the others. `hold`: the pointer stays down. */
export async function drag(page: Page, cells: readonly Cell[], { hold = false } = {}): Promise<void> {
  const [first, ...rest] = await Promise.all(cells.map((one) => placeOnScreen(page, one)))
  if (!first) return
  await page.mouse.move(first.x, first.y)
  await page.mouse.down()
  for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 6 })
  if (!hold) await page.mouse.up()
}

export async function revealAll(dm: Page): Promise<void> {
  const button = mapOf(dm).getByRole('button', { name: 'Reveal', exact: true })
  await button.click()
  await mapOf(dm).getByRole('button', { name: 'Reveal all' }).click()
  await button.click()
}

/** Reveals or hides a rectangle of whole cells, from the upper left corner of one to the lower right corner of another. */
export async function changeFog(dm: Page, tool: 'Reveal' | 'Hide', from: Cell, to: Cell): Promise<void> {
  const button = mapOf(dm).getByRole('button', { name: tool, exact: true })
  await button.click()
  await drag(dm, [cell(from.column - 0.55, from.row - 0.55), cell(to.column + 0.55, to.row + 0.55)])
  await button.click()
}

/** Gives a character to the guest who opened the sample as a player. */
export async function takeCharacter(dm: Page, player: Page, name: string): Promise<void> {
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dm.getByRole('button', { name: `Edit ${name}` }).click()
  await dm.getByRole('group', { name }).getByLabel('Played by').selectOption({ label: 'A player' })
  await expect(player.getByText('(you)').first()).toBeAttached()
}

type Place = { x: number; y: number }
type Touch = {
  start(...places: Place[]): Promise<unknown>
  move(...places: Place[]): Promise<unknown>
  end(): Promise<unknown>
}

/** One finger or two on a page, as Chromium takes them from a screen. */
export async function touchOf(page: Page): Promise<Touch> {
  const session = await page.context().newCDPSession(page)
  const send = async (type: 'touchStart' | 'touchMove' | 'touchEnd', places: readonly Place[]): Promise<void> => {
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: places.map(({ x, y }, id) => ({ x, y, id })) })
  }
  return {
    start: (...places: Place[]) => send('touchStart', places),
    move: (...places: Place[]) => send('touchMove', places),
    end: () => send('touchEnd', []),
  }
}
