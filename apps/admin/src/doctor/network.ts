// The services that the server talks to, and the port that it listens on.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { withoutCredentials } from '@tablecast/bus'
import { inspectNats, inspectRedis } from '@tablecast/bus/inspect'
import type { Config } from '@tablecast/server/admin'
import { messageOf } from '../words.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const HEALTH_TIMEOUT_MS = 3_000

export async function nats({ NATS_URL: url, SIGNALS_DEMO: isDemo }: Config): Promise<Finding> {
  if (url === undefined) return ok('nats', 'not used: the bus is in memory')
  try {
    const { version, jetStream } = await inspectNats(url)
    const found = `${withoutCredentials(url)}, nats-server ${version}`
    return jetStream || isDemo
      ? ok('nats', jetStream ? `${found}, JetStream` : found)
      : warn('nats', `${found}, no JetStream`, 'start nats-server with -js: it holds the feeds of signals')
  } catch (error) {
    return fail(
      'nats',
      `${withoutCredentials(url)}: ${messageOf(error)}`,
      'check that it runs, and that NATS_URL names it',
    )
  }
}

export async function redis({ REDIS_URL: url }: Config): Promise<Finding> {
  if (url === undefined) return ok('redis', 'not used: the market’s channels are in memory')
  try {
    return ok('redis', `${withoutCredentials(url)}, redis-server ${(await inspectRedis(url)).version}`)
  } catch (error) {
    return fail(
      'redis',
      `${withoutCredentials(url)}: ${messageOf(error)}`,
      'check that it runs, and that REDIS_URL names it',
    )
  }
}

/** Fails when another program has the port. A running Tablecast may have it. */
export async function port({ HOST: host, PORT: number }: Config): Promise<Finding> {
  const where = `${host}:${number}`
  try {
    const probe = createServer().listen(number, host)
    await once(probe, 'listening')
    probe.close()
    await once(probe, 'close')
    return ok('port', `${where} is free`)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EADDRINUSE')
      return fail('port', `${where}: ${messageOf(error)}`, 'choose another HOST or PORT')
    const running = await health(host, number)
    return running
      ? ok('port', `${where}: Tablecast ${running.version} runs there, ${running.status}`)
      : fail('port', `another program uses ${where}`, 'choose another PORT')
  }
}

async function health(host: string, number: number): Promise<{ version: string; status: string } | null> {
  try {
    const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
    const response = await fetch(`http://${name.includes(':') ? `[${name}]` : name}:${number}/health`, {
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    })
    const report = (await response.json()) as { service?: unknown; version?: unknown; status?: unknown }
    return report.service === 'tablecast' ? { version: String(report.version), status: String(report.status) } : null
  } catch {
    return null
  }
}
