// Part of `pnpm check`: which folders of the server import each other. Types count: a reader follows them too.
import { readFileSync, globSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const SOURCE = 'apps/server/src'
/** Pairs that are left, each with its reason. */
const allowed: ReadonlyMap<string, string> = new Map()

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g

/** A folder, a stage's folder, or a file that stands beside them. */
function partOf(path: string): string {
  const [first = '', second = ''] = relative(SOURCE, path).split('/')
  return first === 'stages' && second !== '' && !second.endsWith('.ts') ? `stages/${second}` : first
}

const isTest = (path: string): boolean => /(^|\/)(acceptance|testing)\/|\.test\.ts$|testing\.ts$/.test(path)

const imports = new Set<string>()
for (const file of globSync(`${SOURCE}/**/*.ts`).filter((path) => !isTest(path)))
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const [from, to] = [partOf(file), partOf(join(dirname(file), target))]
    if (from !== to && to !== '..') imports.add(`${from} ${to}`)
  }

const pairs = [...imports]
  .map((one) => one.split(' '))
  .filter(([from = '', to = '']) => from < to && imports.has(`${to} ${from}`))
  .map((pair) => pair.join(' and '))
  .toSorted()
const found = pairs.filter((pair) => !allowed.has(pair))
for (const pair of found) process.stdout.write(`${pair} import each other\n`)
process.exitCode = found.length > 0 ? 1 : 0
