import type { Page } from '@playwright/test'
import { expectAccessibleInBothThemes } from './accessible.ts'
import { expect, phone, say, test } from './table.ts'

test('no page of a table has a serious accessibility violation, dark or light', async ({ table }) => {
  const landing = await table.page()
  await landing.goto(table.server.url)
  await expect(landing.getByRole('button', { name: 'Open the sample as DM' })).toBeVisible()
  await expectAccessibleInBothThemes(landing, 'landing')
  const dm = await table.dm()
  const player = await table.player()
  await say(dm, '/secret Only for me [[1d20]]')
  await expectAccessibleInBothThemes(dm, 'console')
  for (const tab of ['Characters', 'World', 'Notes', 'Pages', 'View as']) {
    await dm.getByRole('tab', { name: tab }).click()
    await expectAccessibleInBothThemes(dm, tab)
  }
  await expectAccessibleInBothThemes(player, 'player')
  await dm.getByRole('button', { name: 'Invite' }).click()
  await expect(dm.getByRole('dialog')).toBeVisible()
  await expectAccessibleInBothThemes(dm, 'invite')
  await dm.getByRole('button', { name: 'Close' }).click()
  await dm.getByRole('button', { name: 'Campaigns' }).click()
  await expect(dm.getByRole('button', { name: 'Deactivate campaign' })).toBeVisible()
  await expectAccessibleInBothThemes(dm, 'library')
  await dm.getByRole('button', { name: 'Deactivate campaign' }).click()
  await dm.getByRole('button', { name: 'Deactivate', exact: true }).click()
  await expect(player.getByRole('heading', { name: 'No active campaign' })).toBeVisible()
  await expectAccessibleInBothThemes(player, 'waiting')
  const joining = await table.page()
  await joining.goto(`${table.server.url}/join/not-a-code`)
  await expect(joining.getByRole('button', { name: 'Join the table' })).toBeVisible()
  await expectAccessibleInBothThemes(joining, 'join')
})

test('every page of a table fits a phone, with names of 60 characters', async ({ table }) => {
  const dm = await table.dm({ view: phone })
  const player = await table.player({ view: phone })
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
  const long = 'Mirabellatrixandrathelongnamedprotectorofthesunkenbellsofold'
  await dm.getByRole('textbox', { name: 'Name', exact: true }).fill(long)
  await dm.getByRole('textbox', { name: 'Name', exact: true }).blur()
  await player.getByRole('button', { name: 'Party' }).click()
  await expect(player.getByTestId('character').filter({ hasText: long })).toBeVisible()
  for (const part of ['Party', 'World', 'Story']) {
    await player.getByRole('button', { name: part, exact: true }).click()
    expect([part, await overflow(player)]).toEqual([part, 0])
  }
  await expect(player.getByRole('textbox', { name: 'Say or act' })).toBeInViewport()
  for (const tab of ['Table', 'Characters', 'World', 'Notes', 'Pages', 'View as']) {
    await dm.getByRole('tab', { name: tab }).click()
    expect([tab, await overflow(dm)]).toEqual([tab, 0])
  }
})

const overflow = (page: Page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))

test('a guest joins by an invite link with a name, and an invalid link says what is wrong', async ({ table }) => {
  const dm = await table.dm()
  await dm.getByRole('button', { name: 'Invite' }).click()
  const link = await dm.getByRole('textbox', { name: 'Invite link' }).inputValue()
  const guest = await table.page({
    view: phone,
    // Over plain HTTP on a local network a browser has no `randomUUID`.
    before: (context) => context.addInitScript(() => Object.defineProperty(crypto, 'randomUUID', { value: undefined })),
  })
  await guest.goto(link)
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Robin')
  await guest.getByRole('button', { name: 'Join the table' }).click()
  await expect(guest.getByRole('log')).toBeVisible()
  await guest.getByRole('textbox', { name: 'Say or act' }).fill('I take the last chair.')
  await guest.getByRole('button', { name: 'Send' }).click()
  await expect(guest.getByTestId('entry').last()).toContainText('I take the last chair.')
  const late = await table.page()
  await late.goto(`${table.server.url}/join/AAAAAAAAAAAAAAAAAAAAAAAA`)
  await late.getByRole('textbox', { name: 'Your name' }).fill('Late')
  await late.getByRole('button', { name: 'Join the table' }).click()
  await expect(late.getByRole('alert')).toContainText('not valid')
})
