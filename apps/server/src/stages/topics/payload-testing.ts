// For the tests of payloads: texts that no JavaScript program would write, every way to publish them, and readers of every kind.
import { once } from 'node:events'
import { until } from '@tablecast/testing'
import { WebSocket } from 'ws'
import type { openTestbed } from '../../testing/testbed.ts'
import { uuid } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

const nested = (depth: number) => `${'['.repeat(depth)}{"a":1.0}${']'.repeat(depth)}`

/** JSON.parse followed by JSON.stringify changes each of these except the last. */
export const strangePayloads: readonly string[] = [
  '1e2',
  '1.0',
  '-0',
  '0.10',
  '1E400',
  '9007199254740993',
  '[18446744073709551615,-9223372036854775808]',
  '{"price":12.50,"id":123456789012345678901234567890}',
  '{"a":1,"a":2,"a":{"b":1,"b":1}}',
  '{"2":true,"1":false}',
  '{"__proto__":{"x":1.0}}',
  '{ "b" : 1 ,\n\t"a" : [ ] }',
  '"\\u00fc\\ud800\\/"',
  '{"message":{"payload":1.0},"payload":2.0}',
  nested(200),
  'null',
]

export const tooDeep = [300, 3_000, 12_000].flatMap((depth) => [
  '['.repeat(depth) + ']'.repeat(depth),
  '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
])

const messageOf = (payload: string, n: number) => `{"id":"${uuid(n)}","payload":${payload}}`

/** A way to publish a payload as written. `publish` resolves with the code of the error, or null. */
export type Publisher = { name: string; publish(topic: string, payload: string, n: number): Promise<string | null> }

/** Every way to publish on a server. `close` closes their sockets. */
export async function openPublishers(testbed: Testbed): Promise<{ publishers: Publisher[]; close(): void }> {
  const { token } = (await testbed.signIn('publisher')).session
  const plain = await openSocket(`${testbed.wsUrl}/ws`)
  const typed = await openSocket(`${testbed.wsUrl}/trpc?connectionParams=1`)
  typed.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
  const post = async (path: string, body: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const response = await fetch(`${testbed.url}/trpc/${path}`, { method: 'POST', headers, body })
    const answer = (await response.json()) as TrpcAnswer | TrpcAnswer[]
    // In a batch of two, the test wants the second answer.
    return codeOf(Array.isArray(answer) ? answer[1] : answer)
  }
  const inputOf = (topic: string, payload: string, n: number) =>
    `{"topic":"${topic}","message":${messageOf(payload, n)}}`
  const call = (id: number, input: string) =>
    `{"id":${id},"method":"mutation","params":{"path":"topics.publish","input":${input}}}`
  const elsewhere = inputOf('elsewhere', '1.50', 1)
  let ids = 0
  const publishers: Publisher[] = [
    {
      name: '/ws',
      async publish(topic, payload, n) {
        const request = `r${++ids}`
        const { error } = await plain.ask<{ error?: { code: string } }>(
          `{"request_id":"${request}","type":"publish","topic":"${topic}","message":${messageOf(payload, n)}}`,
          `"request_id":"${request}"`,
        )
        return error?.code ?? null
      },
    },
    {
      name: '/ws, with keys written twice and with escapes',
      async publish(topic, payload, n) {
        const request = `r${++ids}`
        const { error } = await plain.ask<{ error?: { code: string } }>(
          `\n{"message":{"payload":[1.0]},"request_id":"${request}","type":"publish","topic":"${topic}",
            "mess\\u0061ge" : {"payload" : {"a":1}, "p\\u0061yload" : ${payload} , "id":"${uuid(n)}"}}`,
          `"request_id":"${request}"`,
        )
        return error?.code ?? null
      },
    },
    { name: 'tRPC over HTTP', publish: (topic, payload, n) => post('topics.publish', inputOf(topic, payload, n)) },
    {
      name: 'tRPC over HTTP, in a batch',
      publish: (topic, payload, n) =>
        post('topics.publish,topics.publish?batch=1', `{"0":${elsewhere},"1":${inputOf(topic, payload, n)}}`),
    },
    {
      name: 'tRPC over a WebSocket',
      async publish(topic, payload, n) {
        const id = ++ids
        return codeOf(await typed.ask<TrpcAnswer>(call(id, inputOf(topic, payload, n)), `"id":${id},`))
      },
    },
    {
      name: 'tRPC over a WebSocket, in a batch',
      async publish(topic, payload, n) {
        const [first, second] = [++ids, ++ids]
        const batch = `[${call(first, elsewhere)},${call(second, inputOf(topic, payload, n))}]`
        return codeOf(await typed.ask<TrpcAnswer>(batch, `"id":${second},`))
      },
    },
  ]
  return {
    publishers,
    close() {
      plain.close()
      typed.close()
    },
  }
}

type TrpcAnswer = { error?: { data: { tablecast: { code: string } } } }
const codeOf = (answer: TrpcAnswer | undefined) => answer?.error?.data.tablecast.code ?? null

/** A socket whose answers are found by a part of their text. */
async function openSocket(url: string) {
  const socket = new WebSocket(url)
  const texts: string[] = []
  socket.on('message', (data) => texts.push((data as Buffer).toString()))
  await once(socket, 'open')
  return {
    send: (text: string) => socket.send(text),
    async ask<A>(text: string, mark: string): Promise<A> {
      socket.send(text)
      await until(() => texts.some((one) => one.includes(mark)))
      return JSON.parse(texts.find((one) => one.includes(mark)) ?? '') as A
    },
    close: () => socket.terminate(),
  }
}

export type PayloadReader = { payloads(): string[]; close(): void }

/** The text of the payload in each event so far, as the server wrote it. */
const payloadsIn = (texts: readonly string[]) =>
  texts.flatMap((text) => /"type":"event".*?"payload":([\s\S]*)\},"ts":"[^"]*"\}/.exec(text)?.[1] ?? [])

/** A subscriber on `/ws`. `lastN`: the number of messages to get from the ring first. */
export async function readPlain(testbed: Testbed, topic: string, lastN = 0): Promise<PayloadReader> {
  const socket = new WebSocket(`${testbed.wsUrl}/ws`)
  const texts: string[] = []
  socket.on('message', (data) => texts.push((data as Buffer).toString()))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'subscribe', topic, client_id: 'reader', last_n: lastN }))
  await until(() => texts.length > 0)
  return { payloads: () => payloadsIn(texts), close: () => socket.terminate() }
}

/** The same over tRPC. */
export async function readTyped(testbed: Testbed, topic: string, lastN = 0): Promise<PayloadReader> {
  const { token } = (await testbed.signIn('reader')).session
  const socket = new WebSocket(`${testbed.wsUrl}/trpc?connectionParams=1`)
  const texts: string[] = []
  socket.on('message', (data) => texts.push((data as Buffer).toString()))
  await once(socket, 'open')
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
  const params = { path: 'topics.events', input: { topic, lastN } }
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params }))
  // The server may send a PING before.
  await until(() => texts.some((text) => text.includes('"type":"started"')))
  return { payloads: () => payloadsIn(texts), close: () => socket.terminate() }
}

/** The same over server-sent events. It reads their `data:` lines. */
export async function readSse(testbed: Testbed, topic: string, lastN = 0): Promise<PayloadReader> {
  const { token } = (await testbed.signIn('reader')).session
  const stop = new AbortController()
  const input = encodeURIComponent(JSON.stringify({ topic, lastN }))
  const response = await fetch(`${testbed.url}/trpc/topics.events?input=${input}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    signal: stop.signal,
  })
  let text = ''
  const reading = (async () => {
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += part
  })().catch(() => {})
  await until(() => text.includes('event: connected'))
  return {
    payloads: () => payloadsIn(text.split('\n').filter((line) => line.startsWith('data: '))),
    close() {
      stop.abort()
      void reading
    },
  }
}
