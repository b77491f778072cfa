import type { Chance } from '@tablecast/market-sim'
import { Cluster, type ClusterOptions, type Setup } from './cluster.ts'
import { isClean, type Verdict } from './oracle.ts'
import type { Services } from './services.ts'
import { Table, type TableOptions } from './table.ts'

export type Context = {
  setup: Setup
  services: Services
  chance: Chance
  /** The form for every build: fewer rounds, shorter outages. */
  isShort: boolean
  /** Players of the room beside the usual ones. */
  crowd: number
}

export type Outcome = Verdict & {
  rounds: number
  longestCatchUpMs: number
  /** Facts for the report beside the numbers. */
  notes: string[]
}

export type Scenario = {
  name: string
  /** The fault, in one line. */
  title: string
  setups: readonly Setup[]
  /** Of these, the ones in the short form. */
  short: readonly Setup[]
  /** Null where it can not be played on this machine, with the reason. */
  run(context: Context): Promise<Outcome | { skipped: string }>
}

export type ScenarioDeps = { cluster: Cluster; table: Table; context: Context }
/** `verdict`: on what the scenario looked after by itself, beside the table. */
export type ScenarioResult = { rounds: number; notes?: string[]; verdict?: Partial<Verdict> }

/** Opens servers and table, lets `work` do its worst, and judges. */
export async function play(
  context: Context,
  work: (play: ScenarioDeps) => Promise<ScenarioResult>,
  options: Omit<ClusterOptions, 'setup' | 'services'> & Partial<Pick<TableOptions, 'players' | 'crowdRole'>> = {},
): Promise<Outcome> {
  const { setup, services, chance, isShort, crowd } = context
  const { players = isShort ? 1 : 2, crowdRole = 'player', ...given } = options
  await using cluster = await Cluster.open({ setup, services, crowd, ...given })
  await using table = await Table.open(cluster, { players, crowd, crowdRole, random: () => chance.next() })
  await table.acknowledged()
  const { rounds, notes = [], verdict = {} } = await work({ cluster, table, context })
  return { ...together(await table.end(), verdict), rounds, notes, longestCatchUpMs: table.longestCatchUpMs }
}

function together(one: Verdict, { problems = [], ...counts }: Partial<Verdict>): Verdict {
  const sum = { ...one, problems: [...one.problems, ...problems] }
  for (const [name, count] of Object.entries(counts)) sum[name as keyof typeof counts] += count
  return sum
}

export const isGood = (outcome: Outcome | { skipped: string }): boolean => 'skipped' in outcome || isClean(outcome)
