// The typed API over HTTP. What is live comes over `live/`; `queries.tsx` asks through React Query.
import type { ErrorCode } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client'
import { readSession, saveGuest } from './auth/session.ts'

export function authorization(): Record<string, string> {
  const session = readSession()
  return session ? { authorization: `Bearer ${session.token}` } : {}
}

export const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
  links: [httpLink({ url: '/trpc', headers: authorization })],
})

/** Not `randomUUID`: browsers have that only over HTTPS and on the same machine, and a table often runs on a local network. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** An id for something new in a campaign's lists. */
export const newId = (): string => newKey().slice(0, 12)

/** The session of this browser; signs in as a guest under that name when there is none. Refused where guests are not let in. */
export async function signInAs(name: string): Promise<void> {
  if (!readSession()) saveGuest(await api.auth.guest.mutate({ name }))
}

type Refusal = { code: ErrorCode; details: unknown } | undefined

export const refusalOf = (error: unknown): Refusal =>
  error instanceof TRPCClientError ? (error.data as { tablecast?: Refusal } | null)?.tablecast : undefined

/** An error of this page's own, in words for a person. */
export class Notice extends Error {}

/** What a person is told. */
export function messageOf(error: unknown): string {
  if (error instanceof Notice || refusalOf(error)) return (error as Error).message
  return 'The server can not be reached. Nothing is lost: try again.'
}
