import { createBrowserRouter, isRouteErrorResponse, Link, useRouteError } from 'react-router'
import { LandingPage } from './stages/campaign/LandingPage.tsx'

const loading = <p className="text-soft p-8 text-center">Loading…</p>

/** Each page is split off: a player loads neither the DM's console nor another stage. */
export const router = createBrowserRouter([
  {
    errorElement: <ErrorPage />,
    hydrateFallbackElement: loading,
    children: [
      { path: '/', element: <LandingPage /> },
      {
        path: '/join/:code',
        lazy: async () => ({ Component: (await import('./stages/campaign/JoinPage.tsx')).JoinPage }),
      },
      {
        path: '/r/:roomId',
        lazy: async () => ({ Component: (await import('./stages/campaign/PlayerPage.tsx')).PlayerPage }),
      },
      {
        path: '/r/:roomId/dm',
        lazy: async () => ({ Component: (await import('./stages/campaign/dm/DmPage.tsx')).DmPage }),
      },
      {
        path: '/arena',
        lazy: async () => ({ Component: (await import('./stages/arena/ArenaPage.tsx')).ArenaPage }),
      },
      {
        path: '/topics',
        lazy: async () => ({ Component: (await import('./stages/topics/TopicsPage.tsx')).TopicsPage }),
      },
      {
        path: '/market',
        lazy: async () => ({ Component: (await import('./stages/market/MarketPage.tsx')).MarketPage }),
      },
      ...['/signals', '/signals/:feed'].map((path) => ({
        path,
        lazy: async () => ({ Component: (await import('./stages/signals/SignalsPage.tsx')).SignalsPage }),
      })),
      {
        path: '/arena/:sessionId',
        lazy: async () => ({ Component: (await import('./stages/arena/SessionPage.tsx')).SessionPage }),
      },
    ],
  },
])

function ErrorPage() {
  const error = useRouteError()
  const isMissing = isRouteErrorResponse(error) && error.status === 404
  return (
    <main className="mx-auto max-w-lg p-8 text-center">
      <h1 className="text-2xl">{isMissing ? 'There is no such page' : 'Something went wrong on this page'}</h1>
      <p className="text-soft mt-3">
        {isMissing ? 'Perhaps the link was cut short.' : 'Your table is safe on the server. Reload to go on.'}
      </p>
      <Link to="/" className="text-accent mt-6 inline-block underline">
        To the start page
      </Link>
    </main>
  )
}
