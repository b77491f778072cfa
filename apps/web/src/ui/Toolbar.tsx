import type { ReactNode } from 'react'
import { useRoving } from './use-roving.ts'

type Props = { label: string; isOneLine?: boolean; children: ReactNode }

/** Buttons that are one stop of the Tab key; arrows move between them. */
export function Toolbar({ label, isOneLine = false, children }: Props) {
  const roving = useRoving<HTMLDivElement>()
  return (
    <div
      role="toolbar"
      aria-label={label}
      className={`flex items-center gap-2 ${isOneLine ? '' : 'flex-wrap'}`}
      {...roving}
    >
      {children}
    </div>
  )
}
