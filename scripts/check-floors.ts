// Part of `pnpm check`: no files of the workspace import each other in a circle, and no folders of the server import each other.
// Types count, and so do imports at run time: a reader follows them too.
import { relative } from 'node:path'
import { cyclesIn } from './floors/cycles.ts'
import { importsOf } from './floors/imports.ts'

const SERVER = 'apps/server/src'

const imports = importsOf(process.cwd())
const problems = [
  ...cyclesIn(imports).map((files) => `${files.join(', ')} import each other in a circle`),
  ...foldersThatImportEachOther(imports).map((pair) => `${pair} import each other`),
]
for (const problem of problems) process.stdout.write(`${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0

function foldersThatImportEachOther(all: ReadonlyMap<string, readonly string[]>): string[] {
  const isServer = (path: string) => path.startsWith(`${SERVER}/`)
  const between = new Set<string>()
  for (const [file, targets] of all)
    if (isServer(file) && !isTest(file))
      for (const target of targets.filter(isServer))
        if (partOf(file) !== partOf(target)) between.add(`${partOf(file)} ${partOf(target)}`)
  return [...between]
    .map((one) => one.split(' '))
    .filter(([from = '', to = '']) => from < to && between.has(`${to} ${from}`))
    .map((pair) => pair.join(' and '))
    .toSorted()
}

/** A folder, a stage's folder, or a file that stands beside them. */
function partOf(path: string): string {
  const [first = '', second = ''] = relative(SERVER, path).split('/')
  return first === 'stages' && second !== '' && !second.endsWith('.ts') ? `stages/${second}` : first
}

function isTest(path: string): boolean {
  return /(^|\/)(acceptance|testing)\/|\.test\.ts$|testing\.ts$/.test(path)
}
