// For the topics' tests: a client of `/ws` that sends requests and waits for the answers.
import { once } from 'node:events'
import { WebSocket } from 'ws'

export type Frame = { type: string; request_id?: string; error?: { code: string }; [key: string]: unknown }

export const uuid = (n: number): string => `550e8400-e29b-41d4-a716-${String(n).padStart(12, '0')}`

/** `first`: a frame that the client sends at the moment when the socket opens. */
export async function connectTo(
  wsUrl: string,
  options: { query?: string; headers?: Record<string, string>; first?: string } = {},
) {
  const socket = new WebSocket(`${wsUrl}/ws${options.query ?? ''}`, { headers: options.headers ?? {} })
  const frames: Frame[] = []
  const requests = new Map<string, (answer: Frame) => void>()
  socket.on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as Frame
    frames.push(frame)
    requests.get(frame.request_id ?? '')?.(frame)
  })
  socket.on('open', () => {
    if (options.first !== undefined) socket.send(options.first)
  })
  await once(socket, 'open')
  let count = 0
  const ask = async (frame: object): Promise<Frame> => {
    const request_id = `r${++count}`
    const { promise, resolve } = Promise.withResolvers<Frame>()
    requests.set(request_id, resolve)
    socket.send(JSON.stringify({ ...frame, request_id }))
    const answer = await promise
    requests.delete(request_id)
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
