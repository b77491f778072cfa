import { lazy, Suspense } from 'react'
import { RouterProvider } from 'react-router'
import { useAccounts } from './auth/accounts.ts'
import { router } from './routes.tsx'

/** A guest's browser never loads it. */
const AccountGate = lazy(async () => ({ default: (await import('./auth/AccountGate.tsx')).AccountGate }))

const navigate = (to: string) => void router.navigate(to, { replace: true })

export function App() {
  const config = useAccounts((state) => state.config)
  const pages = <RouterProvider router={router} />
  if (!config) return pages
  return (
    <Suspense fallback={<p className="text-soft p-8 text-center">Loading…</p>}>
      <AccountGate config={config} navigate={navigate}>
        {pages}
      </AccountGate>
    </Suspense>
  )
}
