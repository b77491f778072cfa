import { serverWatch, watchOf } from '@tablecast/server/testing/watched'
import { play, type Scenario, type ScenarioDeps, type ScenarioResult } from '../scenario.ts'

type Watch = ReturnType<typeof watchOf>

type AttackOptions = Pick<Scenario, 'name' | 'title'> & {
  /** Variables of the servers. */
  environment?: Record<string, string>
  /** `watches`: of the servers, in the order of the nodes. */
  attack(deps: ScenarioDeps & { watches: Watch[] }): Promise<ScenarioResult>
}

/** Hostile input from outside, while the table goes on. At the end the table must still get all that it asked for. */
export const attackScenario = ({ name, title, environment = {}, attack }: AttackOptions): Scenario => ({
  name,
  title,
  setups: ['sqlite', 'postgres'],
  // The short form is a test of the server's own.
  short: [],
  run: (context) =>
    play(
      context,
      async (deps) => {
        const watches = deps.cluster.nodes.map(({ output }) => watchOf(output))
        const result = await attack({ ...deps, watches })
        await deps.table.acknowledged()
        return result
      },
      { preload: serverWatch, environment },
    ),
})
