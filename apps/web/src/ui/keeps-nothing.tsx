import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { storage } from '../storage.ts'

/** For whoever is about to take a seat in a browser that will not know them again. */
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
