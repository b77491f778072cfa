// Words that no layout expects, and a measure of the parts of a page that reach beyond its window.
import type { Page } from '@playwright/test'

export const hostileWords = {
  'an unbreakable word': 'Mirabellatrixandrathelongnamedprotectorofthesunkenbellsofold',
  '60 emoji': '🐉'.repeat(60),
  'a text from right to left': 'אבגדהוזחטיכלמנסעפצקרשת'.repeat(3).slice(0, 60),
  'an address': `https://example.org/${'a'.repeat(300)}?b=${'c'.repeat(200)}`,
} as const

/** The elements that reach beyond the window, by their text, and how far the page can be scrolled sideways. */
export const tooWide = (page: Page): Promise<typeof fits> =>
  page.evaluate(() => ({
    sideways: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    out: Array.from(
      document.querySelectorAll('main, aside, header, form, article, [role=dialog], button, input, textarea'),
    )
      .filter((element) => element.checkVisibility() && !element.closest('.overflow-x-auto, .page-actions'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => `${element.tagName} ${element.textContent.slice(0, 40)}`),
  }))

/** The measure of a page with nothing beyond its window. */
export const fits: { sideways: number; out: string[] } = { sideways: 0, out: [] }
