import type { ReactNode } from 'react'
import { Link } from 'wouter'

type Props = {
  back: string
  backLabel: string
  title: string
  subtitle?: string | null | undefined
  isSticky?: boolean
  children: ReactNode
}

/** The bar above a live page: the way back, the title, and the page's actions. */
export function PageHeader({ back, backLabel, title, subtitle, isSticky = false, children }: Props) {
  return (
    <header
      className={`border-line bg-page flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2 ${isSticky ? 'sticky top-0 z-20' : ''}`}
    >
      <Link to={back} aria-label={backLabel} className="text-accent flex size-11 items-center justify-center text-xl">
        <span aria-hidden="true">⬢</span>
      </Link>
      <div className="min-w-0 grow basis-32">
        <h1 className="truncate text-lg font-semibold">{title}</h1>
        {subtitle && <p className="text-soft truncate text-xs">{subtitle}</p>}
      </div>
      {children}
    </header>
  )
}
