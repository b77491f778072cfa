// A feed over server-sent events, by plain HTTP.
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import { authorization } from '../api.ts'
import type { Feed, Opened, Watch } from './transports.ts'

export function followSse(feed: Feed, watch: Watch): Opened {
  const link = httpSubscriptionLink<AppRouter, typeof EventSource>({
    url: '/trpc',
    EventSource,
    eventSourceOptions: {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...authorization() } }),
    },
  })
  const subscriptions = feed.subscribe(createTRPCClient<AppRouter>({ links: [link] }), watch)
  return {
    close() {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}
