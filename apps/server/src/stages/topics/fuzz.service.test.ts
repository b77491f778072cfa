// 100,000 invalid frames against a server process.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { freePort, inherited, temporaryFolder, until } from '@tablecast/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const FRAMES = 100_000
const KNOWN = new Set(['BAD_REQUEST', 'TOPIC_NOT_FOUND', 'RATE_LIMITED'])

const valid = {
  type: 'publish',
  topic: 'fuzz',
  message: { id: '550e8400-e29b-41d4-a716-446655440000', payload: { n: 1 } },
}
const topic = fc.oneof(
  fc.constant('fuzz'),
  fc.string(),
  fc.constantFrom('>', '*', '../x', '__proto__', 'constructor', 'x'.repeat(200)),
)
const frame = fc.oneof(
  fc.string(),
  fc.json(),
  fc.string({ unit: 'binary' }),
  // Cut off, of wrong types, with extra keys, nested deep.
  fc.nat(JSON.stringify(valid).length).map((length) => JSON.stringify(valid).slice(0, length)),
  fc
    .record({
      type: fc.oneof(fc.constantFrom('subscribe', 'publish', 'unsubscribe', 'ping', 'event', 'ack'), fc.anything()),
      topic,
      client_id: fc.oneof(fc.string(), fc.anything()),
      last_n: fc.oneof(fc.integer(), fc.double(), fc.anything()),
      request_id: fc.oneof(fc.string(), fc.anything()),
      message: fc.oneof(fc.record({ id: fc.oneof(fc.uuid(), fc.string()), payload: fc.jsonValue() }), fc.anything()),
    })
    .map(asJson),
  fc.constantFrom(
    '['.repeat(20_000),
    '{"a":'.repeat(5_000),
    '"\\ud800"',
    '{"type":"ping","__proto__":{"x":1}}',
    'null',
    '0',
    '',
  ),
)

describe('a hostile client', () => {
  it(`gets a documented error for each of ${FRAMES.toLocaleString('en')} invalid frames, and the process neither stops nor grows`, async () => {
    await using folder = await temporaryFolder()
    const port = await freePort()
    const server = spawn(process.execPath, [main], {
      env: {
        ...inherited(),
        PORT: String(port),
        DATA_DIR: folder.path,
        LOG_LEVEL: 'silent',
        CALLS_PER_SECOND: '100000',
        MAX_SUBSCRIPTIONS_PER_SOCKET: '8',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      await once(server.stdout, 'data')
      const url = `127.0.0.1:${port}`
      await fetch(`http://${url}/topics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"fuzz"}',
      })
      const texts = fc.sample(frame, { numRuns: 2_000, seed: 1 })
      const early = { memory: 0, sent: 0 }
      let sent = 0
      const codes = new Map<string, number>()
      while (sent < FRAMES) {
        const socket = new WebSocket(`ws://${url}/ws`)
        await once(socket, 'open')
        let answers = 0
        socket.on('message', (data) => {
          const answer = JSON.parse((data as Buffer).toString()) as { type: string; error?: { code: string } }
          if (answer.type !== 'event') answers += 1
          if (answer.error) codes.set(answer.error.code, (codes.get(answer.error.code) ?? 0) + 1)
        })
        for (const text of texts) socket.send(text)
        sent += texts.length
        socket.send('{"type":"ping","request_id":"last"}')
        // Each invalid frame has its answer, and the socket still works.
        await until(() => answers >= texts.length + 1)
        expect(socket.readyState).toBe(WebSocket.OPEN)
        socket.terminate()
        if (early.sent === 0 && sent >= FRAMES / 4) Object.assign(early, { sent, memory: memoryOf(server.pid ?? 0) })
      }
      expect(sent).toBeGreaterThanOrEqual(FRAMES)
      expect([...codes.keys()].filter((code) => !KNOWN.has(code))).toEqual([])
      for (const [data, code] of [
        [Buffer.from([1, 2, 3]), 1003],
        ['x'.repeat(70_000), 1009],
      ] as const) {
        const socket = new WebSocket(`ws://${url}/ws`)
        await once(socket, 'open')
        socket.send(data)
        expect((await once(socket, 'close'))[0]).toBe(code)
      }
      expect(server.exitCode).toBeNull()
      const health = (await (await fetch(`http://${url}/health`)).json()) as { status: string; topics: number }
      expect(health).toMatchObject({ status: 'ok', topics: 1 })
      // The last three quarters of the frames left no memory behind. Without `/proc` the memory is unknown, and not checked.
      if (early.memory > 0) expect(memoryOf(server.pid ?? 0) / early.memory).toBeLessThan(1.5)
    } finally {
      server.kill('SIGKILL')
    }
  })
})

/** The resident bytes of a process; 0 on a system without `/proc`. */
function memoryOf(pid: number): number {
  const file = `/proc/${pid}/status`
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) * 1_024 : 0
}

function asJson(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)) ??
      'undefined'
    )
  } catch {
    return '{'
  }
}
