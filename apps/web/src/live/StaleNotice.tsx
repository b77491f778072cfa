import { TriangleAlert } from 'lucide-react'
import type { Link } from './link-machine.ts'

/** Says in words that the page may be out of date, so that nothing has to lose its contrast. */
export function StaleNotice({ link }: { link: Link }) {
  const isStale = link.kind !== 'live' && link.kind !== 'connecting'
  return (
    <p role="status" className="text-warn flex items-center gap-2 font-semibold empty:hidden">
      {isStale && (
        <>
          <TriangleAlert size={18} aria-hidden="true" />
          What is shown may be out of date: the connection is lost.
        </>
      )}
    </p>
  )
}
