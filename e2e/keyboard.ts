// A page used by keyboard alone.
import { expect, type Locator, type Page } from '@playwright/test'

/** Presses Tab until `goal` has the focus. Answers the stops on the way, each by its role or element and its name. */
export async function tabTo(page: Page, goal: Locator, maxStops = 40): Promise<string[]> {
  const stops: string[] = []
  while (!(await hasFocus(goal))) {
    expect(stops.length, stops.join('\n')).toBeLessThan(maxStops)
    await page.keyboard.press('Tab')
    stops.push(await focused(page))
  }
  return stops
}

/** Starts over, as after the page was opened. */
export const blur = (page: Page): Promise<void> =>
  page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    // The next Tab begins at the top of the page.
    const top = document.createElement('span')
    top.tabIndex = -1
    document.body.prepend(top)
    top.focus()
    top.remove()
  })

/** Finds a command by these words and runs it. */
export async function runCommand(page: Page, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.type(words)
  await expect(palette.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
}

export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return 'BODY'
    const name = element.ariaLabel ?? element.textContent.trim().slice(0, 30)
    return `${element.role ?? element.tagName.toLowerCase()} ${name}`
  })

const hasFocus = (goal: Locator) => goal.evaluate((element) => element === document.activeElement)
