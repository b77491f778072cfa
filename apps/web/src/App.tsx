import { lazy, Suspense } from 'react'
import { useNavigate } from 'react-router'
import { useAccounts } from './auth/accounts.ts'
import { Pages } from './routes.tsx'
import { loading } from './ui/loading.tsx'

/** A guest's browser never loads it. */
const AccountGate = lazy(async () => ({ default: (await import('./auth/AccountGate.tsx')).AccountGate }))

export function App() {
  const config = useAccounts((state) => state.config)
  const navigate = useNavigate()
  if (!config) return <Pages />
  return (
    <Suspense fallback={loading}>
      <AccountGate config={config} navigate={(to) => void navigate(to, { replace: true })}>
        <Pages />
      </AccountGate>
    </Suspense>
  )
}
