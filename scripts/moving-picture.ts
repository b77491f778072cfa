// Makes the moving picture of the README from screenshots of a DM's page and a player's phone: a reveal on the map, and a blow.
import type { Browser, Page } from '@playwright/test'
import { newKey } from '@tablecast/server/testing/testbed'
import sharp from 'sharp'
import { damage, fighters, give, nextUntil, plan, setInRow } from '../e2e/fight-console.ts'
import { type Cell, cell, mapOf, placeOnScreen, showMap, tilesOf } from '../e2e/maps.ts'
import { callsOf } from '../e2e/pictures.ts'
import { TestServer } from '../e2e/server.ts'
import { phone, Table } from '../e2e/table.ts'
import { framePage, type Frames } from './moving-picture/frames.ts'

const DESK = { width: 1_120, height: 700 }
/** The nave beyond the light of the torches. */
const HALL: readonly [Cell, Cell] = [cell(10.6, 5), cell(17, 14.6)]
const DRAG_STEPS = 4

/** Writes the moving picture and, for people who want less motion, a still one. Takes a server of its own for the fight. */
export async function movingPicture(browser: Browser, paths: { moving: string; still: string }): Promise<void> {
  const server = await TestServer.start()
  const table = new Table(server, browser)
  try {
    const { pictures, delays, still } = await played(table)
    const moving = sharp(pictures, { join: { animated: true } })
    await moving.webp({ delay: delays, loop: 0, quality: 90, effort: 6, smartSubsample: true }).toFile(paths.moving)
    await sharp(still).webp({ quality: 90, smartSubsample: true }).toFile(paths.still)
  } finally {
    await table.close()
    await server.stop()
  }
}

async function played(table: Table) {
  const dm = await table.dm({ view: DESK })
  const player = await table.player({ view: phone })
  await prepare(table, dm, player)
  const frames = await framePage(await table.page(), [dm, player])
  await frames.add(1_600)
  await reveal(dm, player, frames)
  const still = frames.pictures.at(-1)
  await dm.getByRole('button', { name: 'Next turn' }).click()
  await player.getByText('Your turn', { exact: true }).waitFor()
  await frames.add(1_600)
  await strike(dm, player, frames)
  return { ...frames, still }
}

async function prepare(table: Table, dm: Page, player: Page): Promise<void> {
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await give(dm, 'Mira Ashdown', 'A player')
  await plan(dm, '2 skeleton', 1)
  await dm.getByRole('button', { name: 'Start the fight' }).click()
  await dm.getByRole('button', { name: /^Roll for/ }).click()
  // By hand, so that the order is the same in each picture.
  const order = ['Skeleton 1', 'Mira Ashdown', 'Skeleton 2', 'Sable', 'Brother Tobin', 'Corvin Vale']
  for (const [place, name] of order.entries()) await setInRow(dm, name, 'Initiative', String(60 - place))
  await nextUntil(dm, 'Skeleton 1')
  await placeSkeletons(table, dm)
  await dm.getByRole('tab', { name: 'Maps' }).click()
  await dm.getByRole('button', { name: 'The chapel of Saint Orla' }).first().click()
  await showMap(dm)
  await mapOf(dm).getByRole('button', { name: 'The story beside the map' }).click()
  await dm.getByRole('button', { name: 'Fold the tabs' }).click()
  await player.getByRole('button', { name: 'Map', exact: true }).click()
  await allTiles(player)
  // As two fingers would do it.
  const { x, y } = await placeOnScreen(player, cell(10, 9))
  await player.mouse.move(x, y)
  await player.mouse.wheel(0, -100)
  for (const page of [dm, player]) await allTiles(page)
  await scrollToFirst(dm)
}

/** The row of the acting fighter stays in view, so that “scroll into view” leaves it over another one. */
const scrollToFirst = (dm: Page): Promise<void> =>
  fighters(dm)
    .first()
    .evaluate((row) => {
      for (let around = row.parentElement; around; around = around.parentElement) around.scrollTop = 0
    })

async function placeSkeletons(table: Table, dm: Page): Promise<void> {
  const { client, where } = await callsOf(dm, table.server.url)
  const { state } = await client.campaign.get.query(where)
  const map = state.maps?.[0]
  if (!map) throw new Error('the sample has no map')
  const tokens = state.characters
    .filter(({ name }) => name.startsWith('Skeleton'))
    .map(({ id }, n) => ({
      characterId: id,
      name: '',
      x: map.grid.size * 13.5,
      y: map.grid.size * (7.5 + n * 3),
      size: 1,
      visible: true,
      darkvision: 60,
    }))
  await client.maps.operate.mutate({ ...where, key: newKey(), operation: { type: 'addTokens', mapId: map.id, tokens } })
}

async function reveal(dm: Page, player: Page, frames: Frames): Promise<void> {
  const tool = mapOf(dm).getByRole('button', { name: 'Reveal', exact: true })
  await tool.click()
  const [from, to] = await Promise.all(HALL.map((one) => placeOnScreen(dm, one)))
  if (!from || !to) throw new Error('there is no map')
  await dm.mouse.move(from.x, from.y)
  await dm.mouse.down()
  for (let step = 1; step <= DRAG_STEPS; step++) {
    const share = step / DRAG_STEPS
    await dm.mouse.move(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
    await frames.add(step === DRAG_STEPS ? 450 : 220)
  }
  const before = await tilesShown(player)
  await dm.mouse.up()
  await tool.click()
  await player.waitForFunction(
    (shown) =>
      shown !== [...document.querySelectorAll<HTMLImageElement>('.leaflet-tile img')].map(({ src }) => src).join(),
    before,
  )
  for (const page of [dm, player]) await allTiles(page)
  await player.locator('[data-token]').nth(6).waitFor()
  await frames.add(2_200)
}

async function strike(dm: Page, player: Page, frames: Frames): Promise<void> {
  await scrollToFirst(dm)
  const box = dm.getByRole('textbox', { name: 'Damage to Skeleton 1', exact: true })
  await box.fill('9 slashing')
  await frames.add(900)
  await damage(dm, 'Skeleton 1', '9 slashing')
  await player.getByRole('button', { name: 'Party' }).click()
  await player.getByText('Bloodied').first().waitFor()
  await frames.add(2_400)
}

const tilesShown = (page: Page): Promise<string> =>
  tilesOf(page).evaluateAll((all) => (all as HTMLImageElement[]).map(({ src }) => src).join())

/** Waits for the tiles of the map in view. */
export async function allTiles(page: Page): Promise<void> {
  await tilesOf(page).first().waitFor()
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('.leaflet-tile img')].every((tile) => tile.complete),
  )
}
