// `pnpm test:faults`: plays every fault against real servers under load, asks the oracle, prints a table and writes the report.
//
//   --short            the form for every build: fewer rounds, shorter outages, no report; fails where a scenario can't be played
//   --only <scenario>  this one; may be given several times; no report
//   --setup <setup>    on these servers, also where the short form leaves them out; may be given several times; no report
//   --crowd <number>   this many more players in each room; no report
//   --seed <number>    the same chances again
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Chance } from '@tablecast/market-sim'
import { argumentsOf } from '@tablecast/testing'
import { type Setup, setupNames, setups } from './cluster.ts'
import { report, type Result, tableOf } from './report.ts'
import { isGood, type Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import { Services } from './services.ts'

/** The number of scenarios at a time: mostly they wait for a service to return. With a crowd they wait for the machine. */
const LANES = { full: 2, short: 3, crowd: 1 }

/** Half a minute and more, most of it the waits of clients and servers that notice a fault. */
const LONGEST = [
  'frozen-connection',
  'database-file-gone',
  'node-without-redis',
  'removed-while-writing',
  'rolling-restart',
  'television',
]

const { values } = argumentsOf({
  options: {
    help: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    setup: { type: 'string', multiple: true },
    crowd: { type: 'string', default: '0' },
    seed: { type: 'string' },
  },
})
const { short: isShort, only, setup: setupsOnly } = values
if (values.help) {
  process.stdout.write(
    [
      'pnpm test:faults [--short] [--only <scenario> …] [--setup <setup> …] [--crowd <number>] [--seed <number>]',
      '',
      'Plays every fault against real servers under load, prints a table and writes docs/faults.md.',
      '',
      '  --short            The form for every build: fewer rounds, shorter outages, no report',
      '  --only <scenario>  This one; may be given several times; no report',
      '  --setup <setup>    On these servers, also where the short form leaves them out; may be given several times; no report',
      '  --crowd <number>   This many more players in each room; no report',
      '  --seed <number>    The same chances again',
      '',
      `Scenarios: ${scenarios.map(({ name }) => name).join(', ')}`,
      `Setups: ${setups.map((setup) => `${setup} (${setupNames[setup]})`).join('; ')}`,
      '',
    ].join('\n'),
  )
  process.exit()
}
const isUnknown =
  only?.some((name) => !scenarios.some((scenario) => scenario.name === name)) === true ||
  setupsOnly?.some((name) => !setups.some((setup) => setup === name)) === true
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
const crowd = Number(values.crowd)
if (isUnknown || !Number.isSafeInteger(seed) || !Number.isSafeInteger(crowd) || crowd < 0) {
  process.stderr.write(
    `The scenarios are ${scenarios.map(({ name }) => name).join(', ')}; the setups are ${setups.join(', ')}; a seed and a crowd are whole numbers\n`,
  )
  process.exit(1)
}

// Each server that runs is ended with this process, also when somebody loses patience.
process.setMaxListeners(100)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const begun = performance.now()
const parts = scenarios
  .filter(({ name }) => !only || only.includes(name))
  .flatMap((scenario) =>
    (isShort && !setupsOnly ? scenario.short : scenario.setups).map((setup) => ({ scenario, setup })),
  )
  .filter(({ setup }) => !setupsOnly || setupsOnly.includes(setup))
process.stdout.write(`${parts.length} parts, seed ${seed}\n`)
const results = await playAll(parts)
const run = { results, seed, isShort, seconds: (performance.now() - begun) / 1_000 }
process.stdout.write(`\n${tableOf(results)}\n\n${summary()}\n`)
if (!isShort && !only && !setupsOnly && crowd === 0)
  writeFileSync(fileURLToPath(new URL('../../../docs/faults.md', import.meta.url)), report(run))
process.exit(results.every(isFine) ? 0 : 1)

async function playAll(all: readonly { scenario: Scenario; setup: Setup }[]): Promise<Result[]> {
  await using services = new Services()
  const results: Result[] = []
  // Scenarios that take long on any machine begin first, so that none of them is left over for the end.
  const waiting = [...all.entries()].toSorted(([, a], [, b]) => place(a.scenario) - place(b.scenario))
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, { scenario, setup }] = next
      results[index] = await playOne(services, scenario, setup)
    }
  }
  const lanes = crowd > 0 ? LANES.crowd : isShort ? LANES.short : LANES.full
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

function place({ name }: Scenario): number {
  const place = LONGEST.indexOf(name)
  return place === -1 ? LONGEST.length : place
}

async function playOne(services: Services, scenario: Scenario, setup: Setup): Promise<Result> {
  const from = performance.now()
  // The chances of a part do not depend on which others are played.
  const chance = new Chance(seed)
  const outcome = await scenario.run({ setup, services, chance, isShort, crowd }).catch((error: unknown) => ({
    broken: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }))
  const result: Result = { scenario, setup, outcome, seconds: (performance.now() - from) / 1_000 }
  process.stdout.write(
    `${isFine(result) ? 'ok  ' : 'FAIL'} ${scenario.name}, ${setupNames[setup]}: ${Math.round(result.seconds)} s\n`,
  )
  const { problems = [] } = 'problems' in outcome ? outcome : {}
  for (const problem of 'broken' in outcome ? [outcome.broken] : problems) process.stdout.write(`     ${problem}\n`)
  if ('skipped' in outcome) process.stdout.write(`     not played: ${outcome.skipped}\n`)
  return result
}

/** Root can mount a disk, so root must play every scenario. */
function isFine({ outcome }: Result): boolean {
  if ('broken' in outcome) return false
  if ('skipped' in outcome) return !(isShort && process.getuid?.() === 0)
  return isGood(outcome)
}

function summary(): string {
  const sum = (field: 'acknowledged' | 'lost' | 'repeated' | 'outOfOrder') =>
    results.reduce(
      (total, { outcome }) => total + (field in outcome ? (outcome as Record<typeof field, number>)[field] : 0),
      0,
    )
  const failed = results.filter((result) => !isFine(result)).length
  const skipped = results.filter(({ outcome }) => 'skipped' in outcome).length
  return [
    `${results.length - failed - skipped} faults passed, ${failed} failed, ${skipped} skipped`,
    `${sum('acknowledged')} updates acknowledged, ${sum('lost')} lost, ${sum('repeated')} repeated, ${sum('outOfOrder')} out of order`,
    `${Math.round((performance.now() - begun) / 1_000)} s, seed ${seed}`,
  ].join('; ')
}
