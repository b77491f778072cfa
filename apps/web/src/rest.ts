// Calls of the REST routes, for what the typed API does not carry: files. See `api.ts` for the rest.
import { readSession, session } from './auth/session.ts'

/** A refused token has stored nothing, so the call is made once more as soon as there is a newer token. `call` sends the newest one. */
export async function withNewToken<A extends { status: number }>(
  call: () => Promise<A>,
  signal?: AbortSignal,
): Promise<A> {
  const token = readSession()?.token
  const first = await call()
  return first.status === 401 && (await session.afterRefusal(token, signal)) ? call() : first
}

/** The sentence of a refusal; null for the body of anything else. */
export function sentenceOf(body: unknown): string | null {
  if (!isObject(body) || !isObject(body['error'])) return null
  const { message } = body['error']
  return typeof message === 'string' ? message : null
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
