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

/** The bar above a live page: the way back, the title, and the page's actions. One line, whatever the window's size. */
export function PageHeader({ back, backLabel, title, subtitle, isSticky = false, children }: Props) {
  return (
    <header className={`page-header ${isSticky ? 'sticky top-0 z-20' : ''}`}>
      <Link
        to={back}
        aria-label={backLabel}
        className="text-accent flex size-11 shrink-0 items-center justify-center text-xl"
      >
        <span aria-hidden="true">⬢</span>
      </Link>
      <div className="min-w-24 grow basis-24">
        <h1 className="truncate text-lg leading-tight font-semibold">{title}</h1>
        {subtitle && <p className="text-soft truncate text-xs">{subtitle}</p>}
      </div>
      <div className="page-actions">{children}</div>
    </header>
  )
}
