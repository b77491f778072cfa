// Screens for tests: their links, and the pages that open them.
import type { NewScreenLink, ScreenKind, ScreenShow } from '@tablecast/contracts'
import { newKey } from '@tablecast/server/testing/clients'
import type { Page } from '@playwright/test'
import { callsOf } from './pictures.ts'
import type { Table, View } from './table.ts'

type Screens = Awaited<ReturnType<typeof callsOf>> & {
  make(kind: ScreenKind): Promise<NewScreenLink>
  show(show: ScreenShow): Promise<unknown>
  revoke(linkId: string): Promise<unknown>
  /** The page of a screen, in a browser that nobody is signed in to. */
  open(kind: ScreenKind, token: string, look: { view: View; search?: string }): Promise<Page>
}

/** The calls of the DM, with those for screens. */
export async function screensOf(dm: Page, table: Table): Promise<Screens> {
  const calls = await callsOf(dm, table.server.url)
  const { client, where } = calls
  const { roomId } = where
  return {
    ...calls,
    make: (kind) => client.screens.create.mutate({ roomId, key: newKey(), kind, name: `A ${kind}` }),
    show: (show) => client.screens.show.mutate({ roomId, key: newKey(), show }),
    revoke: (linkId) => client.screens.revoke.mutate({ roomId, key: newKey(), linkId }),
    open: async (kind, token, { view, search = '' }) => {
      const page = await table.page({ view })
      await page.goto(`${table.server.url}/r/${roomId}/${kind}${search}#${token}`)
      return page
    },
  }
}

/** Shows the map of the sample to players. */
export async function showMapOf({ client, where }: Screens): Promise<void> {
  const { maps } = (await client.campaign.get.query(where)).state
  const operation = { type: 'showMap' as const, id: maps?.[0]?.id ?? '' }
  await client.maps.operate.mutate({ ...where, key: newKey(), operation })
}

/** The size of the smallest letters in sight, in pixels, with their words. */
export const smallestWords = (page: Page): Promise<{ size: number; words: string }> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT)
    let smallest = { size: Infinity, words: '' }
    while (walker.nextNode()) {
      const { textContent, parentElement } = walker.currentNode
      if (!parentElement?.checkVisibility() || parentElement.closest('.sr-only') || !textContent?.trim()) continue
      const size = Number.parseFloat(getComputedStyle(parentElement).fontSize)
      if (size < smallest.size) smallest = { size, words: textContent }
    }
    return smallest
  })
