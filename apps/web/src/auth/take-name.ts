import { api } from '../api.ts'
import { useAccounts } from './accounts.ts'
import { readSession, session } from './session.ts'

/** Gives this page's person a new name, here and in each of their rooms. Throws as the server does. */
export async function takeName(name: string): Promise<void> {
  const before = readSession()
  if (!before || before.name === name) return
  const { token, ...renamed } = await api.auth.rename.mutate({ name })
  if (before.kind === 'guest') return session.saveGuest({ ...renamed, token: token ?? before.token })
  session.setAccount({ ...renamed, token: before.token })
  useAccounts.setState({ name })
}
