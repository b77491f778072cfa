// Files of other programs, in the DM's console: a preview, what is left out, then the creatures in the search.
import type { Page } from '@playwright/test'
import { atDesk, expectWell, onPhone } from './looks.ts'
import { desktop, expect, phone, test } from './table.ts'
import { fits, tooWide } from './too-wide.ts'

const abilities = { strength: 10, dexterity: 12, constitution: 11, intelligence: 9, wisdom: 8, charisma: 7 }
const note = (kind: string, yaml: string) => `# Note\n\n\`\`\`${kind}\n${yaml}\n\`\`\`\n`

type Kind = { name: string; fileName: string; content: string; found: string; has: string }

const kinds: Kind[] = [
  {
    name: 'Improved Initiative',
    fileName: 'creatures.json',
    content: JSON.stringify([
      { Name: 'Bog Hag', HP: { Value: 30 }, AC: { Value: 14 } },
      { Name: 'Broken', AC: { Value: 1 } },
    ]),
    found: 'Found: 1 creature.',
    has: 'Bog Hag',
  },
  {
    name: 'Open5e',
    fileName: 'open5e.json',
    content: JSON.stringify({
      count: 1,
      results: [{ slug: 'x', name: 'Reed Cat', armor_class: 12, hit_points: 8, ...abilities }],
    }),
    found: 'Found: 1 creature.',
    has: 'Reed Cat',
  },
  {
    name: '5e-database',
    fileName: 'monsters.json',
    content: JSON.stringify([
      { index: 'x', name: 'Tide Ox', armor_class: [{ value: 12 }], hit_points: 18, ...abilities },
    ]),
    found: 'Found: 1 creature.',
    has: 'Tide Ox',
  },
  {
    name: 'Foundry VTT',
    fileName: 'fvtt-actor.json',
    content: JSON.stringify({
      name: 'Mud Crab',
      type: 'npc',
      system: { abilities: { dex: { value: 14 } }, attributes: { hp: { max: 11 }, ac: { flat: 15, calc: 'flat' } } },
      items: [],
    }),
    found: 'Found: 1 creature.',
    has: 'Mud Crab',
  },
  {
    name: 'Fantasy Statblocks',
    fileName: 'Salt Wisp.md',
    content: note('statblock', 'name: Salt Wisp\nac: 13\nhp: 10\nstats: [6, 17, 13, 11, 12, 14]'),
    found: 'Found: 1 creature.',
    has: 'Salt Wisp',
  },
]

async function openImport(dm: Page): Promise<void> {
  await dm.getByRole('tab', { name: 'Fights' }).click()
  await dm.getByRole('button', { name: 'Import creatures' }).click()
}

const chooseFile = (dm: Page, name: string, content: string | Buffer) =>
  dm
    .getByLabel('Files with creatures')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })

async function importShown(dm: Page): Promise<void> {
  await dm.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dm.getByTestId('creatures-report')).toBeHidden()
}

async function expectInSearch(dm: Page, name: string): Promise<void> {
  const box = dm.getByRole('textbox', { name: 'Creatures to add' })
  await box.fill(name)
  await box.press('Enter')
  await expect(dm.getByRole('list', { name: 'Creatures', exact: true }).getByText(name).first()).toBeVisible()
}

test('a DM imports a file of each program, at a desk and on a phone, and sees first what it holds', async ({
  table,
}) => {
  const dm = await table.dm()
  for (const { fileName, content, found, has } of kinds) {
    await openImport(dm)
    await chooseFile(dm, fileName, content)
    const report = dm.getByTestId('creatures-report')
    await expect(report).toContainText(found)
    await expect(report).toContainText(has)
    // The next file is imported on the other device.
    for (const view of dm.viewportSize()?.width === desktop.width ? [desktop, phone] : [phone, desktop]) {
      await dm.setViewportSize(view)
      await expect.poll(() => tooWide(dm)).toEqual(fits)
    }
    await importShown(dm)
  }
  for (const { has } of kinds) await expectInSearch(dm, has)

  // Encounters, dropped together with a creature that the room has already.
  await openImport(dm)
  const transfer = await dm.evaluateHandle(
    (files) => {
      const data = new DataTransfer()
      for (const [name, text] of files) data.items.add(new File([text], name))
      return data
    },
    [
      ['Salt Wisp.md', note('statblock', 'name: Salt Wisp\nac: 13\nhp: 12\nstats: [6, 17, 13, 11, 12, 14]')],
      [
        'Ford.md',
        note('encounter', 'name: At the ford\ncreatures:\n  - 2: Salt Wisp\n  - 3: Goblin\n  - Nobody at all'),
      ],
    ] as [string, string][],
  )
  await dm.getByTestId('drop-creatures').dispatchEvent('drop', { dataTransfer: transfer })
  const report = dm.getByTestId('creatures-report')
  await expect(report).toContainText('Found: 1 creature, 1 encounter.')
  await expect(report).toContainText('Replaced, because they are here already (1)')
  await expect(report).toContainText('There is no creature “Nobody at all” here')
  await expectWell(dm, 'the preview', [atDesk, { ...onPhone, theme: 'dark' }])
  await importShown(dm)
  await expect(dm.getByRole('list', { name: 'Prepared encounters' })).toContainText('At the ford')

  // A character of D&D Beyond, pasted.
  await openImport(dm)
  const hero = {
    name: 'Wren Hollow',
    baseHitPoints: 20,
    stats: [10, 16, 12, 10, 10, 10].map((value, index) => ({ id: index + 1, value })),
    classes: [{ level: 4, definition: { name: 'Rogue' } }],
  }
  await dm.getByLabel('Or paste the text of a file').fill(JSON.stringify({ success: true, data: hero }))
  await dm.getByRole('button', { name: 'Read the text' }).click()
  await dm.getByRole('checkbox', { name: /Wren Hollow/ }).check()
  await importShown(dm)
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await expect(dm.getByRole('button', { name: 'Edit Wren Hollow' })).toBeVisible()
})

test('files that can’t be read are refused with the reason, and exported creatures come back as the same', async ({
  table,
}) => {
  const dm = await table.dm()

  await test.step('the page says why a file can’t be read, and stores nothing', async () => {
    await openImport(dm)
    await chooseFile(dm, 'notes.json', '{"Name":')
    await expect(dm.getByRole('alert').filter({ hasText: 'This file is no JSON' })).toBeVisible()
    await chooseFile(dm, 'letter.txt', 'Dear friend')
    const report = dm.getByTestId('creatures-report')
    await expect(report).toContainText('There is nothing to import in it.')
    await expect(report).toContainText('It is of no program that can be imported')
    await expect(dm.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
    await dm.getByRole('button', { name: 'Other files' }).click()
    await chooseFile(dm, 'deep.json', '['.repeat(100_000))
    await expect(dm.getByRole('alert').filter({ hasText: 'This file is nested too deeply.' })).toBeVisible()
  })
  await dm.getByRole('button', { name: 'Close' }).click()

  await test.step('a DM exports the creatures of the room, and they come back as the same', async () => {
    const [kind] = kinds
    if (!kind) throw new Error('there is no kind')
    await openImport(dm)
    await chooseFile(dm, kind.fileName, kind.content)
    // The second creature has no hit points.
    await expect(dm.getByTestId('creatures-report')).toContainText(
      'Broken: It has no name, hit points or armour class.',
    )
    await importShown(dm)
    for (const button of ['Export for Improved Initiative', 'Export as notes']) {
      const download = dm.waitForEvent('download')
      await dm.getByRole('button', { name: button }).click()
      const file = await (await download).path()
      await dm.getByRole('button', { name: 'Import creatures' }).click()
      await dm.getByLabel('Files with creatures').setInputFiles(file)
      await expect(dm.getByTestId('creatures-report')).toContainText('Here already, with the same figures (1)')
      await dm.getByRole('button', { name: 'Close' }).click()
    }
  })
})
