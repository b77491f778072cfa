// For the arena's tests: spectators that keep what they saw, and the game that must come out.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { game, ScriptedAgent } from '@tablecast/arena-engine'
import type { Reply } from '@tablecast/arena-engine'
import { until } from '@tablecast/testing'
import { WebSocket } from 'ws'
import { rest } from '../../testing/rest.ts'

export type Seen = { subject: string; data: unknown }

/** A spectator on the plain socket. */
export async function spectate(wsUrl: string, sessionId: string) {
  const socket = new WebSocket(`${wsUrl}/ws/arena/${sessionId}`)
  const seen: Seen[] = []
  const frames: string[] = []
  socket.on('message', (data) => {
    const text = (data as Buffer).toString()
    frames.push(text)
    seen.push(JSON.parse(text) as Seen)
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

/** All that a whole game publishes, by the rules alone. */
export async function wholeGame(
  options: { seed: number; rounds: number; agents: number },
  news: readonly string[],
): Promise<Seen[]> {
  const agent = new ScriptedAgent()
  const steps = game(options)
  const seen: Seen[] = []
  let reply: Reply = null
  for (let next = steps.next(reply); !next.done; next = steps.next(reply)) {
    const step = next.value
    if (step.kind === 'emit') seen.push(JSON.parse(JSON.stringify({ subject: step.subject, data: step.data })) as Seen)
    reply =
      step.kind === 'ask'
        ? { kind: 'answers', answers: await Promise.all(step.questions.map((question) => agent.answer(question))) }
        : step.kind === 'news'
          ? { kind: 'news', content: news[step.round - 1] ?? '' }
          : null
  }
  return seen
}

export const post = (url: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  rest(url, 'POST', path, body, headers)

export const engineMain = fileURLToPath(new URL('../../../../engine/src/main.ts', import.meta.url))

/** `pnpm engine`, as a process. */
export async function startEngine(natsUrl: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [engineMain], {
    env: { PATH: process.env['PATH'], NATS_URL: natsUrl, LOG_LEVEL: 'error', ARENA_PACE_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  const stop = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
    return child.exitCode
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')) }
}
