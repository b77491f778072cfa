// `pnpm bench`: measures, compares with the peers in one run, prints Markdown tables. Everything stays on loopback.
import { parseArgs } from 'node:util'
import { abuse } from './abuse.ts'
import { backup } from './backup.ts'
import { fanOut, stages } from './fan-out.ts'
import { campaignLength } from './campaign-length.ts'
import { market } from './market.ts'
import { stalledSubscriber } from './stalled.ts'

const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { stage: { type: 'string' }, seconds: { type: 'string' } },
})
const seconds = values.seconds === undefined ? undefined : Number(values.seconds)
const stage = stages.find((name) => name === values.stage)
if (values.stage !== undefined && !stage) {
  process.stderr.write(`There is no stage ${values.stage}: choose from ${stages.join(', ')}\n`)
  process.exit(1)
}
const fanOuts = stage ? [stage] : stages

const benchmarks: Record<string, () => Promise<void>> = {
  async fanout() {
    for (const name of fanOuts) await fanOut(name)
  },
  'campaign-length': campaignLength,
  stalled: stalledSubscriber,
  abuse,
  backup,
  market: () => market(seconds),
}

const names = wanted.length > 0 ? wanted : Object.keys(benchmarks)
for (const name of names) {
  const benchmark = benchmarks[name]
  if (benchmark) await benchmark()
  else {
    process.stderr.write(`There is no benchmark ${name}: choose from ${Object.keys(benchmarks).join(', ')}\n`)
    process.exitCode = 1
  }
}
