// A page for a person who has set their own colours, or 200 %.
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect } from './table.ts'
import { fits, tooWide } from './too-wide.ts'

/** 200 % on a window of 1440 × 900. */
const ENLARGED = { width: 720, height: 450 }

/** Checks the page as it stands, in forced colours and at 200 %. It has its own colours and size again afterwards. */
export async function expectFitForEyes(page: Page, what: string): Promise<void> {
  const view = page.viewportSize()
  await page.emulateMedia({ forcedColors: 'active' })
  await expectAccessible(page, `${what} in forced colours`)
  await page.emulateMedia({ forcedColors: 'none' })
  await page.setViewportSize(ENLARGED)
  await expect.poll(() => tooWide(page), what).toEqual(fits)
  if (view) await page.setViewportSize(view)
}
