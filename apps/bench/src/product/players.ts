// Players of the whole server: raw sockets that follow a campaign at the lowest cost. A separate process that takes orders.
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { AppRouter } from '@tablecast/server'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { createTRPCClient, httpLink } from '@trpc/client'

export type ConnectOrder = {
  do: 'connect'
  port: number
  transport: 'trpc' | 'plain'
  tokens: readonly string[]
  /** The number of sockets for each token. */
  each: number
  cursor: string | null
  /** A player that has received this text is live. */
  liveWith: string
  atOnce: number
  /** The time between two signs of life of a player; 4 s by default. */
  aliveMs?: number
}
/** The DM sends a message every `everyMs`. Each player measures its arrival. */
export type ChatOrder = { do: 'chat'; port: number; token: string; everyMs: number; times: number }
export type Order = ConnectOrder | ChatOrder | { do: 'leave' }
/** `liveMs`: from the order until each player was live. `again`: refused attempts. `failed`: players that never became live. */
export type ConnectResult = { liveMs: number[]; again: number; failed: number; snapshots: number }
/** `heardMs`: from the planned time of a message until a player's socket had it. */
export type ChatResult = { heardMs: number[]; missed: number }

const KEEP_ALIVE_INTERVAL_MS = 4_000
const CONNECT_TIMEOUT_MS = 60_000
/** A refused player tries again after about this time, as the stock client does. */
const RETRY_DELAY_MS = 500
/** The beginning of the DM's messages, by which players find them in the frames. */
const TURN = 'turn-'
const DIGITS = 5
/** A pong without a ping also keeps a connection alive (RFC 6455 §5.5.3). */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0])

const buffer = Buffer.allocUnsafe(64 * 1024)
const sockets = new Set<Socket>()
let heard: (length: number) => void = () => {}

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.(answer))
})

async function obey(order: Order): Promise<object> {
  if (order.do === 'connect') return come(order)
  if (order.do === 'chat') return speak(order)
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  return {}
}

async function come(order: ConnectOrder): Promise<ConnectResult> {
  const began = performance.now()
  const came: ConnectResult = { liveMs: [], again: 0, failed: 0, snapshots: 0 }
  const wanted = order.tokens.flatMap((token) => Array.from({ length: order.each }, () => token))
  while (wanted.length > 0)
    await Promise.all(
      wanted.splice(0, order.atOnce).map(async (token) => {
        let tried = await follow(order, token)
        while (!tried.isLive && performance.now() - began < CONNECT_TIMEOUT_MS) {
          came.again += 1
          await pause(RETRY_DELAY_MS * (0.5 + Math.random()))
          tried = await follow(order, token)
        }
        if (tried.isLive) came.liveMs.push(performance.now() - began)
        else came.failed += 1
        if (tried.hadSnapshot) came.snapshots += 1
      }),
    )
  return came
}

async function follow(
  { port, transport, cursor, liveWith, aliveMs = KEEP_ALIVE_INTERVAL_MS }: ConnectOrder,
  token: string,
): Promise<{ isLive: boolean; hadSnapshot: boolean }> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  let isLive = false
  let text = ''
  const path =
    transport === 'trpc'
      ? '/trpc?connectionParams=1'
      : `/ws/campaign/player?room=main&token=${encodeURIComponent(token)}`
  const socket = rawWebSocket(port, path, {
    onread: {
      buffer,
      callback(length) {
        if (isLive) heard(length)
        else {
          text += buffer.toString('latin1', 0, length)
          isLive = text.includes(liveWith)
          if (isLive) resolve(true)
        }
        return true
      },
    },
  })
  sockets.add(socket)
  const alive = setInterval(
    () => socket.write(transport === 'trpc' ? Buffer.concat([PONG, clientFrame('PONG')]) : PONG),
    aliveMs,
  )
  socket.on('error', () => resolve(false))
  socket.once('close', () => {
    clearInterval(alive)
    sockets.delete(socket)
    resolve(false)
  })
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => resolve(false))
  if (transport === 'trpc') {
    const input = { roomId: 'main', ...(cursor ? { lastEventId: cursor } : {}) }
    socket.write(clientFrame(JSON.stringify({ method: 'connectionParams', data: { token } })))
    socket.write(
      clientFrame(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'campaign.events', input } })),
    )
  }
  const came = await promise
  socket.setTimeout(0)
  const hadSnapshot = text.includes('"snapshot"')
  text = ''
  return { isLive: came, hadSnapshot }
}

async function speak({ port, token, everyMs, times }: ChatOrder): Promise<ChatResult> {
  const link = httpLink({ url: `http://127.0.0.1:${port}/trpc`, headers: { authorization: `Bearer ${token}` } })
  const dm = createTRPCClient<AppRouter>({ links: [link] })
  const run = Date.now().toString(36)
  const heardMs: number[] = []
  const began = performance.now()
  const dueAt = (turn: number) => began + turn * everyMs
  heard = (length) => {
    const now = performance.now()
    const part = buffer.subarray(0, length)
    for (let at = part.indexOf(TURN); at >= 0; at = part.indexOf(TURN, at + 1))
      heardMs.push(now - dueAt(Number(part.toString('latin1', at + TURN.length, at + TURN.length + DIGITS))))
  }
  const said: Promise<unknown>[] = []
  for (let turn = 0; turn < times; turn++) {
    await pause(Math.max(0, dueAt(turn) - performance.now()))
    const message = TURN + String(turn).padStart(DIGITS, '0')
    said.push(dm.campaign.say.mutate({ roomId: 'main', key: `say-${run}-${turn}`, message }))
  }
  await Promise.all(said)
  const all = times * sockets.size
  for (const end = performance.now() + 5_000; heardMs.length < all && performance.now() < end;) await pause(20)
  heard = () => {}
  return { heardMs, missed: all - heardMs.length }
}
