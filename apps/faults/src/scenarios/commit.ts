// The moments around a commit.
import { commitTap } from '../commit-tap.ts'
import { play, type ScenarioDeps, type ScenarioResult, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const preload = new URL('../preload/kill-at.ts', import.meta.url)
const CUT_TIMEOUT_MS = 120_000
const MOVE_TIMEOUT_MS = 3_000
const rounds = (isShort: boolean, full: number) => (isShort ? 1 : full)

/** Ends a process at one place in its work, and starts it again. */
async function killAt(
  { cluster, table, context }: ScenarioDeps,
  arm: (place: number) => void,
): Promise<ScenarioResult> {
  const count = rounds(context.isShort, 10)
  for (let round = 0; round < count; round++) {
    const place = Math.floor(context.chance.next() * cluster.nodes.length)
    const node = cluster.nodes[place]
    if (!node) throw new Error('there is no such node')
    arm(place)
    // Both DMs may be at another node: they are sent elsewhere until one comes here.
    const moving = setInterval(() => cluster.nodes.length > 1 && cluster.front.cut(), MOVE_TIMEOUT_MS)
    await within(CUT_TIMEOUT_MS, 'the process ends at that place', () => !node.isRunning).finally(() =>
      clearInterval(moving),
    )
    await node.start()
    await table.acknowledged()
    await table.caughtUp(performance.now())
  }
  return { rounds: count }
}

export const commitThenKill: Scenario = {
  name: 'commit-publish',
  title: 'killed between commit and publish: no client knows of the committed change',
  setups: ['sqlite', 'postgres', 'cluster'],
  short: ['sqlite', 'cluster'],
  run(context) {
    if (context.setup === 'sqlite')
      return play(context, (all) => killAt(all, (place) => all.cluster.nodes[place]?.signal('SIGUSR2')), { preload })
    // The answer to the commit stops in the proxy, and the server's process ends before it could know.
    let armed: number | null = null
    return play(context, (all) => killAt(all, (place) => (armed = place)), {
      tapDatabase: (_connection, place, node) =>
        commitTap({
          asked: () => false,
          answered() {
            if (armed !== place) return false
            armed = null
            node().signal('SIGKILL')
            return true
          },
        }),
    })
  },
}

export const publishThenKill: Scenario = {
  name: 'publish-ack',
  title: 'killed between publish and acknowledgement: players have a change that the DM does not know to be stored',
  setups: ['sqlite', 'postgres', 'cluster'],
  short: ['sqlite'],
  run: (context) =>
    play(context, (all) => killAt(all, (place) => all.cluster.nodes[place]?.signal('SIGHUP')), { preload }),
}

export const ambiguousCommit: Scenario = {
  name: 'ambiguous-commit',
  title: 'the connection to the database breaks after COMMIT was sent and before the answer, carried out or not',
  setups: ['postgres', 'cluster'],
  short: ['postgres'],
  run(context) {
    let armed: 'asked' | 'answered' | null = null
    const cuts = { asked: 0, answered: 0 }
    return play(
      context,
      async ({ table, context: { isShort } }) => {
        const count = rounds(isShort, 10)
        for (let round = 0; round < count; round++)
          for (const place of ['asked', 'answered'] as const) {
            const before = cuts[place]
            armed = place
            await within(CUT_TIMEOUT_MS, 'a commit is cut', () => cuts[place] > before)
            // Nobody says anything more: what was committed unnoticed has to come by itself.
            const cutAt = performance.now()
            for (const writer of table.writers) writer.pause()
            await table.caughtUp(cutAt)
            for (const writer of table.writers) writer.resume()
            await table.acknowledged()
          }
        const without = context.setup === 'postgres' ? ', without NATS' : ''
        return { rounds: count * 2, notes: [`${cuts.asked} commits never arrived, ${cuts.answered} did${without}`] }
      },
      {
        // One node does without a bus here: nothing but the log tells it then.
        hasBus: context.setup === 'cluster',
        tapDatabase: (connection) => {
          const cut = (place: 'asked' | 'answered') => () => {
            if (armed !== place) return false
            armed = null
            cuts[place] += 1
            connection.cut()
            return true
          }
          return commitTap({ asked: cut('asked'), answered: cut('answered') })
        },
      },
    )
  },
}
