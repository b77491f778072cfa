import { test } from './table.ts'
test('debug', async ({ table }) => {
  const dm = await table.dm()
  dm.on('response', (r) => { if (r.url().includes('/media/')) console.log(r.status(), r.url().slice(-80)) })
  dm.on('console', (m) => console.log('console', m.text()))
  await dm.getByRole('tab', { name: 'Maps' }).click()
  await dm.getByRole('button', { name: 'Empty grid' }).click()
  await dm.getByRole('button', { name: 'Make the map' }).click()
  await dm.waitForTimeout(3000)
  console.log(await dm.evaluate(() => { const c = document.querySelector('.map-view'); return JSON.stringify({ box: c?.getBoundingClientRect(), tiles: document.querySelectorAll('.leaflet-tile').length, html: c?.innerHTML.slice(0, 1500) }) }))
  await dm.screenshot({ path: '/tmp/shots-mw/debug.png' })
})
