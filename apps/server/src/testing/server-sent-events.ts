// A tRPC subscription over server-sent events, as a page follows it where no WebSocket gets through.
import type { TestUser } from './testbed.ts'

/** Follows the procedure from now on; the answer is there once the server has. `take`: gets each event of it. */
export async function followByEvents<E extends { type: string }>(
  url: string,
  user: TestUser,
  { path, input, take }: { path: string; input: object; take: (event: E) => void },
): Promise<AsyncDisposable> {
  const aborting = new AbortController()
  const response = await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: { authorization: `Bearer ${user.session.token}`, accept: 'text/event-stream' },
    signal: aborting.signal,
  })
  const reading = readEvents(response, take)
  return {
    async [Symbol.asyncDispose]() {
      aborting.abort()
      await reading
    },
  }
}

async function readEvents<E extends { type: string }>(response: Response, take: (event: E) => void): Promise<void> {
  let text = ''
  try {
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1]
        const event = data && !/^event:/m.test(message) ? (JSON.parse(data) as Partial<E>) : null
        if (event?.type !== undefined) take(event as E)
      }
    }
  } catch (error) {
    // The test ends the stream.
    if (!(error instanceof Error && error.name === 'AbortError')) throw error
  }
}
