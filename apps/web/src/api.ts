// The typed API over HTTP. Live data comes over `live/`; `queries.tsx` is the same API through React Query.
import type { ErrorCode } from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpLink, splitLink, type TRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { readSession, session } from './auth/session.ts'
import { timedFetch } from './server-clock.ts'

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

export const authorization = (): Record<string, string> => bearer(readSession()?.token)

/** A call with a refused token has changed nothing, so it is made once more as soon as there is a newer token. */
const withSession: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      const callAs = (token: string | undefined, refused: (error: TRPCClientError<AppRouter>) => void) =>
        next({ ...op, context: { ...op.context, token } }).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => (refusalOf(error)?.code === 'UNAUTHORIZED' ? refused(error) : observer.error(error)),
        })
      const token = readSession()?.token
      const again = async (error: TRPCClientError<AppRouter>) => {
        const isBack = await session.afterRefusal(token, op.signal)
        if (isBack) calling = callAs(readSession()?.token, (last) => observer.error(last))
        else observer.error(error)
      }
      let calling = callAs(token, (error) => void again(error))
      return () => calling.unsubscribe()
    })

/** Calls with this token, or without one, instead of the page's own. */
export const apiAs = (token: string | undefined): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: '/trpc', headers: bearer(token), fetch: timedFetch })] })

const asSession = {
  url: '/trpc',
  headers: ({ op }: { op: { context: Record<string, unknown> } }) => bearer((op.context as { token?: string }).token),
  fetch: timedFetch,
}

/** Their inputs are too long for an address. */
const LONG_QUERIES: ReadonlySet<string> = new Set([
  'campaign.previewImport',
  'campaign.previewScenario',
  'statBlocks.previewImport',
  'sheets.read',
])

export const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
  links: [
    withSession,
    splitLink({
      condition: ({ path }) => LONG_QUERIES.has(path),
      true: httpLink({ ...asSession, methodOverride: 'POST' }),
      false: httpLink(asSession),
    }),
  ],
})

/** Not `randomUUID`: browsers have it only over HTTPS and on the same machine, and a table often runs on a local network. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * The roller's own part in the dice of a call: half of the call's random key, so that every attempt has the same one. The other half stays
 * between this page and the server.
 */
export const nonceOf = (key: string): string => key.slice(0, 16)

/** The key and the nonce of a call that may roll. */
export function newRollingCall(): { key: string; nonce: string } {
  const key = newKey()
  return { key, nonce: nonceOf(key) }
}

/** The id of a new item in a campaign's lists. */
export const newId = (): string => newKey().slice(0, 12)

/** Signs in as a guest of this name, unless the page has a session. Refused by a server without guests. */
export async function signInAs(name: string): Promise<void> {
  if (!readSession()) session.saveGuest(await api.auth.guest.mutate({ name }))
}

/** Works with the page's session, or as a new guest of this name when it has none or the server no longer knows its guest. */
export async function asSomebody<T>(name: string, work: () => Promise<T>): Promise<T> {
  await signInAs(name)
  return work().catch(async (error: unknown) => {
    if (refusalOf(error)?.code !== 'UNAUTHORIZED' || readSession()) throw error
    await signInAs(name)
    return work()
  })
}

type Refusal = { code: ErrorCode; details: unknown } | undefined

export const refusalOf = (error: unknown): Refusal =>
  error instanceof TRPCClientError ? (error.data as { tablecast?: Refusal } | null)?.tablecast : undefined

/** An error of the page itself. Its message is for a person. */
export class Notice extends Error {}

/** The error in words for a person. */
export function messageOf(error: unknown): string {
  const refusal = refusalOf(error)
  if (refusal?.code === 'UNAUTHORIZED') return signedOutWords()
  if (error instanceof Notice || refusal) return (error as Error).message
  return 'The server can not be reached. Nothing is lost: try again.'
}

const signedOutWords = (): string =>
  readSession()?.kind === 'account'
    ? 'Your sign-in is being renewed. Nothing is lost: try again in a moment.'
    : 'You are signed out. Sign in again, or open the invite link.'
