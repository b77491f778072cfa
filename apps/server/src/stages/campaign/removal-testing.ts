// For tests that remove a member while the DM keeps talking: records which events reach the member's connections.
import type { Store } from '@tablecast/store'
import { WebSocket } from 'ws'
import { newKey, type openTestbed, until } from '../../testing/testbed.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

/** Records the head of the players' stream at each removal of a member. The member must get no event after it. */
export function watchRemovals(store: Store, roomId: string) {
  const noted = { head: null as number | null, at: 0 }
  const watched: Store = {
    kind: store.kind,
    read: (work) => store.read(work),
    ping: () => store.ping(),
    async write(work) {
      let head: number | null = null
      const result = await store.write(async (tables) => {
        let isRemoving = false
        const rooms = new Proxy(tables.rooms, {
          get(target, name, receiver) {
            if (name === 'removeMember') isRemoving = true
            return Reflect.get(target, name, receiver) as unknown
          },
        })
        const answer = await work({ ...tables, rooms })
        // The room is still locked, so no event comes between this read and the commit.
        if (isRemoving) head = (await tables.streams.find(`room:${roomId}:player`))?.head ?? 0
        return answer
      })
      if (head !== null) Object.assign(noted, { head, at: performance.now() })
      return result
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
  return { store: watched, noted }
}

/**
 * Opens one connection of each kind for a player. `received`: the seqs that each got. `endedAt`: when each ended, by
 * `performance.now()`.
 */
export async function followEveryWay(testbed: Testbed, token: string, roomId: string) {
  const received = { socket: [] as number[], sse: [] as number[], plain: [] as number[], polling: [] as number[] }
  const endedAt: Partial<Record<keyof typeof received, number>> = {}
  const end = (way: keyof typeof received) => (endedAt[way] ??= performance.now())

  const socket = new WebSocket(`${testbed.wsUrl}/trpc?connectionParams=1`)
  socket.on('open', () => {
    socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
    const params = { path: 'campaign.events', input: { roomId } }
    socket.send(JSON.stringify({ id: 1, method: 'subscription', params }))
  })
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    const seq = /"seq":(\d+)}+$/.exec(text)?.[1]
    if (seq !== undefined) received.socket.push(Number(seq))
  })
  socket.on('close', () => end('socket'))

  const plain = new WebSocket(`${testbed.wsUrl}/ws/campaign/player?room=${roomId}&token=${token}`)
  plain.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString()) as { type: string; seq?: number }
    if (event.type.startsWith('campaign_') && event.seq !== undefined) received.plain.push(event.seq)
  })
  plain.on('close', () => end('plain'))

  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  const input = (value: object) => encodeURIComponent(JSON.stringify(value))
  const readSse = async () => {
    const response = await fetch(`${testbed.url}/trpc/campaign.events?input=${input({ roomId })}`, {
      headers,
      signal: leaving.signal,
    })
    let text = ''
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const seq = /^data: .*"seq":(\d+)}$/m.exec(event)?.[1]
        if (seq !== undefined) received.sse.push(Number(seq))
        if (event.includes('serialized-error')) return
      }
    }
  }
  const poll = async () => {
    let cursor: string | null = null
    for (;;) {
      const response = await fetch(`${testbed.url}/trpc/campaign.since?input=${input({ roomId, cursor })}`, {
        headers,
        signal: leaving.signal,
      })
      if (!response.ok) return
      const { result } = (await response.json()) as {
        result: { data: { cursor: string; events: { seq: number }[] } }
      }
      cursor = result.data.cursor
      received.polling.push(...result.data.events.map(({ seq }) => seq))
    }
  }
  void readSse()
    .catch(() => {})
    .finally(() => end('sse'))
  void poll()
    .catch(() => {})
    .finally(() => end('polling'))

  await until(() => Object.values(received).every((seqs) => seqs.length > 0))
  return {
    received,
    endedAt,
    ended: () => until(() => Object.keys(endedAt).length === 4),
    close() {
      leaving.abort()
      socket.terminate()
      plain.terminate()
    },
  }
}

/** Lets the DM send messages, four at a time, until `stop`. */
export function keepTalking(dm: { http: Awaited<ReturnType<Testbed['join']>>['http'] }, roomId: string) {
  let isOn = true
  let count = 0
  const talk = async () => {
    while (isOn) {
      await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: `line ${(count += 1)}` })
    }
  }
  const talking = Promise.all([talk(), talk(), talk(), talk()])
  return {
    count: () => count,
    async stop() {
      isOn = false
      await talking
    },
  }
}
