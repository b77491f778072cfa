// The layout of a table: what is on the page at each size, and that nothing on it jumps.
import type { Page } from '@playwright/test'
import { runCommand } from './keyboard.ts'
import { watchLayoutShift } from './layout-shift.ts'
import { mostStyled } from './styled-elements.ts'
import { boxOf, desktop, expect, lying, phone, say, startCampaign, tablet, test, type View } from './table.ts'

const heightOf = async (page: Page, selector: string) =>
  (await page.locator(selector).first().boundingBox())?.height ?? 0

test('a player’s phone: a header of one line, quick tabs, most of a lying phone for the story, and all of it on paper', async ({
  table,
}) => {
  const player = await table.player({ view: phone })

  await test.step('a phone’s header is one line of 56 px, and the rest is behind a button', async () => {
    expect(await heightOf(player, 'header')).toBe(56)
    await expect(player.getByRole('switch', { name: 'Ready' })).toBeHidden()
    await player.getByRole('button', { name: 'More' }).click()
    await player.getByRole('switch', { name: 'Ready' }).click()
    await expect(player.getByRole('switch', { name: 'Ready' })).toBeChecked()
    await player.keyboard.press('Escape')
    await expect(player.getByRole('switch', { name: 'Ready' })).toBeHidden()
  })

  await test.step('a tapped tab shows that it was chosen one picture before its part', async () => {
    await expect(player.getByTestId('entry').last()).toBeVisible()
    const tab = player.getByRole('navigation', { name: 'Parts of the table' }).getByRole('button', { name: 'Party' })
    const pictures = await tab.evaluate(async (button: HTMLElement) => {
      const part = document.querySelector('aside[aria-label="Party and turns"]')
      const seen: { isChosen: boolean; isShown: boolean }[] = []
      button.click()
      while (!seen.at(-1)?.isShown && seen.length < 100) {
        await new Promise(requestAnimationFrame)
        seen.push({
          isChosen: button.getAttribute('aria-current') === 'page',
          isShown: part?.checkVisibility() ?? false,
        })
      }
      return seen
    })
    expect(pictures[0]).toEqual({ isChosen: true, isShown: false })
    expect(pictures.at(-1)).toEqual({ isChosen: true, isShown: true })
  })

  await test.step('a phone on its side gives the story 60 % of its height', async () => {
    await player.getByRole('button', { name: 'Story', exact: true }).click()
    await player.setViewportSize(lying)
    expect((await heightOf(player, '[role=log]')) / lying.height).toBeGreaterThanOrEqual(0.6)
  })

  await test.step('a player’s page prints the whole story, the party and the world, and nothing to press', async () => {
    await player.setViewportSize(phone)
    const stories = player.getByTestId('entry')
    await expect(stories.last()).toBeVisible()
    await player.emulateMedia({ media: 'print' })
    for (const part of [stories.first(), stories.last(), player.getByTestId('character').first()])
      await expect(part).toBeVisible()
    await expect(player.getByRole('complementary', { name: 'Scene and story' })).toBeVisible()
    await expect(player.getByRole('button')).toHaveCount(0)
    await expect(player.getByRole('textbox')).toHaveCount(0)
    // Both heights are rounded to whole pixels, each by itself.
    const cutOff = await player.getByRole('log').evaluate((element) => element.scrollHeight - element.clientHeight)
    expect(cutOff).toBeLessThanOrEqual(1)
    expect((await player.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(5_000)
  })
})

test('the header of a DM’s phone is one line that does not scroll, and the rest is behind a button', async ({
  table,
}) => {
  const dm = await table.dm({ view: phone })
  expect(await heightOf(dm, 'header')).toBe(56)
  const hidden = () =>
    dm.locator('header, header *').evaluateAll((parts) =>
      parts
        .filter((part) => part.checkVisibility() && !part.matches('.sr-only, [popover], [popover] *'))
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
        .filter((part) => !part.matches('.truncate'))
        .map(({ className }) => className),
    )
  expect(await hidden()).toEqual([])
  await expect(dm.getByRole('button', { name: 'More', exact: true })).toBeInViewport({ ratio: 1 })
  await expect(dm.getByTestId('connection')).toBeInViewport({ ratio: 1 })
  const more = dm.getByRole('button', { name: 'More', exact: true })
  for (const [button, dialog] of [
    ['Campaigns', 'Campaigns'],
    ['Previously…', 'Previously…'],
    ['Invite', 'Invite to the table'],
    ['Table settings', 'The table'],
  ] as const) {
    await more.click()
    await expect(dm.getByRole('button', { name: button, exact: true })).toBeInViewport({ ratio: 1 })
    await dm.getByRole('button', { name: button, exact: true }).click()
    await expect(dm.getByRole('dialog', { name: dialog })).toBeVisible()
    // The panel lies over dialogs, so it must be gone.
    await expect(dm.locator('.more-panel')).toBeHidden()
    await dm.keyboard.press('Escape')
    await expect(dm.getByRole('dialog')).toBeHidden()
    await expect(more).toBeFocused()
  }
  await more.click()
  const panel = await dm.locator('.more-panel').boundingBox()
  for (const name of ['Undo', 'Redo']) {
    const button = await dm.getByRole('button', { name, exact: true }).boundingBox()
    expect((button?.x ?? 0) + (button?.width ?? 0)).toBeLessThanOrEqual((panel?.x ?? 0) + (panel?.width ?? 0))
  }
  await dm.getByRole('button', { name: /^Use the/ }).click()
  await expect(dm.locator('html')).toHaveAttribute('data-theme', 'light')
  await dm.keyboard.press('Escape')
  await runCommand(dm, 'invite')
  await expect(dm.getByRole('dialog', { name: 'Invite to the table' })).toBeVisible()
})

test('a phone’s page keeps its place through turns and a lost connection, and its people in one readable line', async ({
  table,
  browser,
}) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })

  await test.step('turns, updates and a lost connection move nothing on a player’s page, and style only what is new', async () => {
    await dm.getByRole('tab', { name: 'Characters' }).click()
    await dm.getByRole('button', { name: 'Edit Mira Ashdown' }).click()
    await dm.getByRole('combobox', { name: /played by/i }).selectOption({ label: 'A player' })
    await expect(player.getByText(/next/).first()).toBeVisible()
    const layoutShift = await watchLayoutShift(player)
    await dm.getByRole('tab', { name: 'Table', exact: true }).click()
    for (let round = 0; round < 5; round++) {
      await dm.getByRole('button', { name: 'Next turn' }).click()
      await say(dm, `A word, ${round}.`)
      await expect(player.getByTestId('entry').last()).toContainText(`A word, ${round}.`)
    }
    const styled = await mostStyled(browser, player, async () => {
      await say(dm, 'The bell tolls.')
      await expect(player.getByTestId('entry').last()).toContainText('The bell tolls.')
    })
    expect(styled).toBeGreaterThan(0)
    expect(styled).toBeLessThan((await player.locator('*').count()) / 4)
    await player.context().setOffline(true)
    await expect(player.getByTestId('connection')).toContainText('Offline')
    await say(dm, 'While nobody looks.')
    await player.context().setOffline(false)
    await expect(player.getByTestId('connection')).toHaveText('Live')
    await expect(player.getByTestId('entry').last()).toContainText('While nobody looks.')
    expect(await layoutShift()).toBeLessThanOrEqual(0.05)
  })

  await test.step('the people at the table stay readable in one line, however many there are', async () => {
    const names = ['Bartholomew', 'Clementine', 'Dorothea', 'Ezekiel', 'Fredericka']
    for (const name of names) await table.sitDown(name)
    const people = player.getByRole('list', { name: 'Who is here' })
    await expect(people.getByRole('listitem')).toHaveCount(names.length + 2)
    for (const name of names) {
      const shown = people.getByText(name, { exact: true })
      expect(await shown.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
      expect((await shown.boundingBox())?.height).toBeGreaterThanOrEqual(18)
    }
  })
})

test('the start page leads to the other stages by one line', async ({ table }) => {
  const page = await table.page({ view: phone })
  await page.goto(table.server.url)
  await expect(page.getByRole('link', { name: 'The arena' })).toBeHidden()
  await page.getByRole('link', { name: 'More on this server' }).click()
  for (const name of [/The arena/, /Topics/, /The market/, /Signals/])
    await expect(page.getByRole('main').getByRole('link', { name })).toBeVisible()
})

test('a DM’s first evening: a table, a campaign, the first steps and another name', async ({ table }) => {
  const dm = await table.page()
  await dm.goto(table.server.url)
  await startCampaign(dm, 'The Bell')
  const steps = dm.getByRole('region', { name: 'First steps' })

  await test.step('the first steps of a new campaign lie over nothing, also on a phone', async () => {
    const empty = dm.getByText('The story has not begun yet.')
    for (const view of [desktop, tablet, phone, lying]) {
      await dm.setViewportSize(view)
      const [card, text] = [await boxOf(steps), await boxOf(empty)]
      expect(text.y + text.height).toBeLessThanOrEqual(card.y)
      await steps.getByRole('button', { name: 'Invite your players' }).click({ trial: true })
    }
    await dm.setViewportSize(desktop)
  })

  await test.step('a DM starts a table and a campaign in two steps, is led on, and takes another name', async () => {
    await steps.getByRole('button', { name: 'Add the party' }).click()
    await expect(dm.getByRole('tab', { name: 'Characters' })).toHaveAttribute('aria-selected', 'true')
    await steps.getByRole('button', { name: 'Invite your players' }).click()
    const link = await dm.getByRole('textbox', { name: 'Invite link' }).inputValue()
    await expect(dm.getByText('This link works on this computer only.')).toBeVisible()
    await dm.getByRole('button', { name: 'Close' }).click()

    const guest = await table.page({ view: phone })
    await guest.goto(link)
    await expect(guest.getByRole('heading', { name: 'You are invited to “Thursday”' })).toBeVisible()
    await guest.getByRole('textbox', { name: 'Your name' }).fill('Rob')
    await guest.getByRole('button', { name: 'Join the table' }).click()
    await dm.getByRole('tab', { name: 'Table', exact: true }).click()
    await expect(dm.getByRole('group', { name: 'Rob', exact: true })).toBeVisible()
    await guest.getByRole('textbox', { name: 'Say or act' }).fill('Who is there?')
    await guest.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByTestId('entry').filter({ hasText: 'Who is there?' })).toContainText('Rob')
    await guest.getByRole('button', { name: 'More' }).click()
    await guest.getByRole('button', { name: 'Your name: Rob' }).click()
    await guest.getByRole('textbox', { name: 'Your name' }).fill('Robin')
    await expect(guest.getByText('What you have said so far keeps the name that you said it with.')).toBeVisible()
    await guest.getByRole('button', { name: 'Rename' }).click()
    await expect(dm.getByRole('group', { name: 'Robin', exact: true })).toBeVisible()
    await expect(guest.getByTestId('connection')).toHaveText('Live')
    await guest.getByRole('textbox', { name: 'Say or act' }).fill('Here I am.')
    await guest.getByRole('button', { name: 'Send' }).click()
    await expect(dm.getByTestId('entry').filter({ hasText: 'Here I am.' })).toContainText('Robin')
    // The story is a chronicle: an entry keeps the name with which it was said, also for those who come later.
    await dm.reload()
    await expect(dm.getByTestId('entry').filter({ hasText: 'Here I am.' })).toContainText('Robin')
    await expect(dm.getByTestId('entry').filter({ hasText: 'Who is there?' })).not.toContainText('Robin')

    // A name that is typed for the next table counts, also for a person whom the browser knows.
    await dm.goto(table.server.url)
    await dm.getByRole('textbox', { name: 'Name of the table' }).fill('Friday')
    await dm.getByRole('textbox', { name: 'Your name' }).fill('Dorothea')
    await dm.getByRole('button', { name: 'Start as DM' }).click()
    await expect(dm.getByRole('button', { name: 'Create and open' })).toBeVisible()
    await dm.goto(table.server.url)
    await expect(dm.getByRole('button', { name: 'Your name: Dorothea' })).toBeVisible()
  })
})

/** The words of buttons and switches that are broken over two lines. */
const brokenWords = (page: Page) =>
  page.locator('button, label').evaluateAll((parts) =>
    parts
      .filter((part) => part.checkVisibility())
      .flatMap((part) => {
        const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
        const broken: string[] = []
        for (let text = texts.nextNode(); text; text = texts.nextNode())
          for (const word of (text.textContent ?? '').matchAll(/\p{L}+/gu)) {
            const range = document.createRange()
            range.setStart(text, word.index)
            range.setEnd(text, word.index + word[0].length)
            const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
            if (lines.size > 1) broken.push(word[0])
          }
        return broken
      }),
  )

test('a console and a player’s page: two columns on a tablet, whole words at any size, and the story on paper', async ({
  table,
}) => {
  const dm = await table.dm()
  const player = await table.player()

  await test.step('a tablet has two columns, for the player and for the DM', async () => {
    for (const page of [dm, player]) await page.setViewportSize(tablet)
    for (const [page, side] of [
      [player, player.getByRole('complementary', { name: 'Party and turns' })],
      [dm, dm.getByRole('tablist', { name: 'Console' })],
    ] as const) {
      const story = await page.getByRole('log', { name: 'Story', exact: true }).boundingBox()
      const beside = await side.boundingBox()
      expect(beside?.x).toBeGreaterThanOrEqual((story?.x ?? 0) + (story?.width ?? Infinity))
      expect(story?.width).toBeGreaterThan(350)
    }
    await expect(player.getByRole('navigation', { name: 'Parts of the table' })).toBeHidden()
  })

  await test.step('a DM’s console prints the whole story, and nothing to press', async () => {
    await dm.setViewportSize(desktop)
    await expect(dm.getByTestId('entry').last()).toBeVisible()
    await dm.emulateMedia({ media: 'print' })
    for (const part of [dm.getByTestId('entry').first(), dm.getByTestId('entry').last()])
      await expect(part).toBeVisible()
    await expect(dm.getByRole('button')).toHaveCount(0)
    await expect(dm.getByRole('textbox')).toHaveCount(0)
    await expect(dm.getByRole('tab')).toHaveCount(0)
    const log = await dm.getByRole('log').evaluate((element) => [element.scrollHeight, element.clientHeight])
    expect(log[0]).toBe(log[1])
    expect((await dm.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(5_000)
    await dm.emulateMedia({ media: 'screen' })
  })

  await test.step('no word of a button breaks, at any size, also while the header says that the page is offline', async () => {
    const sizes: View[] = [desktop, { width: 1024, height: 768 }, tablet, { width: 768, height: 1024 }, phone, lying]
    const expectWhole = async (page: Page) => {
      for (const view of sizes) {
        await page.setViewportSize(view)
        expect(await brokenWords(page), `at ${view.width}`).toEqual([])
      }
    }
    for (const tab of ['World', 'Fights', 'Characters']) {
      await dm.getByRole('tab', { name: tab }).click()
      await expectWhole(dm)
    }
    await dm.setViewportSize(desktop)
    await dm.getByRole('button', { name: 'Campaigns' }).click()
    await expect(dm.getByRole('button', { name: 'Create' })).toBeVisible()
    await expectWhole(dm)
    await dm.getByRole('button', { name: 'Close' }).click()
    for (const page of [dm, player]) {
      await page.context().setOffline(true)
      await expect(page.getByTestId('connection')).toContainText('Offline')
      await expectWhole(page)
      for (const view of sizes) {
        await page.setViewportSize(view)
        const actions = await page.locator('.page-actions').evaluate((part) => part.scrollWidth - part.clientWidth)
        expect(actions, `hidden at ${view.width}`).toBeLessThanOrEqual(0)
      }
    }
  })
})
