import { describe } from 'vitest'
import { mapCanary } from '../testing/map-canary.ts'
import { openRestored } from '../testing/restored.ts'
import { openTestbed } from '../testing/testbed.ts'

const environment = { SESSION_SECRET: 'a secret that is long enough for a test', UPLOADS_PER_HOUR: '1000' }

describe('a map on one node with SQLite', () =>
  mapCanary(async () => {
    const testbed = await openTestbed(environment)
    return {
      nodes: [testbed],
      restored: () => openRestored({ dataDir: testbed.folder }, environment),
      [Symbol.asyncDispose]: () => testbed[Symbol.asyncDispose](),
    }
  }))
