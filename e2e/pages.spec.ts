import { adventureOf } from '@tablecast/testing'
import type { Page } from '@playwright/test'
import { atDesk, expectWell, onPhone, onTablet, takeLook } from './looks.ts'
import { expect, phone, pressInHeader, test } from './table.ts'

/** The theme stays, so that each look is judged by its size alone. */
const looks = [onTablet, { ...onPhone, name: 'phone, dark', theme: 'dark' as const }, atDesk]
const { markdown, sentences } = adventureOf(94_000)
const adventure = { name: 'The Heron’s Ledger.md', mimeType: 'text/markdown', buffer: Buffer.from(markdown) }

const choose = (dm: Page, file: typeof adventure) => dm.getByLabel('File to import').setInputFiles(file)
const importing = (dm: Page) => dm.getByRole('dialog', { name: 'Import' })

/** Opens the adventure as the campaign on the table, by way of what a DM sees. */
async function takeAdventure(dm: Page): Promise<void> {
  await pressInHeader(dm, 'Campaigns')
  await choose(dm, adventure)
  await importing(dm).getByRole('button', { name: 'Import' }).click()
  await expect(importing(dm)).toBeHidden()
  await dm.getByRole('button', { name: 'Activate The Heron’s Ledger' }).click()
  await dm.getByRole('button', { name: 'Switch', exact: true }).click()
  await expect(dm.getByText('on the table')).toBeVisible()
  await dm.getByRole('button', { name: 'Close' }).click()
  await expect(dm.getByRole('heading', { name: 'The Heron’s Ledger' })).toBeVisible()
}

test('an adventure of 94 kB is previewed, imported and read by its pages, at each size', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  const heard: string[] = []
  player.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void heard.push(String(payload))))
  player.on(
    'response',
    (response) =>
      void response.text().then(
        (text) => heard.push(text),
        () => {},
      ),
  )
  await player.reload()

  await pressInHeader(dm, 'Campaigns')
  await choose(dm, adventure)
  const report = importing(dm).getByTestId('import-report')
  for (const told of [
    /3 characters: Mira, “Dragon, Young Red” and Voss\./,
    /Visible to players: Mira\./,
    /The whole text on \d+ pages \(9\d kB\), for DMs alone/,
    /The front matter became the name, the tags in the notes and the page “Properties”/,
    /The DM notes have room for 20,000 of [\d,]+ characters/,
  ])
    await expect(report).toContainText(told)
  await expectWell(dm, 'import dialog', looks)
  // The import goes by a phone.
  await takeLook(dm, onPhone)
  await importing(dm).getByRole('button', { name: 'Cancel' }).click()
  await expect(importing(dm)).toBeHidden()
  await expect(dm.getByRole('button', { name: /^Activate/ })).toHaveCount(0)
  await dm.getByRole('button', { name: 'Close' }).click()

  await takeAdventure(dm)
  await dm.getByRole('tab', { name: 'Pages' }).click()
  const panel = dm.getByRole('tabpanel')
  await expect(panel.getByRole('button', { name: /^Chapter 2: / })).toBeAttached()
  await expectWell(dm, 'list of pages', looks)
  await expect(dm.getByRole('tab', { name: 'Table' })).toBeInViewport({ ratio: 1 })
  await takeLook(dm, onPhone)
  await panel.getByRole('searchbox', { name: 'Find a page by its title' }).fill('room 3.2')
  await expect(panel.getByRole('status')).toContainText('1 of')
  await panel.getByRole('button', { name: /^Room 3\.2/ }).click()
  const page = dm.getByRole('article', { name: 'Room 3.2' })
  await expect(page.locator('blockquote')).toContainText('For the DM')
  const words = await page.locator('.prose-page').innerText()
  const onPage = sentences.filter((sentence) => words.replaceAll(/\s+/g, ' ').includes(sentence))
  expect(onPage.length).toBeGreaterThan(5)
  for (const look of looks) {
    await expectWell(dm, 'a page', [look])
    // The console fills the window while a page is open.
    await expect
      .poll(() => page.evaluate((node) => innerHeight - (node.closest('main')?.getBoundingClientRect().bottom ?? 0)))
      .toBe(0)
  }
  await takeLook(dm, onTablet)
  await page.getByRole('button', { name: 'On to Room 3.3' }).click()
  await expect(dm.getByRole('article', { name: 'Room 3.3' }).locator('.prose-page li').first()).toBeVisible()
  await dm.getByRole('button', { name: 'Next: Room 3.4' }).click()
  await expect(dm.getByRole('heading', { name: 'Room 3.4' })).toBeInViewport()

  // The notes lead to the pages that hold what they have no room for.
  await dm.getByRole('tab', { name: 'Notes' }).click()
  await expect(dm.getByRole('textbox', { name: 'DM notes' })).toHaveValue(/The rest is on the pages:\n- \[\[/)
  await dm.getByText(/^\d+ pages that the notes name$/).click()
  const named = dm.getByRole('navigation', { name: 'Pages that the notes name' }).getByRole('button')
  await named.last().scrollIntoViewIfNeeded()
  await expectWell(dm, 'notes', looks)
  await takeLook(dm, onPhone)
  await named.last().scrollIntoViewIfNeeded()
  const title = (await named.last().innerText()).trim()
  await named.last().click()
  await expect(dm.getByRole('article', { name: title })).toBeVisible()
  await dm.getByRole('button', { name: 'All pages' }).click()
  await expect(dm.getByRole('searchbox')).toBeVisible()

  // Players have the scene, and nothing of the pages.
  await table.expectInStep(dm, [player])
  expect(heard.join('\n')).toContain(sentences[4])
  expect(onPage.filter((sentence) => heard.join('\n').includes(sentence))).toEqual([])
  await expect(player.getByRole('tab', { name: 'Pages' })).toHaveCount(0)
})

test('a file that can not be imported says why, and nothing is stored', async ({ table }) => {
  const dm = await table.dm()
  await pressInHeader(dm, 'Campaigns')
  const problem = importing(dm).getByRole('alert')
  const refused: [name: string, content: string | Buffer, words: RegExp][] = [
    ['shopping.json', '{"milk":1}', /^This is not a campaign\. Choose a file/],
    ['broken.json', '{"format":', /^This is not a campaign\. Choose a file/],
    ['newer.json', '{"format":"tablecast-campaign","formatVersion":7}', /^A newer Tablecast exported this file/],
    ['old.md', Buffer.from([0x44, 0xfc, 0x6e, 0x6e]), /^This file is not text in UTF-8\./],
    ['empty.md', '  \n', /^The file is empty\.$/],
    ['long.md', `# A\n\n${'x'.repeat(500_000)}`, /may have 500,000 characters, and this one has 500,005/],
  ]
  for (const [name, content, words] of refused) {
    await choose(dm, { name, mimeType: 'text/plain', buffer: Buffer.from(content) })
    await expect(problem).toHaveText(words)
    await expect(importing(dm).getByRole('button', { name: 'Import' })).toBeDisabled()
    await importing(dm).getByRole('button', { name: 'Cancel' }).click()
    await expect(importing(dm)).toBeHidden()
  }
  await expect(dm.getByRole('button', { name: /^Activate/ })).toHaveCount(0)
})

test('a pasted text that a field has no room for is not cut off in silence', async ({ table }) => {
  const dm = await table.dm({
    before: (context) => context.grantPermissions(['clipboard-read', 'clipboard-write']),
  })
  await dm.getByRole('tab', { name: 'Notes' }).click()
  const notes = dm.getByRole('textbox', { name: 'DM notes' })
  const paste = async (text: string) => {
    await dm.evaluate((words) => navigator.clipboard.writeText(words), text)
    await notes.press('ControlOrMeta+a')
    await notes.press('ControlOrMeta+v')
  }
  await paste('Short.')
  await expect(notes).toHaveValue('Short.')
  await expect(dm.getByText('Not all of it was pasted')).toHaveCount(0)
  await paste('x'.repeat(57_000))
  await expect(dm.getByText('This field holds 20,000 characters: the last 37,000 were left out.')).toBeVisible()
  await expect(notes).toHaveValue('x'.repeat(20_000))
})
