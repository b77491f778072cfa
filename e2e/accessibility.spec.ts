// Pages and dialogs for people who see little, hear them read, or do not use a pointer.
import type { Locator, Page } from '@playwright/test'
import { expectAccessible, expectAccessibleInBothThemes } from './accessible.ts'
import { acting, fighters, startGoblins } from './fight-console.ts'
import { blur, runCommand, tabTo } from './keyboard.ts'
import { desktop, expect, say, test } from './table.ts'

test.describe('every dialog and page', () => {
  // Axe looks at some twenty pages and dialogs in each.
  test.slow()

  test('every dialog of a table has no serious accessibility violation, dark or light', async ({ table }) => {
    const dm = await table.dm()
    const player = await table.player()
    await expect(dm.getByRole('group', { name: 'A player' })).toBeVisible()
    const closes = async (page: Page, what: string, shown: Locator) => {
      await expect(shown).toBeVisible()
      await expectAccessibleInBothThemes(page, what)
      await page.keyboard.press('Escape')
      await expect(shown).toBeHidden()
    }
    await dm.getByRole('button', { name: 'Table settings' }).click()
    await dm.getByRole('button', { name: /^Show who joined/ }).click()
    await closes(dm, 'table settings', dm.getByRole('dialog', { name: 'The table' }))
    await dm.getByRole('button', { name: 'More for A player' }).click()
    await expectAccessibleInBothThemes(dm, 'member menu')
    await dm.getByRole('menuitem', { name: 'Ban…' }).click()
    await closes(dm, 'ban', dm.getByRole('alertdialog'))
    await dm.getByTestId('connection').click()
    await closes(dm, 'connection', dm.getByRole('dialog', { name: 'Connection' }))
    await dm.getByRole('tab', { name: 'Table' }).focus()
    await dm.keyboard.press('ControlOrMeta+k')
    await closes(dm, 'palette', dm.getByRole('dialog', { name: 'Commands' }))
    await dm.keyboard.press('?')
    await closes(dm, 'keys', dm.getByRole('dialog', { name: 'Keys' }))
    await dm.getByRole('combobox', { name: 'Message' }).fill('/t')
    await expect(dm.getByRole('listbox', { name: 'Commands' })).toBeVisible()
    await expectAccessibleInBothThemes(dm, 'completion')

    await player.getByRole('button', { name: 'Previously…' }).click()
    await closes(player, 'recap', player.getByRole('dialog', { name: 'Previously…' }))
    await player.getByRole('button', { name: 'Roll dice' }).click()
    await closes(player, 'dice', player.getByRole('dialog', { name: 'Dice' }))
  })

  test('every other page has no serious accessibility violation, and fits at 200 % zoom, dark or light', async ({
    table,
  }) => {
    const page = await table.dm()
    const paths = ['/', '/arena', '/topics', '/market', '/signals', '/ops', '/nowhere', '/join/not-a-code']
    for (const path of [new URL(page.url()).pathname, ...paths]) {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.goto(table.server.url + path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectAccessibleInBothThemes(page, path)
      await page.setViewportSize({ width: 720, height: 450 })
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBe(0)
    }
  })
})

/** The colours that tell two elements apart. */
const drawn = (element: Locator, pseudo?: string) =>
  element.evaluate((node, of) => {
    const { backgroundColor, color, borderColor } = getComputedStyle(node, of)
    return [backgroundColor, color, borderColor].join()
  }, pseudo)

test('a table works at 200 % zoom, with reduced motion and with forced colours', async ({ table }) => {
  const dm = await table.dm()
  const player = await table.player()

  await test.step('at 200 % zoom a DM and a player read the story and write', async () => {
    const view = { width: 720, height: 450 }
    for (const page of [dm, player]) await page.setViewportSize(view)
    await say(dm, 'The bell tolls.')
    for (const [page, box] of [
      [dm, dm.getByRole('combobox', { name: 'Message' })],
      [player, player.getByRole('textbox', { name: 'Say or act' })],
    ] as const) {
      await expect(page.getByTestId('entry').last()).toBeInViewport()
      await expect(box).toBeInViewport({ ratio: 1 })
      await expect(page.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 })
    }
    await dm.getByRole('button', { name: 'Next turn' }).scrollIntoViewIfNeeded()
    await expect(dm.getByRole('button', { name: 'Next turn' })).toBeInViewport({ ratio: 1 })
  })

  await test.step('with reduced motion nothing moves, and without it an entry does', async () => {
    for (const page of [dm, player]) await page.setViewportSize(desktop)
    await dm.emulateMedia({ reducedMotion: 'no-preference' })
    const longest = () =>
      dm.evaluate(() =>
        Math.max(
          0,
          ...document
            .getAnimations()
            .filter(({ timeline }) => timeline instanceof DocumentTimeline)
            .map(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0))
            .filter(Number.isFinite),
        ),
      )
    /** The longest animation from before a message until it is shown. */
    const whileSaying = async (message: string) => {
      const seen = dm.evaluate(async () => {
        let longest = 0
        const until = document.querySelectorAll('[data-testid=entry]').length
        for (;;) {
          for (const { effect, timeline } of document.getAnimations())
            if (timeline instanceof DocumentTimeline)
              longest = Math.max(longest, Number(effect?.getComputedTiming().duration ?? 0))
          if (document.querySelectorAll('[data-testid=entry]').length > until) return longest
          await new Promise(requestAnimationFrame)
        }
      })
      await say(dm, message)
      return Math.max(await seen, await longest())
    }
    expect(await whileSaying('One.')).toBeGreaterThan(100)
    await dm.emulateMedia({ reducedMotion: 'reduce' })
    await expect.poll(longest).toBeLessThanOrEqual(1)
    expect(await whileSaying('Two.')).toBeLessThanOrEqual(1)
  })

  await test.step('with forced colours, states that colours alone would show are still told apart', async () => {
    const before = async (page: Page) => page.emulateMedia({ forcedColors: 'active' })
    await before(dm)
    await before(player)
    expect(await dm.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true)
    const tab = (name: string) => dm.getByRole('tab', { name })
    expect(await drawn(tab('Table'))).not.toBe(await drawn(tab('World')))
    const rows = dm.getByRole('listitem').filter({ has: dm.getByRole('button', { name: /^Drag/ }) })
    expect(await drawn(dm.locator('li[aria-current=step]'))).not.toBe(await drawn(rows.last()))
    const ready = player.getByRole('switch', { name: 'Ready' })
    const sound = player.getByRole('switch', { name: 'Turn sound' })
    await ready.check()
    await expect(sound).not.toBeChecked()
    expect(await drawn(ready)).not.toBe(await drawn(sound))
    // The knob of the switch is drawn at all.
    const knob = await sound.evaluate((node) => [
      getComputedStyle(node, '::before').backgroundColor,
      getComputedStyle(node).backgroundColor,
    ])
    expect(knob[0]).not.toBe(knob[1])
    const meter = player.getByRole('meter').first()
    expect(await drawn(meter)).not.toBe(await drawn(meter.locator('*').first()))
    const whisper = player.getByRole('button', { name: 'Whisper to the DM' })
    const plain = await drawn(whisper)
    await whisper.click()
    await expect(whisper).toHaveAttribute('aria-pressed', 'true')
    await player.mouse.move(0, 0)
    await expect.poll(() => drawn(whisper)).not.toBe(plain)
    await expectAccessible(dm, 'console with forced colours')
    await expectAccessible(player, 'player with forced colours')
  })
})

test('a DM runs a fight at 200 % zoom, and with forced colours', async ({ table }) => {
  const dm = await table.dm({ view: { width: 720, height: 450 } })
  await startGoblins(dm)
  await dm.getByRole('button', { name: /^Roll for/ }).click()
  await dm.getByRole('button', { name: 'Begin round 1' }).click()

  await test.step('at 200 % zoom a DM runs a fight', async () => {
    await expect(acting(dm)).toHaveCount(1)
    await dm.getByRole('button', { name: 'Next turn' }).click()
    await expect(dm.getByRole('button', { name: 'Next turn' })).toBeInViewport({ ratio: 1 })
    const box = acting(dm).getByRole('textbox', { name: /^Damage to/ })
    await box.scrollIntoViewIfNeeded()
    await expect(box).toBeInViewport({ ratio: 1 })
    expect(await dm.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  })

  await test.step('with forced colours a fight still shows who acts', async () => {
    await dm.setViewportSize(desktop)
    await dm.emulateMedia({ forcedColors: 'active' })
    await expect(acting(dm)).toHaveCount(1)
    const others = fighters(dm).and(dm.locator(':not([aria-current])'))
    expect(await drawn(acting(dm))).not.toBe(await drawn(others.first()))
    await expectAccessible(dm, 'a fight with forced colours')
  })
})

test('a table is created, filled and played with the keyboard alone', async ({ table }) => {
  const dm = await table.page()
  await dm.goto(table.server.url)
  await tabTo(dm, dm.getByRole('textbox', { name: 'Name of the table' }))
  await dm.keyboard.type('Thursday night')
  await tabTo(dm, dm.getByRole('textbox', { name: 'Your name' }), 3)
  await dm.keyboard.type('Dee')
  await dm.keyboard.press('Enter')
  await expect(dm.getByText('Thursday night').first()).toBeVisible()
  await blur(dm)

  await runCommand(dm, 'campaigns')
  const name = dm.getByRole('textbox', { name: 'Name of the new campaign' })
  await tabTo(dm, name)
  await dm.keyboard.type('The Barrow')
  await dm.keyboard.press('Enter')
  await openByKeyboard(dm, 'The Barrow')
  await expect(dm.getByRole('log', { name: 'Story' })).toBeVisible()
  await blur(dm)

  await runCommand(dm, 'invite')
  const link = dm.getByRole('textbox', { name: 'Invite link' })
  await tabTo(dm, link)
  const address = await link.inputValue()
  await dm.keyboard.press('Escape')
  const player = await table.page()
  await player.goto(new URL(address).pathname === '/' ? address : table.server.url + new URL(address).pathname)
  await tabTo(player, player.getByRole('textbox', { name: 'Your name' }))
  await player.keyboard.type('Pia')
  await player.keyboard.press('Enter')
  await expect(player.getByRole('log')).toBeVisible()

  await blur(dm)
  await runCommand(dm, 'add a character')
  await expect(dm.getByRole('group', { name: 'New character' })).toBeVisible()
  await blur(dm)
  await runCommand(dm, 'roll initiative')
  const entries = dm.getByTestId('entry')
  await expect(entries.filter({ hasText: /initiative/i }).first()).toBeVisible()
  await expect(entries.last()).toContainText('Round 1.')
  await dm.keyboard.press('n')
  await expect(entries.last()).not.toContainText('Round 1.')
  await dm.keyboard.press('/')
  await expect(dm.getByRole('combobox', { name: 'Message' })).toBeFocused()
  await dm.keyboard.type('The door opens.')
  await dm.keyboard.press('Enter')
  await expect(player.getByTestId('entry').last()).toContainText('The door opens.')
  await player.keyboard.press('Escape')
  await blur(player)
  await player.keyboard.press('/')
  await expect(player.getByRole('textbox', { name: 'Say or act' })).toBeFocused()
  await player.keyboard.type('I go in.')
  await player.keyboard.press('Enter')
  await expect(dm.getByTestId('entry').last()).toContainText('I go in.')
})

/** Opens a campaign of the list, unless creating it has opened it. */
async function openByKeyboard(dm: Page, name: string): Promise<void> {
  const activate = dm.getByRole('button', { name: `Activate ${name}` })
  await expect(activate.or(dm.getByRole('log', { name: 'Story' }))).toBeVisible()
  if (await activate.isVisible()) {
    await tabTo(dm, activate)
    await dm.keyboard.press('Enter')
    await tabTo(dm, dm.getByRole('alertdialog').getByRole('button', { name: 'Activate' }))
    await dm.keyboard.press('Enter')
    await expect(dm.getByRole('alertdialog')).toBeHidden()
  }
  if (await dm.getByRole('dialog').isVisible()) await dm.keyboard.press('Escape')
}
