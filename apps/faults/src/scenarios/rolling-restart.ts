import { play, type Scenario } from '../scenario.ts'

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  title: 'one node after the other stops after SIGTERM and starts again, behind a balancer',
  setups: ['cluster'],
  short: ['cluster'],
  run: (context) =>
    play(context, async ({ cluster, table }) => {
      const passes = context.isShort ? 1 : 5
      const spreads: number[] = []
      const refused = () => table.writers.reduce((sum, { refusals }) => sum + refusals.length, 0)
      const before = refused()
      for (let pass = 0; pass < passes; pass++)
        for (const node of cluster.nodes) {
          const restartedAt = performance.now()
          const code = await node.end('SIGTERM')
          if (code !== 0) table.complain(`a node that got SIGTERM ended with ${code}`)
          await table.caughtUp(performance.now())
          const back = table.followers.flatMap(({ connectedAt }) => connectedAt.filter((at) => at > restartedAt))
          if (back.length > 1) spreads.push(Math.max(...back) - Math.min(...back))
          await node.start()
          await node.look()
        }
      const calls = refused() - before
      return {
        rounds: passes * cluster.nodes.length,
        notes: [
          `${calls} calls had to be sent again, none failed in the end`,
          `clients came back over ${Math.round(Math.max(...spreads))} ms at most, ${Math.round(Math.min(...spreads))} ms at least`,
        ],
      }
    }),
}
