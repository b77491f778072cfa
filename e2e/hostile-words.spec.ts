// People's words that no layout expects, on every page at a phone's width: nothing is wider than the phone.
import type { Locator, Page } from '@playwright/test'
import { httpClient, newKey } from '@tablecast/server/testing/clients'
import { expect, phone, pressInHeader, say, type Table, test } from './table.ts'
import { fits, hostileWords as words, tooWide } from './too-wide.ts'

test('every page of a table fits a phone with such words in names, story, party and world', async ({ table }) => {
  test.slow()
  const start = await table.page({ view: phone })
  const dm = await table.dm({ view: phone })
  const player = await table.player({ view: phone })
  for (const [what, text] of Object.entries(words))
    await test.step(what, async () => {
      await expectStartFits(table, start, text)
      await fillTable(table, dm, player, text)
      await expectTableFits(dm, player)
    })
})

async function expectStartFits(table: Table, start: Page, text: string): Promise<void> {
  await start.context().clearCookies()
  await start.goto(table.server.url)
  await start.evaluate(() => localStorage.clear())
  await start.reload()
  const name = Array.from(text).slice(0, 30).join('')
  await start.getByRole('textbox', { name: 'Name of the table' }).fill(name)
  await start.getByRole('textbox', { name: 'Your name' }).fill(name)
  expect(await tooWide(start)).toEqual(fits)
  await start.getByRole('button', { name: 'Start as DM' }).click()
  await expect(start.getByRole('button', { name: 'Create and open' })).toBeVisible()
  expect(await tooWide(start)).toEqual(fits)
}

/** Writes the text wherever a person can write one. */
async function fillTable(table: Table, dm: Page, player: Page, text: string): Promise<void> {
  const name = Array.from(text).slice(0, 30).join('')
  const client = httpClient(table.server.url, await tokenOf(dm))
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
  await player.getByRole('button', { name: 'Story', exact: true }).click()
  await player.getByRole('textbox', { name: 'Say or act' }).fill(text)
  await player.getByRole('button', { name: 'Send' }).click()
  await dm.getByRole('tab', { name: 'Table', exact: true }).click()
  await say(dm, text)
  await say(dm, `/secret ${text}`)
  await client.auth.rename.mutate({ name })
  await expect(player.getByTestId('entry').last()).toContainText(text.slice(0, 20))
  await expect(player.getByRole('heading', { level: 1 })).toContainText(name.slice(0, 8))
}

async function expectTableFits(dm: Page, player: Page): Promise<void> {
  for (const part of ['Party', 'World', 'Story']) {
    await player.getByRole('button', { name: part, exact: true }).click()
    expect([part, await tooWide(player)]).toEqual([part, fits])
  }
  await expect(player.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 })
  await player.getByRole('button', { name: 'More' }).click()
  expect(await tooWide(player)).toEqual(fits)
  await player.keyboard.press('Escape')
  for (const tab of ['Table', 'Characters', 'World', 'Notes', 'Pages', 'Narrator', 'View as']) {
    await dm.getByRole('tab', { name: tab, exact: true }).click()
    expect([tab, await tooWide(dm)]).toEqual([tab, fits])
  }
  for (const dialog of ['Campaigns', 'Invite', 'Table settings']) {
    await dm.getByRole('button', { name: 'More', exact: true }).click()
    expect(['More', await tooWide(dm)]).toEqual(['More', fits])
    await dm.getByRole('button', { name: dialog, exact: true }).click()
    await expect(dm.getByRole('dialog').first()).toBeVisible()
    expect([dialog, await tooWide(dm)]).toEqual([dialog, fits])
    await dm.getByRole('button', { name: 'Close' }).click()
    await expect(dm.getByRole('dialog')).toBeHidden()
  }
}

test('every page beside the table fits a phone with such words', async ({ table }) => {
  test.slow()
  const long = 'a'.repeat(60)
  // A person with a long name, on the page of the server's status.
  const { url } = table.server
  const page = await table.page({ view: phone })
  await page.goto(`${url}/ops`)
  await page.getByLabel('Your name').fill(words['an unbreakable word'])
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('connection')).toHaveText('Live')
  const expectFits = async (what: string) => expect([what, await tooWide(page)]).toEqual([what, fits])

  await test.step('the server status and the pages without words of people', async () => {
    for (const name of Object.values(words)) {
      const client = httpClient(url, await tokenOf(page))
      await client.rooms.create.mutate({ key: newKey(), name: Array.from(name).slice(0, 30).join('') })
    }
    await expectFits('the server status')

    for (const path of ['/', '/more', '/signals']) {
      await page.goto(url + path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectFits(path)
    }
  })

  await test.step('topics', async () => {
    await page.goto(`${url}/topics`)
    await page.getByLabel('New topic').fill(long)
    await page.getByRole('button', { name: 'Create' }).click()
    await expect(page.getByRole('heading', { name: `Watch ${long}` })).toBeVisible()
    for (const text of Object.values(words)) {
      await page.getByLabel('Payload, any JSON').fill(JSON.stringify({ [text]: text }))
      await page.getByRole('button', { name: 'Publish' }).click()
      await expect(page.getByTestId('message').filter({ hasText: text.slice(0, 20) })).toBeVisible()
    }
    await expectFits('a topic')
    await page.getByRole('button', { name: `Delete ${long}` }).click()
    await expect(page.getByRole('alertdialog')).toBeVisible()
    await expectFits('deleting a topic')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: /keys/i }).click()
    for (const text of Object.values(words)) {
      await page.getByLabel('What it is for').fill(Array.from(text).slice(0, 30).join(''))
      await page.getByLabel('Topic', { exact: true }).fill(long)
      await page.getByRole('button', { name: 'Make a key' }).click()
      await expect(
        page.getByTestId('api-key').filter({ hasText: Array.from(text).slice(0, 20).join('') }),
      ).toBeVisible()
    }
    await expectFits('keys')
  })

  await test.step('the arena', async () => {
    await page.goto(`${url}/arena`)
    await page.getByLabel('Its name').fill(long)
    await page.getByLabel('Rounds').fill('9')
    await page.getByRole('button', { name: 'Start as game master' }).click()
    await expect(page.getByText('The arena waits for your news (round 1)')).toBeVisible()
    for (const [round, text] of Object.values(words).entries()) {
      const box = page.getByRole('textbox', { name: /news/ })
      await box.fill(text)
      await page.getByRole('button', { name: 'Feed it' }).click()
      await expect(page.getByText(`The arena waits for your news (round ${round + 2})`)).toBeVisible()
    }
    await expectFits('a game')
    await page.goto(`${url}/arena`)
    await expect(page.getByText(long).first()).toBeVisible()
    await expectFits('the arena')
  })

  await test.step('the market', async () => {
    await page.goto(`${url}/market`)
    await page.getByRole('button', { name: 'New', exact: true }).click()
    const title = words['an unbreakable word'].repeat(2).slice(0, 120)
    await page.getByLabel('What it is about').fill(title)
    await expectFits('a new discussion')
    await page.getByLabel('What it is about').press('Enter')
    await expect(page.getByRole('combobox', { name: 'Discussion' }).locator('option:checked')).toHaveText(title)
    const say = page.getByRole('form', { name: 'Say something' })
    for (const text of Object.values(words)) {
      await say.getByLabel('Your message').fill(text)
      await say.getByRole('button', { name: 'Send' }).click()
      await expect(page.getByTestId('market-message').filter({ hasText: text.slice(0, 20) })).toBeVisible()
    }
    await expectFits('the market')
  })
})

test('every dialog of a table fits a phone with such words', async ({ table }) => {
  const dm = await table.dm({ view: phone })
  const guest = await table.player({ name: Array.from(words['60 emoji']).slice(0, 30).join('') })
  const client = httpClient(table.server.url, await tokenOf(dm))
  const all = Object.values(words).join('\n\n')
  const short = words['an unbreakable word']
  const { campaigns } = await client.campaign.list.query({ roomId: 'main' })
  const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
  await client.campaign.rename.mutate({ roomId: 'main', campaignId, key: newKey(), name: short })
  const other = await client.campaign.create.mutate({
    roomId: 'main',
    key: newKey(),
    name: words['a text from right to left'],
  })
  const { state, campaign } = await client.campaign.get.query({ roomId: 'main', campaignId })
  const [hero] = state.characters
  const edit = (baseVersion: number, conditions: string[]) =>
    client.campaign.edit.mutate({
      roomId: 'main',
      campaignId,
      key: newKey(),
      baseVersion,
      patch: { characters: { upsert: [{ id: hero?.id ?? '', name: short, conditions }] } },
    })
  await edit(campaign.version, ['prone'])
  await say(dm, all)
  const fitsAndCloses = async (what: string, shown: Locator) => {
    await expect(shown).toBeVisible()
    expect([what, await tooWide(dm)]).toEqual([what, fits])
    await dm.keyboard.press('Escape')
    await expect(shown).toBeHidden()
  }
  const inHeader = (name: string) => pressInHeader(dm, name)
  const question = dm.getByRole('alertdialog')
  const library = dm.getByRole('dialog', { name: 'Campaigns' })

  await inHeader('Previously…')
  await fitsAndCloses('recap', dm.getByRole('dialog', { name: 'Previously…' }))
  await inHeader('Campaigns')
  for (const [what, button] of [
    ['rename', /^Rename/],
    ['duplicate', /^Duplicate/],
  ] as const) {
    await library.getByRole('button', { name: button }).first().click()
    expect([what, await tooWide(dm)]).toEqual([what, fits])
  }
  await library.getByRole('button', { name: /^Activate/ }).click()
  await fitsAndCloses('activate', question)
  await library.getByRole('button', { name: 'Deactivate campaign' }).click()
  await fitsAndCloses('deactivate', question)
  await library.getByLabel('File to import').setInputFiles({
    name: `${short}.md`,
    mimeType: 'text/markdown',
    buffer: Buffer.from(
      `# ${words['an address']}\n\n${all}\n\n## ${short}\n\n| ${short} | ${short} |\n|---|---|\n| a | b |\n`,
    ),
  })
  await expect(dm.getByTestId('import-report')).toBeVisible()
  await fitsAndCloses('import', dm.getByRole('dialog', { name: 'Import' }))
  await library.getByRole('button', { name: `Delete ${words['a text from right to left']}` }).click()
  await expect(library.getByRole('status')).toBeVisible()
  await library.getByRole('button', { name: /^Deleted/ }).click()
  await fitsAndCloses('deleted campaigns', library)
  expect(other.id).not.toBe(campaignId)

  await inHeader('Table settings')
  await dm.getByRole('button', { name: /^Show who joined/ }).click()
  await fitsAndCloses('table settings', dm.getByRole('dialog', { name: 'The table' }))
  await dm.getByRole('button', { name: /^More for/ }).click()
  await dm.getByRole('menuitem', { name: 'Ban…' }).click()
  await fitsAndCloses('ban', question)
  await dm.getByTestId('entry').last().getByRole('button').last().click()
  await dm.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect(dm.getByRole('textbox', { name: 'The words of this entry' })).toBeVisible()
  expect(['edit an entry', await tooWide(dm)]).toEqual(['edit an entry', fits])
  await dm.keyboard.press('Escape')

  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dm.getByRole('button', { name: `Edit ${short}` }).click()
  const conditions = dm.getByLabel('Conditions, separated by commas', { exact: true })
  await conditions.fill(`${short.slice(0, 40)}, prone`)
  const { campaign: now } = await client.campaign.get.query({ roomId: 'main', campaignId })
  await edit(now.version, [short.slice(0, 40)])
  await conditions.blur()
  await expect(question).toBeVisible()
  expect(['conflict', await tooWide(dm)]).toEqual(['conflict', fits])
  await question.getByRole('button', { name: 'Take theirs' }).click()
  await expect(guest.getByRole('log').first()).toBeVisible()
})

const tokenOf = (page: Page): Promise<string> =>
  page.evaluate(() => (JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }).token)
