import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Fails for every serious or critical violation on the page. `what` names the page in the report. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Colours are judged when nothing moves.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  // The other mode opens a second page for each look, to join the results of frames of other origins. Our pages have no frames.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    bad.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
  ).toEqual([])
}
