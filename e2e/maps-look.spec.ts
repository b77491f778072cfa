import { cell, changeFog, makeMap, placeTokens, showMap } from './maps.ts'
import { desktop, expect, phone, test } from './table.ts'

for (const [name, view] of [['desk', desktop], ['tablet', { width: 820, height: 1180 }], ['phone', phone]] as const)
  test(`look ${name}`, async ({ table }) => {
    const dm = await table.dm({ view: desktop })
    await makeMap(dm, 'Crypt')
    await dm.screenshot({ path: '/tmp/shots-mw/dm-new.png' })
    await showMap(dm)
    await placeTokens(dm, ['Mira Ashdown', 'Brother Tobin', 'Old Marrow, the tide hag'])
    const player = await table.player({ view, scheme: name === 'tablet' ? 'light' : 'dark' })
    if (name === 'phone') await player.getByRole('button', { name: 'Map', exact: true }).click()
    await expect(player.getByRole('region', { name: 'Map: Crypt' })).toBeVisible()
    await player.screenshot({ path: `/tmp/shots-mw/player-${name}-dark.png` })
    await changeFog(dm, 'Reveal', cell(4, 4), cell(20, 14))
    await player.waitForTimeout(2500)
    await player.screenshot({ path: `/tmp/shots-mw/player-${name}.png` })
    await dm.screenshot({ path: `/tmp/shots-mw/dm-${name}.png` })
    await dm.setViewportSize(view)
    await dm.waitForTimeout(500)
    await dm.screenshot({ path: `/tmp/shots-mw/dm-at-${name}.png` })
  })
