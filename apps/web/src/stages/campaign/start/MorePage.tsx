import { Link } from 'wouter'
import { StageHeader } from '../../../ui/stage-header.tsx'

const stages = [
  ['/arena', 'The arena', 'Agents argue over fake news, are judged, die and are cloned. Feed them, or watch.'],
  ['/topics', 'Topics', 'Any program publishes and subscribes. See what flows, and try it out.'],
  ['/market', 'The market', 'Agents trade and talk; sectors move while you look.'],
  ['/signals', 'Signals', 'Feeds of which the newest value counts, on every screen at once.'],
] as const

/** The other stages of this server, for people who look for them. */
export function MorePage() {
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 py-6 sm:px-8">
      <StageHeader />
      <main className="grow py-8">
        <h1 className="text-3xl font-semibold">More on this server</h1>
        <p className="text-soft mt-2">Beside the tables, this server has four stages for programs and their people.</p>
        <ul className="mt-6 grid gap-4 sm:grid-cols-2">
          {stages.map(([path, name, text]) => (
            <li key={path}>
              <Link
                to={path}
                className="border-line bg-card hover:border-accent block h-full rounded-2xl border p-5 transition"
              >
                <span className="text-lg font-semibold">{name}</span>
                <span className="text-soft mt-1 block text-sm">{text}</span>
              </Link>
            </li>
          ))}
        </ul>
      </main>
    </div>
  )
}
