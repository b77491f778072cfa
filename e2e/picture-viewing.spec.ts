// How players look at pictures: large, with little data, without a connection, and while the table goes on.
import type { BrowserContext } from '@playwright/test'
import { playerView, stateHash } from '@tablecast/contracts'
import { newKey } from '@tablecast/server/testing/clients'
import { watchLayoutShift } from './layout-shift.ts'
import {
  callsOf,
  callsOfDm,
  chapel,
  expectLoaded,
  face,
  percent,
  removeSamplePictures,
  showPart,
  sideways,
  tideTable,
  viewer,
} from './pictures.ts'
import { expect, phone, probe, test } from './table.ts'

test.beforeEach(({ table }) => removeSamplePictures(table.server.url))

test('a picture is made larger by wheel, fingers, buttons and keys, and the way back leads to the table', async ({
  table,
}) => {
  const player = await table.page({
    view: phone,
    before: (context: BrowserContext) =>
      context.addInitScript(() => Object.defineProperty(navigator, 'maxTouchPoints', { value: 2 })),
  })
  await player.goto(table.server.url)
  await player.getByRole('button', { name: 'Open the sample as player' }).click()
  const { operate, send } = await callsOfDm(table.server.url)
  const added = await operate({ type: 'addHandout', title: 'Tide table', pictureId: await send(chapel) })
  await operate({ type: 'show', id: added.handoutId ?? '', to: 'everyone' })
  await showPart(player, 'World')
  const open = player.getByRole('button', { name: 'Look at Tide table' }).last()
  await open.click()
  await expect(percent(player)).toHaveText('100 %')

  await player.getByRole('button', { name: 'Larger' }).click()
  await expect(percent(player)).toHaveText('135 %')
  await player.keyboard.press('+')
  await expect(percent(player)).toHaveText('182 %')
  const picture = viewer(player).getByRole('img').first()
  const before = (await picture.boundingBox())?.x ?? 0
  await player.getByRole('button', { name: 'Close' }).focus()
  await player.keyboard.press('ArrowRight')
  await expect.poll(async () => (await picture.boundingBox())?.x).toBeLessThan(before - 20)
  await player.keyboard.press('-')
  await expect(percent(player)).toHaveText('135 %')
  await player.keyboard.press('0')
  await expect(percent(player)).toHaveText('100 %')

  const zoom = player.getByTestId('zoom')
  await zoom.hover()
  await player.mouse.wheel(0, -300)
  await expect(percent(player)).not.toHaveText('100 %')
  await player.keyboard.press('0')
  await expect(percent(player)).toHaveText('100 %')

  // Two fingers that move apart.
  const fingers = await player.context().newCDPSession(player)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
    fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        type === 'touchEnd'
          ? []
          : [
              { x: 195 - apart, y: 420, id: 0 },
              { x: 195 + apart, y: 420, id: 1 },
            ],
    })
  await touch('touchStart', 20)
  for (const apart of [40, 60, 80, 100, 120]) await touch('touchMove', apart)
  await touch('touchEnd', 0)
  await expect(percent(player)).not.toHaveText('100 %')

  const address = player.url()
  await player.goBack()
  await expect(viewer(player)).toBeHidden()
  expect(player.url()).toBe(address)
  await open.click()
  await player.getByRole('button', { name: 'Close' }).click()
  await expect(viewer(player)).toBeHidden()
  await open.click()
  await player.keyboard.press('Escape')
  await expect(viewer(player)).toBeHidden()
  await expect(open).toBeFocused()
  // No step of the browser's history is left over.
  await player.goBack()
  await expect(player.getByRole('button', { name: 'Open the sample as player' })).toBeVisible()
})

test('titles and words of pictures that no layout expects fit a phone', async ({ table }) => {
  const dm = await table.dm({ view: phone })
  const player = await table.player({ view: phone })
  const { operate, send } = await callsOf(dm, table.server.url)
  const pictureId = await send(tideTable)
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  for (const text of [
    'Mirabellatrixandrathelongnamedprotectorofthesunkenbellsofold',
    '🐉'.repeat(60),
    'אבגדהוזחטיכלמנסעפצקרשת'.repeat(3).slice(0, 60),
  ]) {
    const added = await operate({ type: 'addHandout', title: text, alt: text, text, pictureId })
    const id = added.handoutId ?? ''
    await operate({ type: 'show', id, to: 'everyone' })
    await dm.getByRole('button', { name: `Change ${text}` }).click()
    await operate({ type: 'present', id })
    await expect(viewer(player)).toBeVisible()
    await expect(dm.getByRole('button', { name: 'Take it down' })).toBeInViewport({ ratio: 1 })
    expect([await sideways(dm), await sideways(player)]).toEqual([0, 0])
    await expect(viewer(player).getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 })
    await player.keyboard.press('Escape')
    for (const part of ['World', 'Story'] as const) {
      await showPart(player, part)
      await expect(player.getByRole('button', { name: `Look at ${text}` }).first()).toBeVisible()
      expect([part, await sideways(player)]).toEqual([part, 0])
    }
    await dm.getByRole('button', { name: 'Take it down' }).click()
    await expect(dm.getByRole('button', { name: 'Take it down' })).toBeHidden()
  }
})

test('a bad connection costs a player no picture that they have seen, and the others come later', async ({ table }) => {
  const { operate, send } = await callsOfDm(table.server.url)
  const player = await table.player({ view: phone })

  await test.step('a picture that a player has seen stays without a connection, and none is a broken icon', async () => {
    const show = async (title: string, pictureId: string) => {
      const { handoutId } = await operate({ type: 'addHandout', title, pictureId })
      await operate({ type: 'show', id: handoutId ?? '', to: 'everyone' })
    }
    await operate({ type: 'setScenePicture', picture: { pictureId: await send(chapel) } })
    await show('Tide table', await send(tideTable))
    const scene = player.getByRole('region', { name: 'Scene' }).getByRole('img')
    await expectLoaded(scene)
    await showPart(player, 'World')
    const open = player.getByRole('button', { name: 'Look at Tide table' }).last()
    await expectLoaded(open.getByRole('img'))
    await player.context().setOffline(true)
    await expect(player.getByTestId('connection')).toContainText('Offline')
    await open.click()
    // The larger size was never loaded.
    await expectLoaded(viewer(player).getByRole('img').first())
    await player.keyboard.press('Escape')
    await showPart(player, 'Story')
    await expectLoaded(scene)
    const broken = await player
      .locator('img')
      .evaluateAll(
        (images) =>
          images.filter((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth === 0)
            .length,
      )
    expect(broken).toBe(0)
    await player.context().setOffline(false)
    await expect(player.getByTestId('connection')).toHaveText('Live')
  })

  await test.step('a picture that did not load comes when the connection is back', async () => {
    await player.route('**/media/**', (route) => route.abort())
    const { handoutId } = await operate({ type: 'addHandout', title: 'A face', pictureId: await send(face) })
    await operate({ type: 'present', id: handoutId })
    await expect(viewer(player)).toContainText('The picture has not loaded.')
    await player.unroute('**/media/**')
    await player.context().setOffline(true)
    await expect(player.getByTestId('connection')).toContainText('Offline')
    await player.context().setOffline(false)
    await expectLoaded(viewer(player).getByRole('img').first())
  })
})

test('a person who saves data loads no large picture, and the scene only when asked', async ({ table }) => {
  const player = await table.player({
    before: (context) =>
      context.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } })),
  })
  const loaded: string[] = []
  player.on('request', (request) => {
    if (request.url().includes('/media/')) loaded.push(request.url())
  })
  const { operate, send } = await callsOfDm(table.server.url)
  const pictureId = await send(chapel)
  await operate({ type: 'setScenePicture', picture: { pictureId } })
  const ask = player.getByRole('button', { name: 'Load the picture' })
  await expect(ask).toBeVisible()
  expect(loaded).toEqual([])
  await ask.click()
  await expectLoaded(player.getByRole('region', { name: 'Scene' }).getByRole('img').first())
  const { handoutId } = await operate({ type: 'addHandout', title: 'Chapel', pictureId })
  await operate({ type: 'present', id: handoutId })
  await expectLoaded(viewer(player).getByRole('img').first())
  expect(loaded.filter((url) => url.endsWith('/2560.webp'))).toEqual([])
  await player.getByRole('button', { name: 'Load it sharp' }).click()
  await expect.poll(() => loaded.some((url) => url.endsWith('/2560.webp'))).toBe(true)
})

test('500 updates with pictures move nothing on a player’s page', async ({ table }) => {
  test.slow()
  const player = await table.player()
  const { client, operate, send, where } = await callsOfDm(table.server.url)
  const [scene, portrait, handout] = [await send(chapel), await send(face), await send(tideTable)]
  const layoutShift = await watchLayoutShift(player)
  const { state } = await client.campaign.get.query(where)
  const id = state.characters.find(({ visible }) => visible)?.id ?? ''
  await operate({ type: 'setScenePicture', picture: { pictureId: scene } })
  await operate({ type: 'setPortrait', characterId: id, pictureId: portrait })
  const { handoutId } = await operate({ type: 'addHandout', title: 'Tide table', pictureId: handout })
  const hurt = (isHurt: boolean) =>
    client.campaign.operate.mutate({
      ...where,
      key: newKey(),
      operation: isHurt ? { type: 'damage', targets: [{ id }], amount: 1 } : { type: 'heal', targets: [id], amount: 1 },
    })
  for (let round = 0; round < 31; round++) {
    await operate({ type: 'show', id: handoutId ?? '', to: round % 2 === 0 ? 'everyone' : 'nobody' })
    await operate({ type: 'editScenePicture', dimming: (round % 8) / 10 })
    await Promise.all(Array.from({ length: 14 }, (_, place) => hurt(place % 2 === 0)))
  }
  const newest = await client.campaign.get.query(where)
  const hash = stateHash(playerView(newest.state))
  await expect.poll(async () => (await probe(player)).hash, { timeout: 120_000 }).toBe(hash)
  await expectLoaded(player.getByTestId('entry').filter({ hasText: 'The DM shows' }).last().getByRole('img'))
  await expectLoaded(player.getByRole('region', { name: 'Scene' }).getByRole('img'))
  expect(await layoutShift()).toBeLessThanOrEqual(0.05)
})
