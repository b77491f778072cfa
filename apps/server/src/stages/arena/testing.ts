// For the arena's tests: spectators that keep the events they got, and the expected events of a game.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { wholeGame as playedByRules } from '@tablecast/arena-engine'
import { inherited, until } from '@tablecast/testing'
import { WebSocket } from 'ws'
import { rest } from '../../testing/rest.ts'

export type ReceivedMessage = { subject: string; data: unknown }

/** A spectator on the plain socket. */
export async function spectate(wsUrl: string, sessionId: string) {
  const socket = new WebSocket(`${wsUrl}/ws/arena/${sessionId}`)
  const seen: ReceivedMessage[] = []
  const frames: string[] = []
  socket.on('message', (data) => {
    const text = (data as Buffer).toString()
    frames.push(text)
    seen.push(JSON.parse(text) as ReceivedMessage)
  })
  await once(socket, 'open')
  return {
    seen,
    frames,
    socket,
    until: (subject: string, count = 1) =>
      until(() => seen.filter((event) => event.subject === subject).length >= count),
    [Symbol.asyncDispose]: () => {
      socket.terminate()
      return Promise.resolve()
    },
  }
}

/** The expected events of a whole game, as a socket delivers them. Computed from the rules alone. */
export const wholeGame = (options: Parameters<typeof playedByRules>[0], news: readonly string[]): ReceivedMessage[] =>
  JSON.parse(JSON.stringify(playedByRules(options, (round) => news[round - 1] ?? ''))) as ReceivedMessage[]

export const post = (url: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  rest(url, 'POST', path, body, headers)

export const engineMain = fileURLToPath(new URL('../../../../engine/src/main.ts', import.meta.url))

/** Starts `pnpm engine` as a process of its own, and waits for its first output. */
export async function startEngine(natsUrl: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [engineMain], {
    env: { ...inherited(), NATS_URL: natsUrl, LOG_LEVEL: 'error', ARENA_PACE_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  const stop = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    return child.exitCode
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')) }
}
