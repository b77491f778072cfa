import type { Page } from '@playwright/test'

/** Counts what moves on a page from now on, in the browser's own measure. Answers the sum so far. */
export async function watchLayoutShift(page: Page): Promise<() => Promise<number>> {
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  const sum = await page.evaluateHandle(() => {
    const watched = { shift: 0 }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) watched.shift += (entry as PerformanceEntry & { value: number }).value
    }).observe({ type: 'layout-shift', buffered: false })
    return watched
  })
  return () => sum.evaluate(({ shift }) => shift)
}
