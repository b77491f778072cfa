// People's words that no layout expects, on every page at a phone's width: nothing is wider than the phone.
import type { Page } from '@playwright/test'
import { httpClient, newKey } from '@tablecast/server/testing/testbed'
import { expect, phone, say, test } from './table.ts'

const words = {
  'an unbreakable word': 'Mirabellatrixandrathelongnamedprotectorofthesunkenbellsofold',
  '60 emoji': '🐉'.repeat(60),
  'a text from right to left': 'אבגדהוזחטיכלמנסעפצקרשת'.repeat(3).slice(0, 60),
  'an address': `https://example.org/${'a'.repeat(300)}?b=${'c'.repeat(200)}`,
} as const

/** The elements that reach beyond the window, by their text, and how far the page can be scrolled sideways. */
const tooWide = (page: Page) =>
  page.evaluate(() => ({
    sideways: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    out: Array.from(
      document.querySelectorAll('main, aside, header, form, article, [role=dialog], button, input, textarea'),
    )
      .filter((element) => element.checkVisibility() && !element.closest('.overflow-x-auto, .page-actions'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => `${element.tagName} ${element.textContent.slice(0, 40)}`),
  }))
const fits = { sideways: 0, out: [] }

for (const [what, text] of Object.entries(words))
  test(`every page of a table fits a phone with ${what} in names, story, party and world`, async ({ table }) => {
    const name = Array.from(text).slice(0, 30).join('')
    const start = await table.page({ view: phone })
    await start.goto(table.server.url)
    await start.getByRole('textbox', { name: 'Name of the table' }).fill(Array.from(text).slice(0, 30).join(''))
    await start.getByRole('textbox', { name: 'Your name' }).fill(name)
    expect(await tooWide(start)).toEqual(fits)
    await start.getByRole('button', { name: 'Start as DM' }).click()
    await expect(start.getByRole('button', { name: 'Create and open' })).toBeVisible()
    expect(await tooWide(start)).toEqual(fits)

    const dm = await table.dm({ view: phone })
    const player = await table.player({ view: phone })
    const token = await dm.evaluate(
      () => (JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }).token,
    )
    const client = httpClient(table.server.url, token)
    const { campaigns } = await client.campaign.list.query({ roomId: 'main' })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const { state, campaign } = await client.campaign.get.query({ roomId: 'main', campaignId })
    await client.campaign.rename.mutate({ roomId: 'main', campaignId, key: newKey(), name })
    await client.campaign.edit.mutate({
      roomId: 'main',
      campaignId,
      key: newKey(),
      baseVersion: campaign.version,
      patch: {
        scene: text,
        status: text.slice(0, 200),
        characters: { upsert: state.characters.map(({ id }) => ({ id, name, conditions: [name], visible: true })) },
      },
    })
    await player.getByRole('textbox', { name: 'Say or act' }).fill(text)
    await player.getByRole('button', { name: 'Send' }).click()
    await say(dm, text)
    await say(dm, `/secret ${text}`)
    await client.auth.rename.mutate({ name })
    await expect(player.getByTestId('entry').last()).toContainText(text.slice(0, 20))
    await expect(player.getByRole('heading', { level: 1 })).toContainText(name.slice(0, 8))
    for (const part of ['Party', 'World', 'Story']) {
      await player.getByRole('button', { name: part, exact: true }).click()
      expect([part, await tooWide(player)]).toEqual([part, fits])
    }
    await expect(player.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 })
    await player.getByRole('button', { name: 'More' }).click()
    expect(await tooWide(player)).toEqual(fits)
    for (const tab of ['Table', 'Characters', 'World', 'Notes', 'Pages', 'Narrator', 'What players see']) {
      await dm.getByRole('tab', { name: tab, exact: true }).click()
      expect([tab, await tooWide(dm)]).toEqual([tab, fits])
    }
    for (const dialog of ['Campaigns', 'Invite', 'Table settings']) {
      await dm.getByRole('button', { name: dialog, exact: true }).click()
      await expect(dm.getByRole('dialog').first()).toBeVisible()
      expect([dialog, await tooWide(dm)]).toEqual([dialog, fits])
      await dm.getByRole('button', { name: 'Close' }).click()
      await expect(dm.getByRole('dialog')).toBeHidden()
    }
  })
