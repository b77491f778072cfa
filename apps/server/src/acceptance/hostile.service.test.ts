// Hostile inputs of strangers, guests, players and DMs at every endpoint do not disturb another table.
import { randomInt } from 'node:crypto'
import { startModel } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { assault, type HostileFinding, MAX_STALL_MS } from '../testing/hostile/assault.ts'
import { Bystander } from '../testing/hostile/bystander.ts'
import { plainMessages } from '../testing/hostile/clients/plain-socket.ts'
import { openTestbed } from '../testing/testbed.ts'
import { openWatched } from '../testing/watched.ts'

/** Inputs of each family at each kind of endpoint. */
const RUNS = 10
const SECONDS = 25
const LEAST_ATTACKS = 150

const shown = ({ endpoint, family, who, target, text, problem }: HostileFinding) =>
  `${family} at ${endpoint}: ${target} by ${who}: ${problem}\n    ${text}`

describe('hostile inputs', () => {
  it('at every endpoint are refused or carried out, and never hold up the thread', async () => {
    await using model = await startModel((call) => call.reply('Something answers from below.'))
    await using server = await openWatched({
      LLM_BASE_URL: model.baseUrl,
      LLM_MODEL: 'test-model',
      NARRATOR: 'scribe',
      CALLS_PER_SECOND: '100000',
      CALLS_PER_SECOND_PER_IP: '1000000',
      CONNECTIONS_PER_SECOND_PER_IP: '100000',
      INVITE_ATTEMPTS_PER_MINUTE: '100000',
      MARKET_EDITORS: '*',
      SIGNALS_DEMO: 'true',
    })
    const seed = randomInt(2 ** 31)
    await using bystander = await Bystander.open(server.url, server.port)
    const { attacks, found, worstStallMs } = await assault({
      url: server.url,
      port: server.port,
      runs: RUNS,
      seconds: SECONDS,
      leastAttacks: LEAST_ATTACKS,
      seed,
      // CPU time of the thread, because other programs on the machine delay the clock.
      stallMs: async () => (await server.worstStall()).cpuMs,
    })
    const { said, medianMs, longestMs } = await bystander.end()
    process.stdout.write(
      `${attacks} attacks, seed ${seed}: longest call ${Math.round(worstStallMs)} ms; a table beside them sent ${said} messages, which arrived after ${Math.round(medianMs)} ms (median) and ${Math.round(longestMs)} ms (longest)\n`,
    )
    expect(found.map(shown), `seed ${seed}`).toEqual([])
    expect(worstStallMs).toBeLessThan(MAX_STALL_MS)
    expect(said).toBeGreaterThan(20)
    expect(attacks).toBeGreaterThan(100)
  })

  it('cover every socket of the server', async () => {
    await using testbed = await openTestbed()
    const { sockets } = testbed.server.endpoints
    const others = ['/trpc', '/socket.io/']
    expect(sockets.map(({ path }) => path).toSorted()).toEqual([...others, ...Object.keys(plainMessages)].toSorted())
  })
})
