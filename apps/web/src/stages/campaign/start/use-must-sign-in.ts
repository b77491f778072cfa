import { useEffect, useState } from 'react'
import { api } from '../../../api.ts'

/** True once the server has said that a name is not enough to come in. */
export function useMustSignIn(): boolean {
  const [mustSignIn, setMustSignIn] = useState(false)
  useEffect(() => {
    const abort = new AbortController()
    api.auth.config.query(undefined, { signal: abort.signal }).then(
      ({ account, guests }) => setMustSignIn(account !== null && !guests),
      // Joining says what is wrong.
      () => {},
    )
    return () => abort.abort()
  }, [])
  return mustSignIn
}
