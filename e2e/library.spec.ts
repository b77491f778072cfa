// The campaigns of a room: dates, sizes and origins, copies, and deletion with its way back.
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expectLoaded } from './pictures.ts'
import { expect, phone, pressInHeader, say, test } from './table.ts'

const SAMPLE = 'The Bell Beneath the Tide'

const library = (dm: Page) => dm.getByRole('dialog', { name: 'Campaigns' })
const row = (dm: Page, name: string) => library(dm).getByRole('listitem').filter({ hasText: name })
const open = (dm: Page) => pressInHeader(dm, 'Campaigns')

async function create(dm: Page, name: string): Promise<void> {
  await dm.getByRole('textbox', { name: 'Name of the new campaign' }).fill(name)
  await dm.getByRole('button', { name: 'Create' }).click()
  await expect(row(dm, name)).toBeVisible()
}

test('the library tells campaigns apart, and brings a deleted one back', async ({ table }) => {
  const dm = await table.dm()

  await test.step('a campaign has its dates, its size and its origin, and each picture has its word', async () => {
    await open(dm)
    await create(dm, 'The Glass Desert')
    const year = String(new Date().getFullYear())
    await expect(row(dm, 'The Glass Desert')).toContainText(
      new RegExp(`Changed .*${year} · made .*${year} · 0 entries`),
    )
    await expect(row(dm, SAMPLE)).toContainText(/· \d+ entries/)
    await dm.getByLabel('File to import').setInputFiles({
      name: 'a.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from('# The Keep\n\n## Scene\n\nA gate.\n'),
    })
    await dm.getByRole('dialog', { name: 'Import' }).getByRole('button', { name: 'Import' }).click()
    await expect(row(dm, 'The Keep')).toContainText('from the adventure The Keep')
    for (const words of [
      'Rename',
      'Duplicate',
      'Archive',
      'Delete',
      'With pictures',
      'JSON',
      'Markdown',
      'For players',
    ])
      await expect(row(dm, 'The Keep').getByText(words, { exact: true })).toBeVisible()
    await expectAccessible(dm, 'the library')
  })
  await dm.getByRole('button', { name: 'Close' }).click()
  await dm.setViewportSize(phone)

  await test.step('a deleted campaign comes back by Undo, and later from the deleted ones', async () => {
    await open(dm)
    // The campaign on the table can not be deleted.
    await expect(dm.getByRole('button', { name: `Delete ${SAMPLE}` })).toHaveCount(0)
    const deletes = dm.getByRole('button', { name: 'Delete The Glass Desert' })
    await deletes.click()
    await expect(library(dm).getByRole('status')).toContainText(
      'The Glass Desert is deleted. It can be restored for 30 days.',
    )
    await expect(deletes).toHaveCount(0)
    await dm.getByRole('button', { name: 'Undo', exact: true }).last().click()
    await expect(deletes).toBeVisible()
    await deletes.click()
    await dm.getByRole('button', { name: 'Close' }).click()
    await dm.reload()
    await open(dm)
    await dm.getByRole('button', { name: 'Deleted (1)' }).click()
    await expect(library(dm).getByRole('listitem')).toContainText('is removed in 30 days')
    await expectAccessible(dm, 'the deleted campaigns')
    expect(await dm.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))).toBe(0)
    await dm.getByRole('button', { name: 'Restore The Glass Desert' }).click()
    await dm.getByRole('button', { name: 'Back to the campaigns' }).click()
    await expect(row(dm, 'The Glass Desert')).toBeVisible()
  })
})

test('a campaign is exported with its pictures, and imported with them', async ({ table }) => {
  const dm = await table.dm()
  await open(dm)
  const saving = dm.waitForEvent('download')
  await dm.getByRole('button', { name: `Export ${SAMPLE} with pictures (for the DM)` }).click()
  const file = await (await saving).path()
  const sample = await readFile(file)
  await dm.getByLabel('File to import').setInputFiles({ name: 'c.zip', mimeType: 'application/zip', buffer: sample })
  const dialog = dm.getByRole('dialog', { name: 'Import' })
  // The dialog lists its contents before anything of it is stored.
  const report = dialog.getByTestId('import-report')
  await expect(report.getByRole('heading', { name: SAMPLE })).toBeVisible()
  await expect(report).toContainText(/7 pictures, \d+ kB\./)
  await expect(report).toContainText(/The story so far: \d+ entries\./)
  await expectAccessible(dm, 'the preview of a campaign with pictures')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(row(dm, SAMPLE)).toHaveCount(1)
  await dm.getByLabel('File to import').setInputFiles({ name: 'c.zip', mimeType: 'application/zip', buffer: sample })
  await expect(report).toBeVisible()
  await dialog.getByRole('button', { name: 'Import' }).click()
  const copy = row(dm, SAMPLE).filter({ hasText: 'from a file' })
  await expect(copy).toBeVisible()
  await copy.getByRole('button', { name: /^Activate/ }).click()
  await dm.getByRole('button', { name: 'Switch' }).click()
  await dm.getByRole('button', { name: 'Close' }).click()
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  await expectLoaded(dm.getByRole('listitem', { name: 'The tides at Saint Orla' }).getByRole('img').first())
  // A file that only looks like one is refused with a sentence.
  await open(dm)
  const broken = { name: 'd.zip', mimeType: 'application/zip', buffer: sample.subarray(0, 1_000) }
  await dm.getByLabel('File to import').setInputFiles(broken)
  await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled()
  await expect(dialog.getByRole('alert')).toContainText(/\.$/)
})

test('a copy has the story, or begins without it, and the table stays as it is', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  await say(dm, 'A line of the story.')
  await expect(player.getByTestId('entry').last()).toContainText('A line of the story.')
  await open(dm)
  const original = row(dm, SAMPLE).filter({ hasNotText: 'a copy of' })
  const entriesOf = async (campaign: Locator) => Number(/(\d+) entries/.exec(await campaign.innerText())?.[1])
  await dm.getByRole('button', { name: `Duplicate ${SAMPLE}` }).click()
  const name = dm.getByRole('textbox', { name: 'Name of the copy' })
  await expect(name).toHaveValue(`${SAMPLE} (copy)`)
  await name.fill('The second group')
  await dm.getByRole('checkbox', { name: /With the story so far/ }).uncheck()
  await dm.getByRole('button', { name: 'Make the copy' }).click()
  await expect(row(dm, 'The second group')).toContainText(`0 entries · a copy of ${SAMPLE}`)
  await dm.getByRole('button', { name: `Duplicate ${SAMPLE}` }).click()
  await name.fill('Before the fight')
  await dm.getByRole('button', { name: 'Make the copy' }).click()
  await expect(row(dm, 'Before the fight')).toContainText(`entries · a copy of ${SAMPLE}`)
  expect(await entriesOf(original)).toBeGreaterThan(0)
  expect(await entriesOf(row(dm, 'Before the fight'))).toBe(await entriesOf(original))
  await dm.getByRole('button', { name: 'Close' }).click()
  await table.expectInStep(dm, [player])
})
