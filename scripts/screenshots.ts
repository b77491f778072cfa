// `pnpm screenshots`: the pictures of the README and of the documents for DMs, taken from the real product.
import { mkdirSync } from 'node:fs'
import { chromium } from '@playwright/test'
import config from '../playwright.config.ts'
import { TestServer } from '../e2e/server.ts'
import { damage, fighters, give, nextUntil, plan, setInRow } from '../e2e/fight-console.ts'
import { mapOf, showMap } from '../e2e/maps.ts'
import { desktop, phone, say, Table } from '../e2e/table.ts'
import { allTiles, movingPicture } from './moving-picture.ts'

const folder = 'docs/images'
mkdirSync(folder, { recursive: true })
const server = await TestServer.start()
const browser = await chromium.launch(config.use?.launchOptions ?? {})
const table = new Table(server, browser)
type Page = Awaited<ReturnType<Table['page']>>

/** Waits for the fonts, which a page loads after everything else. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() =>
    ['Inter Variable', 'Literata Variable'].every((font) =>
      [...document.fonts].some(({ family, status }) => status === 'loaded' && family.includes(font)),
    ),
  )
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' })
}

await movingPicture(browser, { moving: `${folder}/table.webp`, still: `${folder}/table-still.webp` })
const landing = await table.page({ view: desktop })
await landing.goto(server.url)
await landing.getByRole('button', { name: 'Open the sample as DM' }).waitFor()
await shoot(landing, 'landing')
const dm = await table.dm()
const player = await table.player()
const mobile = await table.player({ view: phone, scheme: 'light' })
await player.getByRole('textbox', { name: 'Say or act' }).fill('I brace the doors with a pew. [[1d20+4]]')
await player.getByRole('button', { name: 'Send' }).click()
await say(dm, '/hp Corvin -4')
await say(dm, '/turn next')
await say(dm, 'The doors hold, for now. Salt water spits through the keyhole.')
for (const page of [player, mobile]) await page.getByTestId('entry').filter({ hasText: 'The doors hold' }).waitFor()
for (const place of [0, 1]) await dm.getByText('in sync').nth(place).waitFor()
// Pictures come after everything else.
for (const page of [player, mobile])
  await page.waitForFunction(() => {
    const banner = document.querySelector<HTMLImageElement>('.scene-banner img:not([alt=""])')
    return banner?.complete && banner.naturalWidth > 0
  })
await shoot(dm, 'dm')
await shoot(player, 'player')
// The map of the sample, for the README and docs/maps.md.
await dm.getByRole('tab', { name: 'Maps' }).click()
await dm.getByRole('button', { name: 'The chapel of Saint Orla' }).first().click()
await showMap(dm)
for (const page of [dm, player]) await allTiles(page)
await shoot(dm, 'map-dm')
await shoot(player, 'map-player')
await mobile.getByRole('button', { name: 'Map', exact: true }).click()
await allTiles(mobile)
await shoot(mobile, 'map-phone')
await mapOf(dm).getByRole('button', { name: 'Close it for players' }).click()
await mapOf(dm).getByRole('button', { name: 'Put the map away' }).click()
// Handouts and portraits, for docs/pictures.md.
await dm.getByRole('tab', { name: 'Handouts' }).click()
await shoot(dm, 'handouts')
// A fight, for docs/fights.md. Initiative is set by hand, so that the order is the same in each picture.
await dm.getByRole('tab', { name: 'Characters' }).click()
await give(dm, 'Mira Ashdown', 'A player')
await plan(dm, '6 goblin, hobgoblin', 2)
await shoot(dm, 'fight-prepare')
await dm.getByRole('button', { name: 'Start the fight' }).click()
await dm.getByRole('button', { name: /^Roll for/ }).click()
const order = ['Goblin 1', 'Mira Ashdown', 'Hobgoblin', 'Goblin 2', 'Sable', 'Goblin 3', 'Brother Tobin', 'Corvin Vale']
for (const [place, name] of order.entries()) await setInRow(dm, name, 'Initiative', String(60 - place))
await nextUntil(dm, 'Goblin 1')
await damage(dm, 'Goblin 2', '3 fire')
await damage(dm, 'Goblin 3', '50')
await say(dm, '/condition Sable +poisoned 3')
await nextUntil(dm, 'Mira Ashdown')
await damage(dm, 'Hobgoblin', '6 slashing')
await player.getByText('Your turn', { exact: true }).waitFor()
await fighters(dm).first().scrollIntoViewIfNeeded()
await shoot(dm, 'fight-console')
await player.setViewportSize(phone)
await player.getByRole('button', { name: 'Party' }).click()
await shoot(player, 'fight-phone')
await dm.getByRole('button', { name: 'Stat block of Hobgoblin' }).click()
// The picture is about the damage of a hit, so the sword strikes until it hits.
const outcome = dm.getByRole('region', { name: 'Attacks' }).getByRole('status')
for (let strikes = 0; strikes < 30; strikes++) {
  const rolled = dm.waitForResponse(/campaign\.operate/)
  await dm.getByRole('button', { name: 'Longsword +3' }).click()
  await rolled
  await outcome.getByRole('button').first().waitFor()
  if (/ hits\b|critical/.test(await outcome.innerText())) break
}
await shoot(dm, 'fight-attack')
await dm.keyboard.press('Escape')
const master = await table.page({ view: desktop })
await master.goto(`${server.url}/arena`)
await master.getByLabel('Its name').fill('thursday')
await master.getByRole('button', { name: 'Start as game master' }).click()
for (const [place, news] of [
  'Birds are government drones that recharge on power lines.',
  'A secret bank pays everyone who shares this before midnight!',
].entries()) {
  await master.getByText(`The arena waits for your news (round ${place + 1})`).waitFor()
  await master.getByRole('textbox', { name: /news/ }).fill(news)
  await master.getByRole('button', { name: 'Feed it' }).click()
}
await master.getByText('The arena waits for your news (round 3)').waitFor()
await shoot(master, 'arena')
const market = await table.page({ view: desktop })
await market.goto(`${server.url}/market`)
await market.getByTestId('sector').filter({ hasText: 'Automata' }).getByRole('button').click()
await market.getByTestId('chart').locator('canvas').first().waitFor()
await market.getByTestId('market-message').nth(1).waitFor()
await shoot(market, 'market')
await table.close()
await browser.close()
await server.stop()
