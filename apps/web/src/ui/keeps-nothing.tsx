import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { storage } from '../storage.ts'

/** Warns a person who is about to join in a browser that will not know them after a reload. */
export function KeepsNothing() {
  const [isLasting] = useState(() => storage.isLasting)
  if (isLasting) return null
  return (
    <p className="text-warn flex items-start gap-2 text-sm">
      <TriangleAlert size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
      <span>
        This browser keeps nothing for this page. You can play; leave the page open, for after a reload you need an
        invite again.
      </span>
    </p>
  )
}
