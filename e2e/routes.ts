// Requests of a page that a test refuses or holds back for a while. The route itself stays until the page closes: a request that is
// under way while its route is taken away would be answered twice.
import type { BrowserContext, Page, Route } from '@playwright/test'

type Pattern = string | RegExp

/** Refuses these requests until `allow` is called. */
export async function refuseRequests(of: BrowserContext | Page, pattern: Pattern): Promise<{ allow(): void }> {
  let isRefusing = true
  await of.route(pattern, (route) => (isRefusing ? route.abort() : route.continue()))
  return {
    allow() {
      isRefusing = false
    },
  }
}

/** Holds these requests back until `release` is called. */
export async function holdRequests(of: BrowserContext | Page, pattern: Pattern): Promise<HeldRequests> {
  let isHolding = true
  const held: Route[] = []
  await of.route(pattern, (route) => (isHolding ? void held.push(route) : route.continue()))
  return {
    count: () => held.length,
    async release() {
      isHolding = false
      for (const route of held.splice(0)) await route.continue()
    },
  }
}

export type HeldRequests = { count(): number; release(): Promise<void> }
