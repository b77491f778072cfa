import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openTestbed, until } from '../testing/testbed.ts'

/** Calls that are refused, each with a code that no other one answers. */
const calls = [
  ['encounters.get', 'CAMPAIGN_NOT_FOUND', { roomId: 'main', campaignId: 'none', encounterId: 'none' }],
  ['rooms.get', 'NOT_A_MEMBER', { roomId: 'elsewhere' }],
  ['arena.session', 'SESSION_NOT_FOUND', { sessionId: 'none' }],
  ['campaign.get', 'VALIDATION_FAILED', { roomId: 7 }],
] as const

/** More than the calls that are answered at once. */
const many = Array.from({ length: 24 }, (_one, index) => calls[(index * 7) % calls.length] ?? calls[0])

type Refused = { id?: number; error?: { data?: { path?: string; tablecast?: { code?: string } } } }
const summaryOf = ({ error }: Refused) => [error?.data?.path, error?.data?.tablecast?.code]
const expected = many.map(([path, code]) => [path, code])

describe('calls that a client sends together', () => {
  it('are answered over HTTP each at its own place', async () => {
    await using testbed = await openTestbed()
    const { session } = await testbed.join('Dee', 'dm')
    const input = Object.fromEntries(many.map(([, , asked], index) => [index, asked]))
    const paths = many.map(([path]) => path).join(',')
    const ask = async () => {
      const response = await fetch(
        `${testbed.url}/trpc/${paths}?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`,
        { headers: { authorization: `Bearer ${session.token}` } },
      )
      return ((await response.json()) as Refused[]).map(summaryOf)
    }
    for (const answers of await Promise.all([ask(), ask(), ask()])) expect(answers).toEqual(expected)
  })

  it('are answered over WebSocket each under its own id, beside subscriptions that fail', async () => {
    await using testbed = await openTestbed()
    const { session } = await testbed.join('Dee', 'dm')
    const socket = new WebSocket(`${testbed.wsUrl}/trpc?connectionParams=1`)
    const frames: Refused[] = []
    socket.on('message', (data) => {
      const text = (data as Buffer).toString()
      if (text.startsWith('{')) frames.push(JSON.parse(text) as Refused)
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(JSON.stringify({ method: 'connectionParams', data: { token: session.token } }))
    const queries = many.map(([path, , input], id) => ({ id, method: 'query', params: { path, input } }))
    const failing = many.map((_one, index) => ({
      id: 1_000 + index,
      method: 'subscription',
      params: { path: 'topics.events', input: { topic: `none-${index}` } },
    }))
    socket.send(JSON.stringify(queries.flatMap((query, index) => [failing[index], query])))
    await until(() => new Set(frames.flatMap(({ id, error }) => (error ? [id] : []))).size === 2 * many.length)
    socket.close()
    const answers = new Map(frames.flatMap((frame) => (frame.error ? [[frame.id, summaryOf(frame)] as const] : [])))
    expect(queries.map(({ id }) => answers.get(id))).toEqual(expected)
    expect(failing.map(({ id }) => answers.get(id))).toEqual(failing.map(() => ['topics.events', 'TOPIC_NOT_FOUND']))
  })
})
