// `pnpm bench`: measures the product and its peers in one run, and writes docs/performance.md. With the names of parts it prints their
// results only. CI runs it with `--short`. All connections stay on loopback.
import { argumentsOf } from '@tablecast/testing'
import { abuse } from './abuse.ts'
import { backup } from './backup.ts'
import { campaignLength } from './campaign-length.ts'
import { crowd } from './crowd.ts'
import { endToEnd } from './end-to-end.ts'
import { fightsCpu } from './fights-cpu.ts'
import { allFanOuts, fanOut, type FanOutResult } from './fan-out/fan-out.ts'
import { peers, stages } from './fan-out/peers.ts'
import { fights } from './fights.ts'
import { maps } from './maps/maps.ts'
import { market } from './market.ts'
import { memory } from './memory.ts'
import { pageLoad } from './page-load.ts'
import { pictures } from './pictures/pictures.ts'
import { rolls } from './rolls.ts'
import { tableOfTargets, type TimedSection, writeParts, writeReport } from './report.ts'
import type { Section } from './section.ts'
import { show } from './show/show.ts'
import { short } from './short.ts'
import { stalledSubscriber } from './stalled.ts'
import { start } from './start.ts'
import { storm } from './storm.ts'
import { television } from './television.ts'

const { positionals: wanted, values } = argumentsOf({
  allowPositionals: true,
  options: {
    help: { type: 'boolean' },
    short: { type: 'boolean' },
    write: { type: 'boolean' },
    /** For the fan-out: one stage, and one shape (1 is the first). */
    stage: { type: 'string' },
    shape: { type: 'string' },
    /** For the show. */
    watchers: { type: 'string' },
    /** For the rolls and the television. */
    times: { type: 'string' },
    /** For the market. */
    seconds: { type: 'string' },
  },
})

const fanOuts: FanOutResult[] = []
const benchmarks: Record<string, () => Promise<Section>> = {
  async fanout() {
    const stage = stages.find((name) => name === values.stage)
    const shape = Number(values.shape ?? 0)
    const section = await fanOut({
      ...allFanOuts,
      ...(stage ? { servers: [stage, ...peers] } : {}),
      ...(shape > 0 ? { shapes: allFanOuts.shapes.slice(shape - 1, shape) } : {}),
    })
    fanOuts.push(...section.results)
    return section
  },
  memory,
  start,
  storm,
  crowd,
  show: () => show(values.watchers === undefined ? undefined : Number(values.watchers)),
  'end-to-end': endToEnd,
  'campaign-length': campaignLength,
  'fights-cpu': fightsCpu,
  fights,
  rolls: () => rolls(values.times === undefined ? undefined : Number(values.times)),
  pictures,
  maps,
  page: () => pageLoad(),
  television: () => television(values.times === undefined ? undefined : Number(values.times)),
  stalled: stalledSubscriber,
  abuse,
  backup,
  market: () => market(values.seconds === undefined ? undefined : Number(values.seconds)),
}

const unknown =
  wanted.find((name) => !(name in benchmarks)) ??
  (values.stage !== undefined && !stages.some((name) => name === values.stage) ? values.stage : undefined)
if (values.help)
  process.stdout.write(
    [
      'pnpm bench [--short] [--write] [part …]',
      '',
      'Measures, compares with the peers in one run, and writes docs/performance.md; parts that are named are only printed.',
      `Parts: ${Object.keys(benchmarks).join(', ')}`,
      '',
      '  --short              What is asked of every build',
      '  --write              Also replaces the named parts in docs/performance.md',
      `  --stage <name>       fanout: of ${stages.join(', ')} this one, beside the peers`,
      '  --shape <number>     fanout: one shape, 1 is the first',
      '  --watchers <number>  show: 10,000 by default',
      '  --times <number>     rolls, television: how many, 100 by default',
      '  --seconds <number>   market: the duration',
      '',
    ].join('\n'),
  )
else if (unknown !== undefined) {
  process.stderr.write(
    `There is no ${unknown}: choose from ${Object.keys(benchmarks).join(', ')}; stages are ${stages.join(', ')}\n`,
  )
  process.exitCode = 1
} else if (values.short) process.exitCode = (await short()) ? 0 : 1
else await run(wanted.length > 0 ? wanted : Object.keys(benchmarks))

async function run(names: readonly string[]): Promise<void> {
  const timed: TimedSection[] = []
  for (const name of names) {
    const began = performance.now()
    const section = await benchmarks[name]?.()
    if (!section) continue
    timed.push({ section, seconds: (performance.now() - began) / 1_000 })
    process.stdout.write(`\n## ${section.title}\n\n${section.text}\n`)
    if (section.targets.length > 0) process.stdout.write(`\n${tableOfTargets(section.targets)}\n`)
  }
  if (wanted.length > 0 && values.write) await writeParts(timed)
  if (wanted.length > 0) return
  await writeReport(timed, fanOuts)
  process.stdout.write('\nWritten to docs/performance.md\n')
}
