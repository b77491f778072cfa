import { Component, type ComponentType, lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { FailedScreen } from './stages/screens/FailedScreen.tsx'
import { screenAt } from './stages/screens/screen-at.ts'
import { loadPage } from './ui/load-code.ts'
import { loading } from './ui/loading.tsx'

/** Each page is a bundle of its own: a player loads neither the DM's console nor another stage. */
const page = (load: () => Promise<ComponentType>) => lazy(async () => ({ default: await loadPage(load) }))

/** A page that uses React Query. */
const askingPage = (load: () => Promise<ComponentType>) =>
  page(async () => {
    const [{ Queries }, Page] = await Promise.all([import('./queries.tsx'), load()])
    return () => (
      <Queries>
        <Page />
      </Queries>
    )
  })

const LandingPage = askingPage(async () => (await import('./stages/campaign/start/LandingPage.tsx')).LandingPage)
const MorePage = askingPage(async () => (await import('./stages/campaign/start/MorePage.tsx')).MorePage)
const JoinPage = page(async () => (await import('./stages/campaign/start/JoinPage.tsx')).JoinPage)
const PlayerPage = page(async () => (await import('./stages/campaign/player/PlayerPage.tsx')).PlayerPage)
const DmPage = askingPage(async () => (await import('./stages/campaign/dm/DmPage.tsx')).DmPage)
const ViewAsPage = askingPage(async () => (await import('./stages/campaign/dm/view-as/ViewAsPage.tsx')).ViewAsPage)
const TvPage = page(async () => (await import('./stages/screens/tv/TvPage.tsx')).TvPage)
const OverlayPage = page(async () => (await import('./stages/screens/overlay/OverlayPage.tsx')).OverlayPage)
const ArenaPage = askingPage(async () => (await import('./stages/arena/ArenaPage.tsx')).ArenaPage)
const SessionPage = askingPage(async () => (await import('./stages/arena/SessionPage.tsx')).SessionPage)
const TopicsPage = askingPage(async () => (await import('./stages/topics/TopicsPage.tsx')).TopicsPage)
const MarketPage = askingPage(async () => (await import('./stages/market/MarketPage.tsx')).MarketPage)
const OpsPage = askingPage(async () => (await import('./stages/ops/OpsPage.tsx')).OpsPage)
const SignalsPage = askingPage(async () => (await import('./stages/signals/SignalsPage.tsx')).SignalsPage)

export function Pages() {
  const [pathname] = useLocation()
  return (
    <PageErrors>
      {/* An overlay stands over the picture of a stream, where nobody wants to read that it loads. */}
      <Suspense fallback={screenAt(pathname) === 'overlay' ? null : loading}>
        <Switch>
          <Route path="/" component={LandingPage} />
          <Route path="/more" component={MorePage} />
          <Route path="/join/:code" component={JoinPage} />
          <Route path="/r/:roomId" component={PlayerPage} />
          <Route path="/r/:roomId/dm" component={DmPage} />
          <Route path="/r/:roomId/tv" component={TvPage} />
          <Route path="/r/:roomId/overlay" component={OverlayPage} />
          <Route path="/r/:roomId/as/:memberId?" component={ViewAsPage} />
          <Route path="/arena" component={ArenaPage} />
          <Route path="/arena/:sessionId" component={SessionPage} />
          <Route path="/topics" component={TopicsPage} />
          <Route path="/market" component={MarketPage} />
          <Route path="/signals/:feed?" component={SignalsPage} />
          <Route path="/ops" component={OpsPage} />
          <Route component={Missing} />
        </Switch>
      </Suspense>
    </PageErrors>
  )
}

/** When a page fails, the other pages can still be reached. */
class PageErrors extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    return this.state.hasFailed ? <Failed leave={() => this.setState({ hasFailed: false })} /> : this.props.children
  }
}

function Failed({ leave }: { leave: () => void }) {
  const [pathname] = useLocation()
  const failedAt = useRef(pathname)
  useEffect(() => {
    if (pathname !== failedAt.current) leave()
  }, [pathname, leave])
  const screen = screenAt(pathname)
  if (screen) return <FailedScreen kind={screen} />
  return <Apology title="Something went wrong on this page" text="Your table is safe on the server. Reload to go on." />
}

const Missing = () => <Apology title="There is no such page" text="Perhaps the link was cut short." />

function Apology({ title, text }: { title: string; text: string }) {
  return (
    <main className="mx-auto max-w-lg p-8 text-center">
      <h1 className="text-2xl">{title}</h1>
      <p className="text-soft mt-3">{text}</p>
      {/* A full reload, so that a bundle that failed to load is loaded again. */}
      <a href="/" className="text-accent mt-6 inline-block underline">
        To the start page
      </a>
    </main>
  )
}
