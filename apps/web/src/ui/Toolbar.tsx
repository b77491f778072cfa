import type { ReactNode } from 'react'
import { useRoving } from './use-roving.ts'

/** Buttons that are one stop of the Tab key; arrows move between them. */
export function Toolbar({ label, children }: { label: string; children: ReactNode }) {
  const roving = useRoving<HTMLDivElement>()
  return (
    <div role="toolbar" aria-label={label} className="flex flex-wrap items-center gap-x-3 gap-y-1" {...roving}>
      {children}
    </div>
  )
}
