// The bus or the database is unreachable for a while.
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '@tablecast/testing'
import { play, type ScenarioDeps, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const outageMs = (isShort: boolean) => (isShort ? 5_000 : 30_000)
const NOTICE_TIMEOUT_MS = 90_000

/** `work` begins the outage and returns what ends it. Nobody may lose their connection over it. */
async function outage(
  { table, context }: ScenarioDeps,
  what: string,
  begin: () => Promise<() => Promise<void> | void>,
) {
  const connections = () => table.followers.map(({ record }) => record.connections).join()
  const before = connections()
  const end = await begin()
  await pause(outageMs(context.isShort))
  const after = connections()
  await end()
  const back = performance.now()
  await table.acknowledged()
  await table.caughtUp(back)
  if (after !== before) table.complain(`${what}: clients lost their connections (${before} before, ${after} after)`)
}

export const busDown: Scenario = {
  name: 'bus-down',
  title: 'nats-server stops answering (SIGSTOP), then is killed and started again later',
  setups: ['cluster'],
  short: ['cluster'],
  run: (context) =>
    play(context, async (all) => {
      const { nats } = all.cluster
      if (!nats) throw new Error('there is no bus to stop')
      if (!context.isShort)
        await outage(all, 'a frozen bus', () => {
          nats.freeze()
          return Promise.resolve(() => nats.thaw())
        })
      await outage(all, 'no bus', async () => {
        await nats.stop()
        return () => nats.start()
      })
      return { rounds: context.isShort ? 1 : 2 }
    }),
}

/** While the database is unreachable, the node is not ready, and a DM gets a code that invites another try. */
async function expectNotReady({ cluster, table }: ScenarioDeps, since: number, isAnswered: boolean): Promise<void> {
  await within(NOTICE_TIMEOUT_MS, 'no node is ready', () => cluster.nodes.every(({ isReady }) => !isReady))
  if (!isAnswered) return
  const refused = () => table.writers.flatMap(({ refusals }) => refusals.filter(({ at }) => at > since))
  await within(NOTICE_TIMEOUT_MS, 'the DMs get an error', () => refused().some(({ code }) => code === 'UNAVAILABLE'))
  const codes = new Set(refused().map(({ code }) => code))
  for (const code of codes) if (code !== 'UNAVAILABLE' && code !== 'NO_ANSWER') table.complain(`a DM got ${code}`)
}

export const databaseDown: Scenario = {
  name: 'database-down',
  title: 'PostgreSQL is stopped and started again later, then the network to it swallows everything for a while',
  setups: ['postgres', 'cluster'],
  short: ['cluster'],
  async run(context) {
    await using postgres = await startPostgres({ isDurable: true })
    return await play(
      context,
      async (all) => {
        const { links } = all.cluster
        await outage(all, 'no database', async () => {
          const since = performance.now()
          await postgres.stop()
          await expectNotReady(all, since, true)
          return () => postgres.start()
        })
        await outage(all, 'a silent database', async () => {
          const since = performance.now()
          for (const { database } of links) database?.freeze()
          // A call waits for as long as a statement may take before it gets an error.
          await expectNotReady(all, since, !context.isShort)
          return () => {
            for (const { database } of links) database?.thaw()
          }
        })
        return { rounds: 2 }
      },
      { postgres },
    )
  },
}
