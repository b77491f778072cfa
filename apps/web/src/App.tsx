import { lazy, type ReactNode, Suspense } from 'react'
import { useLocation } from 'wouter'
import { useAccounts, waitForProvider } from './auth/accounts.ts'
import { Keys } from './keys/Keys.tsx'
import { Pages } from './routes.tsx'
import { screenAt } from './stages/screens/screen-at.ts'
import { SkipLinks } from './ui/SkipLinks.tsx'
import { loading } from './ui/loading.tsx'

type GateProps = { navigate: (to: string) => void; children: ReactNode }

/** A guest's browser never loads the gate. The provider is asked for while it loads; a server without accounts has no gate. */
const AccountGate = lazy(async () => {
  const [{ AccountGate: Gate }, config] = await Promise.all([import('./auth/AccountGate.tsx'), waitForProvider()])
  return { default: (props: GateProps) => (config ? <Gate config={config} {...props} /> : props.children) }
})

export function App() {
  const [pathname] = useLocation()
  // Screens have neither keys nor accounts.
  if (screenAt(pathname)) return <Pages />
  return (
    <>
      <SkipLinks />
      <WithAccount />
      <Keys />
    </>
  )
}

function WithAccount() {
  const isUsed = useAccounts((state) => state.isUsed)
  const [, navigate] = useLocation()
  if (!isUsed) return <Pages />
  return (
    <Suspense fallback={loading}>
      <AccountGate navigate={(to) => navigate(to, { replace: true })}>
        <Pages />
      </AccountGate>
    </Suspense>
  )
}
