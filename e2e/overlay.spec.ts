// An overlay for the picture of a stream: transparent, small, and set up by its address.
import { gzipSync } from 'node:zlib'
import type { Page, Response } from '@playwright/test'
import sharp from 'sharp'
import { expectAccessible } from './accessible.ts'
import { expectFitForEyes } from './enlarged.ts'
import { screensOf } from './screens.ts'
import { expect, say, type View, test } from './table.ts'

const stream: View = { width: 1920, height: 1080 }
const MAX_BYTES = 60_000

/** The alpha of each of these places in the picture of the page, 0 to 255. */
async function alphaAt(page: Page, places: readonly { x: number; y: number }[], path: string): Promise<number[]> {
  const { data, info } = await sharp(await page.screenshot({ omitBackground: true, path }))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return places.map(({ x, y }) => data[(Math.round(y) * info.width + Math.round(x)) * info.channels + 3] ?? -1)
}

const middleOf = async (page: Page, region: string) => {
  const box = await page.getByRole('region', { name: region }).boundingBox()
  if (!box) throw new Error(`there is no ${region}`)
  return { x: box.x + box.width / 2, y: box.y + box.height - 4 }
}

test('an overlay is transparent where nothing stands, within 60 kB of scripts', async ({ table }, info) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { link, token } = await screens.make('overlay')
  const page = await table.page({ view: stream })
  const scripts: Response[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response)
  })
  await page.goto(`${table.server.url}/r/${screens.where.roomId}/overlay#${token}`)
  await expect(page.getByRole('region', { name: 'Turn order' })).toContainText('Sable')
  await expect(page.getByRole('region', { name: 'Party' })).toContainText('21/28')
  await say(dm, 'The *bell* rings.')
  await expect(page.getByRole('region', { name: 'Story' })).toHaveText('The bell rings.')
  await say(dm, '/roll 1d20+5')
  const roll = page.getByRole('region', { name: 'Last roll' })
  await expect(roll).toContainText('1d20+5')
  await expectAccessible(page, 'an overlay')
  await expectFitForEyes(page, 'an overlay')
  const nothing = [
    { x: 5, y: 5 },
    { x: 960, y: 540 },
    { x: 1915, y: 1075 },
    { x: 30, y: 400 },
  ]
  const parts = [
    await middleOf(page, 'Turn order'),
    await middleOf(page, 'Party'),
    await middleOf(page, 'Last roll'),
    await middleOf(page, 'Story'),
  ]
  const alphas = await alphaAt(page, [...nothing, ...parts], info.outputPath('overlay.png'))
  expect(alphas.slice(0, nothing.length)).toEqual([0, 0, 0, 0])
  for (const alpha of alphas.slice(nothing.length)) expect(alpha).toBeGreaterThan(150)
  for (const [number, scheme] of (['dark', 'light'] as const).entries()) {
    await page.emulateMedia({ colorScheme: scheme })
    expect(await alphaAt(page, nothing, info.outputPath(`scheme-${number}.png`))).toEqual([0, 0, 0, 0])
  }

  const names = scripts.map((response) => new URL(response.url()).pathname).join(' ')
  let bytes = 0
  for (const response of scripts) bytes += gzipSync(await response.body()).byteLength
  expect(bytes, names).toBeGreaterThan(20_000)
  expect(bytes, names).toBeLessThanOrEqual(MAX_BYTES)

  // A roll goes by itself.
  await expect(roll).toBeHidden({ timeout: 60_000 })
  await screens.show('black')
  await expect(page.getByRole('region')).toHaveCount(0)
  await screens.show('auto')
  await screens.revoke(link.id)
  await expect(page.getByTestId('overlay')).toContainText('This link is not valid any more.')
})

test('an overlay shows nothing at all while its code is missing, and comes back by itself', async ({ table }, info) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { token } = await screens.make('overlay')
  const page = await table.page({ view: stream })
  await page.clock.install()
  const code = Promise.withResolvers<void>()
  await page.route('**/assets/OverlayPage-*.js', async (route) => {
    await code.promise
    await route.abort()
  })
  await page.goto(`${table.server.url}/r/${screens.where.roomId}/overlay#${token}`, { waitUntil: 'commit' })
  await expect(page.locator(':root[data-screen=overlay]')).toBeAttached()
  const looks = async (name: string) => {
    await expect(page.locator('body')).toHaveText('')
    const places = [stream.width / 2, 40].map((x) => ({ x, y: 40 }))
    expect(await alphaAt(page, places, info.outputPath(`${name}.png`))).toEqual([0, 0])
  }
  await looks('loading')
  const failed = page.waitForEvent('requestfailed')
  code.resolve()
  await failed
  await looks('failed')
  await page.unroute('**/assets/OverlayPage-*.js')
  await page.clock.fastForward(11_000)
  await expect(page.getByRole('region', { name: 'Turn order' })).toBeVisible()
})

test('the address of an overlay chooses its parts, its side and its size', async ({ table }, info) => {
  const dm = await table.dm()
  const screens = await screensOf(dm, table)
  const { token } = await screens.make('overlay')
  const open = (search: string) => screens.open('overlay', token, { view: stream, search })
  const party = await open('?show=party&side=right&size=150')
  const region = party.getByRole('region')
  await expect(region).toHaveCount(1)
  await expect(region).toHaveAccessibleName('Party')
  const box = await region.boundingBox()
  expect(box?.x ?? 0).toBeGreaterThan(1_000)
  const sizeOf = (page: Page) =>
    page.getByTestId('overlay').evaluate((main) => Number.parseFloat(getComputedStyle(main).fontSize))
  const turns = await open('?show=turns')
  await expect(turns.getByRole('region')).toHaveAccessibleName('Turn order')
  expect((await sizeOf(party)) / (await sizeOf(turns))).toBeCloseTo(1.5, 1)
  await party.screenshot({ omitBackground: true, path: info.outputPath('party.png') })
  // Letters for which the order is too long: names end early, and numbers stay whole.
  const large = await open('?show=turns&size=300')
  await expect(large.getByRole('listitem').first()).toBeVisible()
  const lines = await large
    .getByRole('listitem')
    .locator('b')
    .evaluateAll((all) => all.map((one) => one.clientHeight / Number.parseFloat(getComputedStyle(one).lineHeight)))
  expect(lines.length).toBeGreaterThan(2)
  expect(Math.max(...lines)).toBeLessThan(1.5)
  await large.screenshot({ omitBackground: true, path: info.outputPath('large.png') })
})
