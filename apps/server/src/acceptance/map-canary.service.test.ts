import { startNats, startPostgres } from '@tablecast/testing'
import { describe } from 'vitest'
import { mapCanary } from '../testing/map-canary.ts'
import { openRestored } from '../testing/restored.ts'
import { openTestbed, until } from '../testing/testbed.ts'

describe('a map on two nodes with PostgreSQL', () =>
  mapCanary(async () => {
    await using opened = new AsyncDisposableStack()
    const postgres = opened.use(await startPostgres())
    const nats = opened.use(await startNats())
    const environment = { SESSION_SECRET: 'a secret that is long enough for a test', UPLOADS_PER_HOUR: '1000' }
    const databaseUrl = await postgres.createDatabase()
    const ofNode = { ...environment, DATABASE_URL: databaseUrl, NATS_URL: nats.url }
    const nodes = [opened.use(await openTestbed(ofNode)), opened.use(await openTestbed(ofNode))]
    for (const { anonymous } of nodes) await until(async () => (await anonymous.ops.health.query()).nats_connected)
    const owned = opened.move()
    return {
      nodes,
      restored: async () =>
        openRestored({ databaseUrl, dataDir: ':memory:' }, environment, await postgres.createDatabase()),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  }))
