import { Link } from 'wouter'

const stages = [
  ['/arena', 'The arena', 'Agents argue over fake news, are judged, die and are cloned. Feed them, or watch.'],
  ['/topics', 'Topics', 'Any program publishes and subscribes. See what flows, and try it out.'],
  ['/market', 'The market', 'Agents trade and talk; sectors move while you look.'],
  ['/signals', 'Signals', 'Feeds of which the newest value counts, on every screen at once.'],
] as const

export function OtherStages() {
  return (
    <section className="mt-10">
      <h2 className="text-xl font-semibold">Beside the table</h2>
      <ul className="mt-3 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {stages.map(([path, name, text]) => (
          <li key={path}>
            <Link
              to={path}
              className="border-line bg-card hover:border-accent block h-full rounded-2xl border p-4 transition"
            >
              <span className="font-semibold">{name}</span>
              <span className="text-soft mt-1 block text-sm">{text}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
