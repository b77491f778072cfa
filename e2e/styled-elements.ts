// How much of a page Chromium styles again for what happens, by its own trace.
import type { Browser, Page } from '@playwright/test'

type TraceEvent = { name: string; args?: { elementCount?: number } }

/** The most elements that were styled at once. */
export async function mostStyled(browser: Browser, page: Page, act: () => Promise<unknown>): Promise<number> {
  await browser.startTracing(page, { categories: ['devtools.timeline'] })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  return Math.max(
    0,
    ...traceEvents.map(({ name, args }) => (name === 'UpdateLayoutTree' ? (args?.elementCount ?? 0) : 0)),
  )
}
