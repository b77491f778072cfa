// A feed over server-sent events, by plain HTTP.
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpSubscriptionLink, TRPCClientError } from '@trpc/client'
import { EventSource } from 'eventsource'
import { authorization } from '../api.ts'
import type { Feed, Opened, Watch } from './feed.ts'

export function followSse(feed: Feed, watch: Watch): Pick<Opened, 'close'> {
  const link = httpSubscriptionLink<AppRouter, typeof EventSource>({
    url: '/trpc',
    EventSource,
    eventSourceOptions: {
      async fetch(url, init) {
        const answer = await fetch(url, {
          ...init,
          headers: { ...init.headers, ...(feed.isAnonymous ? {} : authorization()) },
        })
        // An event source does not pass on the reason of a refusal.
        if (!answer.ok) watch.onError(TRPCClientError.from((await answer.clone().json()) as Error))
        return answer
      },
    },
  })
  const subscriptions = feed.subscribe(createTRPCClient<AppRouter>({ links: [link] }), watch)
  return {
    close() {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}
