// Faults between a client and its server.
import { setTimeout as pause } from 'node:timers/promises'
import { TcpProxy } from '@tablecast/testing'
import { play, type Scenario, type ScenarioDeps } from '../scenario.ts'
import { within } from '../within.ts'

const CONNECT_TIMEOUT_MS = 60_000
/** A server asks who is silent, and drops who stays so. */
const FORGET_TIMEOUT_MS = 90_000

export const frozenConnection: Scenario = {
  name: 'frozen-connection',
  title: 'every open connection stops passing bytes, and neither end gets an error',
  setups: ['sqlite', 'cluster'],
  short: ['sqlite'],
  run: (context) =>
    play(context, async ({ cluster, table }) => {
      const frozen = [...cluster.front.connections]
      const sockets = await cluster.sockets()
      const since = performance.now()
      for (const connection of frozen) connection.freeze()
      const late = () => table.followers.filter(({ connectedAt }) => (connectedAt.at(-1) ?? 0) < since)
      const names = () =>
        `these notice and reconnect: ${late()
          .map(({ record }) => record.name)
          .join()}`
      await within(CONNECT_TIMEOUT_MS, names, () => late().length === 0)
      await table.caughtUp(since)
      if (context.isShort) return { rounds: 1 }
      await within(FORGET_TIMEOUT_MS, 'the servers forget the sockets that lead nowhere', async () => {
        await pause(500)
        return (await cluster.sockets()) <= sockets
      })
      return { rounds: 1, notes: [`the servers let go of every half-open socket, and have ${sockets} as before`] }
    }),
}

/** More than the ring of a channel holds, so that the log has to be read. */
const MISSED = 270
/** Of the DMs' own writing, which is not what is tested. With a crowd, one process reads each update 500 times. */
const WRITE_TIMEOUT_MS = 180_000

export const sleepingClient: Scenario = {
  name: 'sleeping-client',
  title: `a player’s page is stopped (SIGSTOP) for more than ${MISSED} updates, then runs on`,
  setups: ['sqlite', 'cluster'],
  short: ['sqlite'],
  run: (context) =>
    play(context, async ({ cluster, table }) => {
      const rounds = context.isShort ? 1 : 3
      for (let round = 0; round < rounds; round++) {
        const from = (await cluster.log.heads('main')).player
        for (const page of table.pages) page.sleep()
        const paces = table.writers.map((writer) => ({ writer, before: writer.changeIntervalMs }))
        for (const writer of table.writers) writer.changeIntervalMs = 0
        await within(WRITE_TIMEOUT_MS, 'enough is missed', async () => {
          await pause(100)
          return (await cluster.log.heads('main')).player > from + MISSED
        })
        for (const page of table.pages) page.wake()
        for (const { writer, before } of paces) writer.changeIntervalMs = before
        await table.caughtUp(performance.now())
      }
      return { rounds }
    }),
}

/** The promise is 10 s for the roster and 12 s for the page. The rest is for a busy machine. */
const NOTICE_TIMEOUT_MS = 25_000

export const blackHoledPlayer: Scenario = {
  name: 'black-holed-player',
  title: 'one player’s network drops every packet, of new connections too, and neither end gets an error',
  setups: ['sqlite', 'cluster'],
  short: ['sqlite'],
  async run(context) {
    const ports: number[] = []
    // It lasts until everything was compared: the player has to catch up over it.
    await using network = await TcpProxy.listen({ route: () => ports })
    const work = async ({ cluster, table }: ScenarioDeps) => {
      ports.push(cluster.front.port)
      const page = await table.sitAt(`http://127.0.0.1:${network.port}`, 'Far')
      await using roster = table.watchRoster()
      await within(CONNECT_TIMEOUT_MS, 'the DM sees the player in step', () => isHere(roster.stateOf('Far')))
      const rounds = context.isShort ? 1 : 3
      const took = { roster: 0, page: 0 }
      for (let round = 0; round < rounds; round++) {
        network.freeze()
        const since = performance.now()
        const noticed = async (what: keyof typeof took, holds: () => boolean) => {
          await within(NOTICE_TIMEOUT_MS, `the ${what} says that the player is lost`, holds)
          took[what] = Math.max(took[what], performance.now() - since)
        }
        await Promise.all([
          noticed('roster', () => roster.stateOf('Far') === 'lost'),
          noticed('page', () => page.link !== 'live'),
        ])
        network.thaw()
        await table.caughtUp(performance.now())
        await within(CONNECT_TIMEOUT_MS, 'the DM sees the player back', () => isHere(roster.stateOf('Far')))
      }
      const seconds = (ms: number) => (ms / 1_000).toFixed(1)
      return {
        rounds,
        notes: [
          `the DM’s roster said “lost” after ${seconds(took.roster)} s at most, the player’s page noticed after ${seconds(took.page)} s`,
        ],
      }
    }
    // A roster lists a hundred players, the first who came, and this one comes after the crowd.
    return await play(context, work, { crowdRole: 'spectator' })
  },
}

const isHere = (state: string | undefined): boolean => state === 'in_sync' || state === 'behind'

const MAX_BYTES = 5_000

export const cutConnections: Scenario = {
  name: 'cut-connections',
  title: 'connections are cut at a random byte of what goes to the client',
  setups: ['sqlite', 'cluster'],
  short: ['sqlite'],
  run: (context) =>
    play(context, async ({ cluster, table, context: { chance, isShort } }) => {
      const rounds = isShort ? 4 : 40
      for (let round = 0; round < rounds; round++) {
        for (const connection of cluster.front.connections)
          if (chance.next() < 0.5) connection.cutAfter(Math.floor(chance.next() * MAX_BYTES))
        await pause(500 * chance.next())
        if (round % 4 === 3) {
          for (const connection of cluster.front.connections) connection.cutAfter(Infinity)
          await table.acknowledged()
          await table.caughtUp(performance.now())
        }
      }
      return { rounds }
    }),
}
