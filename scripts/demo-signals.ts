// `pnpm demo:signals`: a generated series every 250 ms. With NATS_URL into JetStream, making the stream when there is none;
// without, a server is started that publishes it to itself.
import { spawn } from 'node:child_process'
import { connect } from '@nats-io/transport-node'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { DEMO_INTERVAL_MS, demoSeries } from '@tablecast/server/signals-demo'

const STREAM = 'LEVEL_SIGNALS'
const SUBJECT = 'levels.signals'
const natsUrl = process.env['NATS_URL']

if (natsUrl) {
  const connection = await connect({ servers: natsUrl.split(','), maxReconnectAttempts: -1 })
  const manager = await jetstreamManager(connection)
  await manager.streams
    .info(STREAM)
    .catch(() => manager.streams.add({ name: STREAM, subjects: [SUBJECT], max_msgs: 1_000 }))
  const stream = jetstream(connection)
  const next = demoSeries()
  process.stdout.write(`A value on ${SUBJECT} every ${DEMO_INTERVAL_MS} ms. Stop with Ctrl-C.\n`)
  setInterval(() => {
    // A value is lost while NATS is unreachable: the next one is newer anyway.
    stream.publish(SUBJECT, JSON.stringify(next(new Date()))).catch(() => {})
  }, DEMO_INTERVAL_MS)
} else {
  const server = spawn('node', ['apps/server/src/main.ts'], {
    env: { ...process.env, SIGNALS_DEMO: 'true' },
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal))
  server.on('exit', (code) => (process.exitCode = code ?? 0))
}
