// `pnpm bench`: measures, compares with the peers in one run, prints Markdown tables. Everything stays on loopback.
import { fanOut } from './fan-out.ts'
import { campaignLength } from './campaign-length.ts'

const benchmarks: Record<string, () => Promise<void>> = { fanout: fanOut, 'campaign-length': campaignLength }

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const names = wanted.length > 0 ? wanted : Object.keys(benchmarks)
for (const name of names) {
  const benchmark = benchmarks[name]
  if (benchmark) await benchmark()
  else {
    process.stderr.write(`There is no benchmark ${name}: choose from ${Object.keys(benchmarks).join(', ')}\n`)
    process.exitCode = 1
  }
}
