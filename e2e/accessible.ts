import { AxeBuilder } from '@axe-core/playwright'
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

/** Fails for every serious or critical violation on the page, and for every one of its landmarks. `what` names the page in the report. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Colours are judged when nothing moves.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  // Forced colours are the person’s own.
  const isForced = await page.evaluate(() => matchMedia('(forced-colors: active)').matches)
  // The other mode opens a second page for each look, to join the results of frames of other origins. Our pages have no frames.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    // Describing every element that passed would take longer than finding those that do not.
    .options({ resultTypes: ['violations'] })
    .disableRules(isForced ? ['color-contrast'] : [])
    .analyze()
  const bad = violations
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
