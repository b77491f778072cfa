// The roster as clients of a whole server receive it: over tRPC, server-sent events, polling and plain sockets.
import { emptyRoster, foldPresence, type LiveRoster, type PresenceEvent } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { followByEvents } from '../../testing/server-sent-events.ts'
import { openTestbed, until } from '../../testing/testbed.ts'

const roomId = 'main'
type Frame = { type: string; user_id?: string; roster?: unknown[]; count?: number }

function openPlain(url: string) {
  const socket = new WebSocket(url)
  const frames: Frame[] = []
  const lengths: number[] = []
  socket.on('message', (data) => {
    const text = (data as Buffer).toString()
    const frame = JSON.parse(text) as Frame
    if (frame.type !== 'player_joined') return
    frames.push(frame)
    if (frame.count !== undefined) lengths.push(text.length)
  })
  socket.on('error', () => {})
  return { socket, frames, lengths }
}

class Follower {
  roster: LiveRoster = emptyRoster
  readonly types: string[] = []

  take(event: PresenceEvent): void {
    this.types.push(event.type)
    this.roster = foldPresence(this.roster, event)
  }

  get online(): string {
    return this.roster.people
      .flatMap(({ online, name }) => (online ? [name] : []))
      .toSorted()
      .join()
  }
}

describe('the roster', () => {
  it('is the same over tRPC, server-sent events and polling, and shows all three', async () => {
    await using testbed = await openTestbed()
    const [dm, sse, poller] = [
      await testbed.join('Dee', 'owner'),
      await testbed.join('Sue', 'player'),
      await testbed.join('Pol', 'player'),
    ]
    const followers = { dm: new Follower(), sse: new Follower(), poller: new Follower() }
    await using socket = await dm.socket()
    socket.trpc.presence.events.subscribe(
      { roomId, lastEventId: null },
      { onData: (event) => followers.dm.take(event) },
    )
    await until(() => followers.dm.online === 'Dee')

    const stream = await followByEvents<PresenceEvent>(testbed.url, sse, {
      path: 'presence.events',
      input: { roomId, lastEventId: null },
      take: (event) => followers.sse.take(event),
    })
    await until(() => followers.dm.online === 'Dee,Sue' && followers.sse.online === 'Dee,Sue')

    let cursor: string | null = null
    const poll = async () => {
      const answer = await poller.http.presence.since.query({ roomId, cursor })
      cursor = answer.cursor
      for (const event of answer.events) followers.poller.take(event)
    }
    await until(async () => {
      await poll()
      return Object.values(followers).every(({ online }) => online === 'Dee,Pol,Sue')
    })
    await poller.http.presence.set.mutate({ roomId, status: 'ready' })
    const statusOf = ({ roster }: Follower) => roster.people.find(({ name }) => name === 'Pol')?.status
    await until(async () => {
      await poll()
      return Object.values(followers).every((follower) => statusOf(follower) === 'ready')
    })
    for (const { types } of Object.values(followers)) {
      expect(types[0]).toBe('roster')
      expect(types.filter((type) => type === 'roster')).toHaveLength(1)
    }
    await stream[Symbol.asyncDispose]()
    await until(() => followers.dm.online === 'Dee,Pol' || followers.dm.online === 'Dee')
  })

  it('is in each join on plain sockets up to 50 people, and a count beyond that', async () => {
    await using testbed = await openTestbed({ MAX_SOCKETS_PER_IP: '200', CONNECTIONS_PER_SECOND_PER_IP: '1000' })
    const first = openPlain(`${testbed.wsUrl}/ws/campaign/player?player_id=First`)
    await until(() => first.frames.length === 1)
    const sockets: WebSocket[] = []
    for (let count = 2; count <= 70; count++) {
      sockets.push(openPlain(`${testbed.wsUrl}/ws/campaign/player`).socket)
      // One after the other up to the limit: each join is a frame of its own.
      if (count <= 50) await until(() => first.frames.length === count)
    }
    await until(() => first.frames.at(-1)?.count === 70)
    const named = first.frames.filter(({ user_id }) => user_id !== undefined)
    const counted = first.frames.filter(({ count }) => count !== undefined)
    expect(named.map(({ roster }) => roster?.length)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
    expect(counted.every((frame) => !('roster' in frame) && !('user_id' in frame))).toBe(true)
    expect(named.length + counted.length).toBe(first.frames.length)
    expect(new Set(first.lengths).size).toBe(1)
    for (const socket of [...sockets, first.socket]) socket.terminate()
  })
})
