import type { Answer } from './raw-client.ts'

export const bearer = (token: string | null): Record<string, string> =>
  token === null ? {} : { authorization: `Bearer ${token}` }

/** The whole answer, or the first part of an endless stream. */
export async function answerOf(request: Promise<Response>, isStream: boolean): Promise<Answer> {
  const response = await request
  if (!isStream) return { status: response.status, text: await response.text() }
  const reader = response.body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return { status: response.status, text: first?.value ? new TextDecoder().decode(first.value) : '' }
}
