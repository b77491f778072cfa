import { AccountButton } from '../auth/SignIn.tsx'
import { Link } from 'wouter'
import { ThemeButton } from './button.tsx'

/** The header of a page that is not a table. The product's name leads to the start page. */
export function StageHeader() {
  return (
    <header className="flex items-center justify-between">
      <Link to="/" className="font-serif text-xl font-semibold">
        <span className="text-accent" aria-hidden="true">
          ⬢{' '}
        </span>
        Tablecast
      </Link>
      <div className="flex items-center gap-2">
        <AccountButton />
        <ThemeButton />
      </div>
    </header>
  )
}
