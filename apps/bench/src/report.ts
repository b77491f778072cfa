// Writes the report of a full run: `docs/performance.md` and its chart. All of their text comes from here.
import { readFile, writeFile } from 'node:fs/promises'
import { barChart } from './chart.ts'
import { type FanOutResult, titleOf } from './fan-out/fan-out.ts'
import { isStage, serverNames } from './fan-out/peers.ts'
import { commit, machine } from './machine.ts'
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
    `Written by \`npx -y pnpm bench\` on ${today()}; nothing here is edited by hand. Everything ran on one machine, over loopback, in one run.`,
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

/** Replaces these parts in the report of an earlier full run, or adds them. Each says when it was measured, and has its own targets. */
export async function writeParts(timed: readonly TimedSection[]): Promise<void> {
  const file = new URL('performance.md', DOCS)
  let report = await readFile(file, 'utf8')
  for (const { section } of timed) report = withPart(report, section, `${today()} at commit ${commit()}`)
  await writeFile(file, report)
}

const LAST_PART = '## How long it took'

export function withPart(report: string, { title, text, targets }: Section, measured: string): string {
  const head = `## ${title}`
  const tables = targets.length > 0 ? [tableOfTargets(targets)] : []
  const part = wrapped(`${[head, `Measured on its own, on ${measured}.`, text, ...tables].join('\n\n')}\n\n`)
  const known = report.indexOf(`${head}\n`)
  const from = known >= 0 ? known : report.indexOf(LAST_PART)
  const next = known >= 0 ? report.indexOf('\n## ', known) + 1 : from
  return report.slice(0, from) + part + report.slice(next)
}

const today = (): string => new Date().toISOString().slice(0, 10)

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
