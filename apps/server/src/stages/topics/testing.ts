// For the topics' tests: a program on `/ws` that asks and waits for the answer.
import { once } from 'node:events'
import { WebSocket } from 'ws'

export type Frame = { type: string; request_id?: string; error?: { code: string }; [key: string]: unknown }

export const uuid = (n: number): string => `550e8400-e29b-41d4-a716-${String(n).padStart(12, '0')}`

/** `first`: sent the moment that the socket is open. */
export async function connectTo(
  wsUrl: string,
  options: { query?: string; headers?: Record<string, string>; first?: string } = {},
) {
  const socket = new WebSocket(`${wsUrl}/ws${options.query ?? ''}`, { headers: options.headers ?? {} })
  const frames: Frame[] = []
  const asked = new Map<string, (answer: Frame) => void>()
  socket.on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as Frame
    frames.push(frame)
    asked.get(frame.request_id ?? '')?.(frame)
  })
  socket.on('open', () => {
    if (options.first !== undefined) socket.send(options.first)
  })
  await once(socket, 'open')
  let requests = 0
  const ask = async (frame: object): Promise<Frame> => {
    const request_id = `r${++requests}`
    const { promise, resolve } = Promise.withResolvers<Frame>()
    asked.set(request_id, resolve)
    socket.send(JSON.stringify({ ...frame, request_id }))
    const answer = await promise
    asked.delete(request_id)
    return answer
  }
  return {
    socket,
    frames,
    ask,
    publish: (topic: string, payload: unknown, n = 1) =>
      ask({ type: 'publish', topic, message: { id: uuid(n), payload } }),
    subscribe: (topic: string, last_n = 0, client_id = 's1') => ask({ type: 'subscribe', topic, client_id, last_n }),
    /** The payloads of the events so far, of one topic or of all. */
    events: (topic?: string): unknown[] =>
      frames.flatMap((frame) =>
        frame.type === 'event' && (topic === undefined || frame['topic'] === topic)
          ? [(frame['message'] as { payload: unknown }).payload]
          : [],
      ),
    [Symbol.asyncDispose]: () => Promise.resolve(socket.terminate()),
  }
}
