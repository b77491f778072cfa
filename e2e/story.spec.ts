// The story: drawn as Markdown, filtered, edited and deleted.
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, phone, test } from './table.ts'

const message = (page: Page) => page.getByRole('combobox', { name: 'Message' })
const words = (page: Page) => page.getByRole('textbox', { name: 'Say or act' })
const last = (page: Page) => page.getByTestId('entry').last()
const entry = (page: Page, text: string) => page.getByTestId('entry').filter({ hasText: text }).last()

async function say(box: Locator, text: string): Promise<void> {
  await box.fill(text)
  await box.press('Enter')
  await expect(box).toHaveValue('')
}

test('the story is drawn as Markdown, asks before it leads elsewhere, and shows rolls and changes apart', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player()

  await test.step('Markdown is drawn as what it is: headings, lists, quotes, tables and a scene in paragraphs', async () => {
    const text = [
      '# The inn',
      '> A sign creaks.',
      '- ale\n- bread',
      '1. in\n2. out',
      '| dish | price |\n| --- | --- |\n| stew | 2 sp |',
      '![a map](https://pictures.invalid/map.png)',
    ].join('\n\n')
    const requests: string[] = []
    player.on('request', (request) => requests.push(request.url()))
    await message(dm).fill(text)
    await message(dm).press('Enter')
    const told = entry(player, 'The inn')
    await expect(told.getByRole('heading', { name: 'The inn' })).toBeVisible()
    await expect(told.locator('blockquote')).toHaveText('A sign creaks.')
    await expect(told.locator('ul > li')).toHaveText(['ale', 'bread'])
    await expect(told.locator('ol > li')).toHaveText(['in', 'out'])
    await expect(told.getByRole('columnheader')).toHaveText(['dish', 'price'])
    await expect(told.getByRole('cell')).toHaveText(['stew', '2 sp'])
    await expect(told).toContainText('Picture: a map. Pictures from elsewhere are not loaded.')
    expect(requests.filter((url) => url.includes('pictures.invalid'))).toEqual([])
    // Lists have their marks back.
    expect(await told.locator('ul').evaluate((list) => getComputedStyle(list).listStyleType)).toBe('disc')

    await dm.getByRole('tab', { name: 'World' }).click()
    const scene = dm.getByRole('textbox', { name: 'Scene', exact: true })
    await scene.fill('A **dark** hall.\n\nIt smells of smoke.')
    await scene.blur()
    const world = player.getByRole('complementary', { name: 'Scene and story' })
    await expect(world.locator('strong')).toHaveText('dark')
    await expect(world.locator('.prose-story p')).toHaveText(['A dark hall.', 'It smells of smoke.'])
    await expectAccessible(player, 'a story with Markdown')
    await table.expectInStep(dm, [player])
  })

  await test.step('rolls and changes look different from the story, and each can be shown alone', async () => {
    await say(message(dm), 'The bell tolls.')
    await say(message(dm), '/hp Mira -1')
    await say(message(dm), '/secret A trap waits.')
    const secret = entry(dm, 'A trap waits.')
    const mark = secret.getByText('Only DMs see this')
    const [line, beside] = [await secret.getByText('A trap waits.').boundingBox(), await mark.boundingBox()]
    // In the same line, after the words.
    expect(beside?.x).toBeGreaterThan(line?.x ?? 0)
    expect(Math.abs((beside?.y ?? 0) - (line?.y ?? 0))).toBeLessThan(20)
    const filter = (shown: string) => dm.getByRole('button', { name: `Shown in the story: ${shown}` })
    await filter('Everything').click()
    await expect(filter('Story only')).toBeVisible()
    await expect(entry(dm, 'The bell tolls.')).toBeVisible()
    await expect(dm.locator('[data-kind=bookkeeping]')).toHaveCount(0)
    await filter('Story only').click()
    await expect(filter('Rolls and changes')).toBeVisible()
    await expect(dm.locator('[data-kind=story]')).toHaveCount(0)
    await expect(dm.locator('[data-kind=bookkeeping]').last()).toBeVisible()
    // The device remembers it.
    await dm.reload()
    await filter('Rolls and changes').click()
    await expect(filter('Everything')).toBeVisible()
    await expect(entry(dm, 'The bell tolls.')).toBeVisible()
  })

  await test.step('a link names its place before it opens it in another tab', async () => {
    await say(words(player), '[the map](http://127.0.0.1:9/map)')
    const link = last(player).getByRole('link', { name: 'the map' })
    await link.click()
    const question = player.getByRole('alertdialog', { name: 'Leave for 127.0.0.1:9?' })
    await expect(question).toContainText('http://127.0.0.1:9/map')
    await expectAccessible(player, 'the question before leaving')
    await question.getByRole('button', { name: 'Stay here' }).click()
    await expect(question).toBeHidden()
    expect(player.context().pages()).toHaveLength(1)
    await link.click()
    const opened = player.context().waitForEvent('page')
    await question.getByRole('link', { name: 'Open in a new tab' }).click()
    await opened
    expect(player.url()).toMatch(/\/r\//)
  })
})

test('entries are edited and deleted by those who may, and nobody sees their own typing', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()
  const other = await table.player({ name: 'Olive' })

  await test.step('one’s own name never says that one is typing, and others stop seeing it when the message is sent', async () => {
    await words(player).pressSequentially('I wait')
    await expect(other.getByText('is typing…')).toBeVisible()
    await expect(player.getByText('is typing…')).toHaveCount(0)
    await words(player).press('Enter')
    await expect(last(other)).toContainText('I wait')
    await expect(other.getByText('is typing…')).toHaveCount(0)
    await expect(player.getByText('is typing…')).toHaveCount(0)
  })

  await test.step('a player edits and deletes an entry of their own, and the table follows', async () => {
    await say(words(player), 'I open teh door.')
    await expect(entry(other, 'teh door')).toBeVisible()
    // Nobody else has the tools for it but the DM.
    await expect(entry(other, 'teh door').getByRole('button', { name: /Change/ })).toHaveCount(0)
    await entry(player, 'teh door').getByRole('button', { name: 'Change your entry' }).click()
    await player.getByRole('button', { name: 'Edit' }).click()
    const box = player.getByRole('textbox', { name: 'The words of this entry' })
    await expect(box).toBeFocused()
    await expectAccessible(player, 'an entry that is edited')
    await box.fill('I open the door.')
    await player.getByRole('button', { name: 'Save' }).click()
    for (const page of [dm, player, other]) {
      await expect(last(page)).toContainText('I open the door.')
      await expect(last(page)).toContainText('edited by')
      await expect(page.getByText('teh door')).toHaveCount(0)
    }
    await last(player).getByRole('button', { name: 'Change your entry' }).click()
    await player.getByRole('button', { name: 'Delete' }).click()
    for (const page of [player, other]) await expect(last(page)).toHaveText('Taken back')
    await expect(last(dm)).toContainText(/Deleted by .*I open the door/)
    // A newcomer never learns of the words.
    const late = await table.player({ name: 'Late' })
    await expect(last(late)).toHaveText('Taken back')
    await last(dm)
      .getByRole('button', { name: /^Change/ })
      .click()
    await dm.getByRole('button', { name: 'Put back' }).click()
    for (const page of [player, other, late]) await expect(last(page)).toContainText('I open the door.')
    await table.expectInStep(dm, [player, other, late])
  })

  await test.step('a DM edits and deletes the entry of a player, from the keyboard', async () => {
    await say(words(player), 'Words of a player.')
    const tools = entry(dm, 'Words of a player.').getByRole('button', { name: /^Change the entry of/ })
    await tools.focus()
    await dm.keyboard.press('ArrowUp')
    await expect(tools).not.toBeFocused()
    await dm.keyboard.press('ArrowDown')
    await expect(tools).toBeFocused()
    await dm.keyboard.press('Enter')
    await dm.getByRole('button', { name: 'Edit' }).press('Enter')
    await expect(dm.getByRole('textbox', { name: 'The words of this entry' })).toBeFocused()
    await dm.keyboard.press('End')
    await dm.keyboard.type(' And of the DM.')
    await dm.getByRole('button', { name: 'Save' }).press('Enter')
    await expect(last(player)).toContainText('Words of a player. And of the DM.')
    await tools.press('Enter')
    await dm.getByRole('button', { name: 'Delete' }).press('Enter')
    await expect(last(player)).toHaveText('Taken back')
    await table.expectInStep(dm, [player])
  })
})

test('a phone shows what is new, and leaves the reader where they are', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })

  await test.step('a tab of a phone that is opened lights up for what changed since, and not again for what was seen', async () => {
    const tab = (name: string) =>
      player.getByRole('navigation', { name: 'Parts of the table' }).getByRole('button', { name })
    await tab('Party').click()
    await player.evaluate(() => {
      document.body.dataset['flashes'] = '0'
      addEventListener('animationstart', ({ animationName }) => {
        const { dataset } = document.body
        if (animationName === 'flash') dataset['flashes'] = String(Number(dataset['flashes']) + 1)
      })
    })
    const flashes = () => player.evaluate(() => Number(document.body.dataset['flashes']))
    await say(message(dm), '/hp Mira -1')
    await expect.poll(flashes).toBe(1)
    await expect(player.locator('.flash')).toHaveCount(0)
    await tab('World').click()
    await tab('Party').click()
    await expect(player.getByTestId('character').first()).toBeVisible()
    await player.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    expect(await flashes()).toBe(1)
    await table.expectInStep(dm, [player])
  })

  await test.step('one’s own message scrolls to the end, and somebody else’s does not', async () => {
    await player.getByRole('button', { name: 'Story', exact: true }).click()
    for (let count = 0; count < 12; count++)
      await say(message(dm), `A long line of the story, number ${count}.\n\nAnd more.`)
    await expect(entry(player, 'number 11')).toBeInViewport()
    const log = player.getByRole('log')
    const fromEnd = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
    await log.evaluate((box) => box.scrollTo(0, box.scrollHeight / 2))
    await expect.poll(fromEnd).toBeGreaterThan(200)
    await say(message(dm), 'Of somebody else.')
    await expect(player.getByRole('button', { name: /Jump to latest/ })).toBeVisible()
    expect(await fromEnd()).toBeGreaterThan(200)
    await say(words(player), 'Of my own.')
    await expect(entry(player, 'Of my own.')).toBeInViewport()
    await expect.poll(fromEnd).toBeLessThan(80)
  })
})
