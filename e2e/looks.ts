// How one page looks to people with different devices. Opening the page again for each of them would take longer than all that is checked on it.
import { expect, type Page } from '@playwright/test'
import { expectAccessible, setTheme } from './accessible.ts'
import { desktop, phone, type View } from './table.ts'

type Look = { name: string; view: View; theme: 'dark' | 'light' }

export const atDesk: Look = { name: 'desktop, dark', view: desktop, theme: 'dark' }
export const onPhone: Look = { name: 'phone, light', view: phone, theme: 'light' }
export const onTablet: Look = { name: 'tablet, dark', view: { width: 820, height: 1180 }, theme: 'dark' }

export async function takeLook(page: Page, { view, theme }: Look): Promise<void> {
  await page.setViewportSize(view)
  await setTheme(page, theme)
}

/** The page is accessible and not wider than its window, in each of these looks. It keeps the last one. */
export async function expectWell(page: Page, what: string, looks: readonly Look[] = [atDesk, onPhone]): Promise<void> {
  for (const look of looks) {
    await takeLook(page, look)
    const name = `${what} (${look.name})`
    // Charts take the new width with the next frame.
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true)
    await expectAccessible(page, name)
  }
}
