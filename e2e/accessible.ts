import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import { expect, type Page } from '@playwright/test'

/** Rules that axe calls moderate. Without them a keyboard or a screen reader has no way past a page’s header. */
const layout = new Set([
  'bypass',
  'empty-heading',
  'landmark-banner-is-top-level',
  'landmark-main-is-top-level',
  'landmark-no-duplicate-banner',
  'landmark-no-duplicate-main',
  'landmark-one-main',
  'landmark-unique',
  'page-has-heading-one',
  'region',
  'skip-link',
  'tabindex',
])

const themes = ['dark', 'light'] as const
/** Rules whose result depends on the theme. All others judge elements, which are the same in both. */
const ofColours: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] }
/** Contrast can not be judged in forced colours, which are the person’s own. */
const withoutContrast: RunOptions = { rules: { 'color-contrast': { enabled: false } } }

const script = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** Fails for every serious or critical violation on the page, and for every one of its landmarks. `what` names the page in the report. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const isForced = await page.evaluate(() => matchMedia('(forced-colors: active)').matches)
  await expectNoViolation(page, what, isForced ? withoutContrast : {})
}

/** As `expectAccessible`, in the theme that the page has and in the other one. The page keeps its theme. */
export async function expectAccessibleInBothThemes(page: Page, what: string): Promise<void> {
  await expectAccessible(page, what)
  const theme = await page.evaluate(() => document.documentElement.dataset['theme'])
  const other = themes.find((one) => one !== theme) ?? 'dark'
  await setTheme(page, other)
  await expectNoViolation(page, `${what} (${other})`, ofColours)
  await setTheme(page, theme ?? '')
}

export const setTheme = (page: Page, theme: string): Promise<void> =>
  page.evaluate((to) => {
    document.documentElement.dataset['theme'] = to
  }, theme)

async function expectNoViolation(page: Page, what: string, options: RunOptions): Promise<void> {
  const bad = (await violationsOf(page, options))
    .filter(({ id, impact }) => impact === 'serious' || impact === 'critical' || layout.has(id))
    // An open menu is at the end of the document and takes the focus, so it needs no landmark.
    .map(({ id, nodes }) => ({
      id,
      nodes: nodes.filter(({ html }) => id !== 'region' || !html.includes('role="menu"')),
    }))
    .filter(({ nodes }) => nodes.length > 0)
  expect(
    bad.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
  ).toEqual([])
}

async function violationsOf(page: Page, options: RunOptions): Promise<AxeResults['violations']> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await stopMoving(page)
  // Loading the script takes longer than most looks, so a document loads it once.
  const hasScript = await page.evaluate(() => 'axe' in window)
  if (!hasScript) await page.evaluate(script)
  return await page.evaluate(
    async (given) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') }
      return (await axe.run(document, given)).violations
    },
    // Describing every element that passed would take longer than finding those that do not.
    { ...options, resultTypes: ['violations'] } satisfies RunOptions,
  )
}

/**
 * Returns when no colour changes any more. Without motion a transition takes one frame, but an element that inherits its colour
 * begins when the one around it is done, so a theme takes a frame for each level of the document.
 */
const stopMoving = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const isMoving = () =>
      document.getAnimations().some(
        ({ playState, effect, timeline }) =>
          playState === 'running' &&
          effect?.getComputedTiming().iterations !== Infinity &&
          // An effect of scrolling moves with the row alone.
          timeline instanceof DocumentTimeline,
      )
    for (let still = 0; still < 2; still = isMoving() ? 0 : still + 1) await new Promise(requestAnimationFrame)
  })
