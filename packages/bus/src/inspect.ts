// Checks once whether a server answers, for an operator who wants to know before the start.
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { createClient } from 'redis'

const TIMEOUT_MS = 3_000

/** Rejects when the server can't be reached or refuses. `jetStream`: whether it keeps streams, which feeds of signals need. */
export async function inspectNats(url: string): Promise<{ version: string; jetStream: boolean }> {
  const connection = await connect({
    servers: url.split(',').map((server) => server.trim()),
    timeout: TIMEOUT_MS,
    maxReconnectAttempts: 0,
    reconnect: false,
    name: 'tablecast doctor',
  })
  try {
    const jetStream = await jetstreamManager(connection, { timeout: TIMEOUT_MS }).then(
      () => true,
      () => false,
    )
    return { version: connection.info?.version ?? '', jetStream }
  } finally {
    await connection.close()
  }
}

/** Rejects when the server can't be reached or refuses. */
export async function inspectRedis(url: string): Promise<{ version: string }> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS, reconnectStrategy: false },
  })
  // The promise below reports it.
  client.on('error', () => {})
  await client.connect()
  try {
    const info = await client.info('server')
    return { version: /redis_version:(\S+)/.exec(info)?.[1] ?? '' }
  } finally {
    client.destroy()
  }
}
