// Writes the report of a full run: `docs/performance.md` and its chart. All of their text comes from here.
import { writeFile } from 'node:fs/promises'
import { barChart } from './chart.ts'
import { type FanOutResult, titleOf } from './fan-out/fan-out.ts'
import { isStage, serverNames } from './fan-out/peers.ts'
import { machine } from './machine.ts'
import { isMet, type Section, type Target } from './section.ts'
import { median, table } from './statistics.ts'
import { wrapped } from './wrapped.ts'

const DOCS = new URL('../../../docs/', import.meta.url)
const CHART = 'images/performance.svg'

export type TimedSection = { section: Section; seconds: number }

export async function writeReport(timed: readonly TimedSection[], fanOuts: readonly FanOutResult[]): Promise<void> {
  const targets = timed.flatMap(({ section }) => section.targets)
  const parts = [
    '# Performance',
    `Written by \`npx -y pnpm bench\` on ${new Date().toISOString().slice(0, 10)}; nothing here is edited by hand. Everything ran on one machine, over loopback, in one run.`,
    table([['', ''], ...machine()]),
    `![Deliveries per second of CPU time, by server](${CHART})`,
    '## Targets',
    `${targets.filter((target) => isMeasured(target) && isMet(target)).length} of ${targets.length} are met.`,
    tableOfTargets(targets),
    ...timed.flatMap(({ section }) => [`## ${section.title}`, section.text]),
    '## How long it took',
    table([['part', 'seconds'], ...timed.map(({ section, seconds }) => [section.title, seconds.toFixed(0)])]),
  ]
  await writeFile(new URL('performance.md', DOCS), wrapped(`${parts.join('\n\n')}\n`))
  await writeFile(new URL(CHART, DOCS), chart(fanOuts))
}

const isMeasured = ({ measured }: Target): boolean => measured !== null

export const tableOfTargets = (targets: readonly Target[]): string =>
  table([
    ['what', 'target', 'measured', 'met'],
    ...targets.map((target) => {
      const { what, bound, limit, measured, unit } = target
      const met = isMet(target) ? 'yes' : '**no**'
      return [
        what,
        `${bound} ${limit} ${unit}`,
        measured === null ? '**not installed here**' : `${measured.toFixed(2)} ${unit}`,
        measured === null ? '' : met,
      ]
    }),
  ])

function chart(fanOuts: readonly FanOutResult[]): string {
  const panels = fanOuts.map(({ shape, rates }) => ({
    title: titleOf(shape),
    bars: [...rates]
      .map(([server, { perCpuSecond }]) => ({
        name: serverNames[server],
        value: median(perCpuSecond),
        isOurs: isStage(server),
      }))
      .toSorted((a, b) => b.value - a.value),
  }))
  return barChart(
    'Deliveries per second of CPU time',
    'Bars by server for each number of subscribers and size of event; the same numbers stand in the tables of performance.md.',
    panels,
  )
}
