// A television at the table: nothing to press, big words, and it comes back by itself.
import { newKey } from '@tablecast/server/testing/clients'
import type { Page } from '@playwright/test'
import { expectAccessibleInBothThemes, expectAccessible } from './accessible.ts'
import { expectFitForEyes } from './enlarged.ts'
import { runCommand } from './keyboard.ts'
import { tilesOf } from './maps.ts'
import { screensOf, smallestWords } from './screens.ts'
import { expect, ownProcess, probe, say, type View, test, withoutWebSockets } from './table.ts'
import { fits, tooWide } from './too-wide.ts'

const fullHd: View = { width: 1920, height: 1080 }
const hd: View = { width: 1280, height: 720 }

test('a television shows scene, map, handout and turns in letters for across the room', async ({ table }, info) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { link, token } = await screens.make('tv')
  const tv = await screens.open('tv', token, { view: fullHd })
  const root = tv.getByTestId('tv')
  const picture = async (name: string) => {
    await tv.evaluate(() => document.fonts.ready.then(() => undefined))
    await tv.screenshot({ path: info.outputPath(`${name}.png`) })
  }
  await expect(tv.getByRole('region', { name: 'Turn order' })).toContainText('Sable')
  await say(dm, 'The bell rings, and the water answers it.')
  await expect(root).toContainText('The bell rings, and the water answers it.')
  await expect.poll(async () => (await probe(tv)).link).toBe('websocket')
  expect(await root.getByRole('button').count()).toBe(0)
  await picture('first')
  expect((await smallestWords(tv)).size).toBeGreaterThanOrEqual(28)
  await expectAccessibleInBothThemes(tv, 'a television')

  await screens.show('scene')
  await expect(tv.getByRole('region', { name: 'Scene' })).toBeVisible()
  await expect(tv.getByRole('img', { name: /chapel/i }).first()).toBeVisible()
  await picture('scene')
  expect((await smallestWords(tv)).size).toBeGreaterThanOrEqual(28)
  await screens.show('story')
  await expect(tv.getByRole('region', { name: 'Story' })).toContainText('The bell rings')
  await picture('story')
  expect((await smallestWords(tv)).size).toBeGreaterThanOrEqual(28)
  await expectAccessible(tv, 'the story on a television')
  await screens.show('black')
  await expect(root).toHaveAttribute('data-show', 'black')
  await expect(tv.getByRole('region')).toHaveCount(0)
  await screens.show('map')
  const { maps } = (await screens.client.campaign.get.query(screens.where)).state
  await screens.client.maps.operate.mutate({
    ...screens.where,
    key: newKey(),
    operation: { type: 'showMap', id: maps?.[0]?.id ?? '' },
  })
  await expect(tv.getByTestId('map')).toBeVisible()
  await expect(tv.locator('[data-token]').first()).toBeVisible()
  await expect.poll(() => tilesAreLoaded(tv, 1)).toBe(true)
  // The two lines below a map have room for a name and a roll.
  await say(dm, '/roll 1d20')
  const caption = tv.getByRole('region', { name: 'Story' })
  await expect(caption).toContainText('1d20')
  const [entry, author] = [caption.getByTestId('entry'), caption.getByText('The DM')]
  const [edge, top] = [await entry.boundingBox(), await author.boundingBox()]
  expect(top?.y ?? 0).toBeGreaterThanOrEqual((edge?.y ?? Infinity) - 0.5)
  await picture('map')
  await screens.show('auto')

  // “Show this”: a handout that the DM holds up.
  const { state } = await screens.client.campaign.get.query(screens.where)
  const handout = state.handouts?.[0]
  await screens.operate({ type: 'show', id: handout?.id ?? '', to: 'everyone' })
  await screens.operate({ type: 'present', id: handout?.id ?? '' })
  await expect(tv.getByRole('heading', { name: handout?.title ?? 'none' })).toBeVisible()
  await picture('handout')
  expect((await smallestWords(tv)).size).toBeGreaterThanOrEqual(28)
  await screens.operate({ type: 'present', id: null })

  await tv.setViewportSize(hd)
  await expect.poll(() => tooWide(tv)).toEqual(fits)
  await picture('hd')
  // As 200 % on a large television.
  await tv.setViewportSize({ width: 960, height: 540 })
  await expect.poll(() => tooWide(tv)).toEqual(fits)
  await picture('zoomed')
  await tv.emulateMedia({ forcedColors: 'active' })
  await expectAccessible(tv, 'a television in forced colours')
  await picture('forced-colours')
  await tv.emulateMedia({ forcedColors: 'none' })
  await tv.setViewportSize(fullHd)

  const { roomId } = screens.where
  await screens.client.campaign.deactivate.mutate({ roomId, key: newKey() })
  await expect(root).toContainText('The table is resting.')
  await picture('idle')
  await screens.revoke(link.id)
  await expect(root).toContainText('This link is not valid any more')
  await picture('revoked')
})

test('the revealed part of a map fills a television, and more of it comes into sight', async ({ table }, info) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { token } = await screens.make('tv')
  const { maps } = (await screens.client.campaign.get.query(screens.where)).state
  const map = maps?.[0]
  if (!map) throw new Error('the sample has no map')
  const operate = (operation: Parameters<typeof screens.client.maps.operate.mutate>[0]['operation']) =>
    screens.client.maps.operate.mutate({ ...screens.where, key: newKey(), operation })
  await operate({ type: 'changeFog', mapId: map.id, stroke: { kind: 'all' }, reveals: false })
  const corner = { x: map.width * 0.3, y: map.height * 0.4 }
  const reveal = (to: { x: number; y: number }) =>
    operate({ type: 'changeFog', mapId: map.id, stroke: { kind: 'rectangle', from: corner, to }, reveals: true })
  await reveal({ x: map.width * 0.7, y: map.height * 0.6 })
  await operate({ type: 'showMap', id: map.id })
  await screens.show('map')
  await say(dm, 'The bell rings, and the water answers it. '.repeat(12))
  for (const view of [fullHd, hd]) {
    const tv = await screens.open('tv', token, { view })
    await expect(tv.locator('[data-token]').first()).toBeVisible()
    // Two fifths of the picture’s width are revealed, and a cell at each side stays as a margin.
    await expect.poll(() => partInSight(tv)).toBeLessThan(0.6)
    // The rectangle lies in two tiles of the picture.
    await expect.poll(() => tilesAreLoaded(tv, 2)).toBe(true)
    await tv.screenshot({ path: info.outputPath(`part-${view.height}.png`) })
    const before = await partInSight(tv)
    await say(dm, 'A short word.')
    await expect(tv.getByTestId('tv')).toContainText('A short word.')
    expect(await partInSight(tv)).toBe(before)
    await tv.context().close()
  }
  const tv = await screens.open('tv', token, { view: fullHd })
  await tv.emulateMedia({ reducedMotion: 'no-preference' })
  await expect.poll(() => partInSight(tv)).toBeLessThan(0.6)
  await operate({ type: 'changeFog', mapId: map.id, stroke: { kind: 'all' }, reveals: true })
  await expect.poll(() => partInSight(tv)).toBeCloseTo(1, 2)
  await expect.poll(() => tilesAreLoaded(tv, 4)).toBe(true)
  await tv.screenshot({ path: info.outputPath('whole.png') })
})

/** The share of a map’s picture that the screen shows, along the side of which it shows less. */
const partInSight = (tv: Page): Promise<number> =>
  tv.evaluate(() => {
    const [screen, picture] = ['.map-view', '.map-overlay'].map((one) =>
      document.querySelector(one)?.getBoundingClientRect(),
    )
    if (!screen || !picture) return Infinity
    return Math.min(screen.width / picture.width, screen.height / picture.height)
  })

/** Whether every tile with an address has its picture. */
const tilesAreLoaded = (tv: Page, howMany: number): Promise<boolean> =>
  tilesOf(tv).evaluateAll(
    (all, least) => all.length >= least && all.every((one) => (one as HTMLImageElement).naturalWidth > 0),
    howMany,
  )

test(
  'a television comes back by itself after two restarts, and shows what it missed',
  ownProcess,
  async ({ table }) => {
    const dm = await table.dm()
    const screens = await screensOf(dm, table)
    const { token } = await screens.make('tv')
    const tv = await screens.open('tv', token, { view: hd })
    await expect(tv.getByRole('region', { name: 'Turn order' })).toBeVisible()
    for (const words of ['After the first restart.', 'After the second restart.']) {
      await table.server.kill()
      await table.server.start()
      await expect(dm.getByTestId('connection')).toHaveText('Live')
      await say(dm, words)
      await expect(tv.getByTestId('tv')).toContainText(words)
    }
    await table.expectInStep(dm, [tv])
    expect((await probe(tv)).healed).toBe(0)
  },
)

test('a television without WebSockets follows over SSE, also after that was refused for a while', async ({ table }) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { token } = await screens.make('tv')
  const tv = await table.page({ view: hd, before: withoutWebSockets })
  const proxy = { refuses: true, refused: 0 }
  await tv.route(/\/trpc\/screens\./, (route) => {
    if (!proxy.refuses) return route.continue()
    proxy.refused += 1
    return route.abort()
  })
  await tv.goto(`${table.server.url}/r/${screens.where.roomId}/tv#${token}`)
  // Two streams for each try, and two tries before another transport is taken.
  await expect.poll(() => proxy.refused).toBeGreaterThan(6)
  proxy.refuses = false
  await expect.poll(async () => (await probe(tv)).link).toBe('sse')
  await say(dm, 'The bell rings.')
  await expect(tv.getByTestId('tv')).toContainText('The bell rings.')
  await screens.show('black')
  await expect(tv.getByTestId('tv')).toHaveAttribute('data-show', 'black')
})

test('a television whose code could not be loaded comes back by itself', async ({ table }) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { token } = await screens.make('tv')
  const tv = await table.page({ view: hd })
  await tv.clock.install()
  await tv.route('**/assets/TvPage-*.js', (route) => route.abort())
  await tv.goto(`${table.server.url}/r/${screens.where.roomId}/tv#${token}`)
  await expect(tv.getByRole('status')).toHaveText('The screen comes back by itself…')
  expect((await smallestWords(tv)).size).toBeGreaterThanOrEqual(25)
  await tv.unroute('**/assets/TvPage-*.js')
  await tv.clock.fastForward(11_000)
  await expect(tv.getByRole('region', { name: 'Turn order' })).toBeVisible()
})

test('the console makes a link for a screen, chooses its picture, and takes it back', async ({ table }, info) => {
  const dm = await table.dm()
  await dm.getByRole('button', { name: 'Screens', exact: true }).click()
  const dialog = dm.getByRole('dialog', { name: 'Screens' })
  await dialog.getByRole('textbox', { name: 'Name of the screen' }).fill('Living room')
  await dm.screenshot({ path: info.outputPath('screens.png') })
  await dialog.getByRole('button', { name: 'Make a link' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Link for Living room' }).inputValue()
  await dm.screenshot({ path: info.outputPath('made.png') })
  await expectAccessibleInBothThemes(dm, 'the dialog of screens')
  await expectFitForEyes(dm, 'the dialog of screens')
  const tv = await table.page({ view: hd })
  await tv.goto(link)
  await expect(tv.getByRole('region', { name: 'Turn order' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.getByRole('button', { name: 'Black' }).click()
  await expect(tv.getByTestId('tv')).toHaveAttribute('data-show', 'black')
  await dialog.getByRole('button', { name: 'Automatic' }).click()
  await expect(tv.getByTestId('tv')).toHaveAttribute('data-show', 'auto')
  await dialog.getByRole('button', { name: 'Take back the link for Living room' }).click()
  await dm.getByRole('button', { name: 'Take back', exact: true }).click()
  await expect(tv.getByTestId('tv')).toContainText('This link is not valid any more')
  await expect(dialog.getByRole('button', { name: /^Take back the link/ })).toHaveCount(0)
  // By the keyboard, from anywhere in the console.
  await dm.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await runCommand(dm, 'screens: black')
  await dm.getByRole('button', { name: 'Screens', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Black', pressed: true })).toBeVisible()
})
