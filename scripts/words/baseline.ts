import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Finding } from './findings.ts'

/** How many findings each file had when the check came; a file without an entry may have none. It only shrinks. */
export type Baseline = Record<string, number>

export function readBaseline(file: string): Baseline {
  return z.record(z.string(), z.number().int().positive()).parse(JSON.parse(readFileSync(file, 'utf8')))
}

export function writeBaseline(file: string, baseline: Baseline): void {
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`)
}

export function countsOf(findings: readonly Finding[]): Baseline {
  const counts: Baseline = {}
  for (const { path } of findings) counts[path] = (counts[path] ?? 0) + 1
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Files that have more findings than the baseline lets them have. */
export function filesAbove(counts: Baseline, baseline: Baseline): string[] {
  return Object.keys(counts).filter((path) => (counts[path] ?? 0) > (baseline[path] ?? 0))
}

/** Whether `counts` may replace the baseline: fewer findings in all, or as many, and more of them only in files that are new. */
export function mayReplace(baseline: Baseline, counts: Baseline): boolean {
  const isNew = (path: string) => baseline[path] === undefined
  return total(counts) <= total(baseline) && filesAbove(counts, baseline).every(isNew)
}

function total(counts: Baseline): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
