// A new stage touches three files beside its folder: the example of docs/adding-a-stage.md is added to a copy of the checkout, as that page says.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { expect, test } from 'vitest'
import { run } from './run.ts'

const EXAMPLE = 'docs/examples/counter-stage'
const STAGE = 'apps/server/src/stages/counter'
/** Several checkers of one project each check its imports again, and use two thirds more processor time. */
const ONE_AT_A_TIME = ['--checkers', '1', '--builders', '1']
/** Types of the whole repository, on a machine that may have other things to do. */
const TEST_TIMEOUT_MS = 900_000

/** The lines that the page names, each with the one that it comes before. */
const additions: Record<string, readonly (readonly [line: string, before: string])[]> = {
  'packages/contracts/src/stages.ts': [["  counter: ['counter'],\n", '} as const']],
  'apps/server/src/stages/index.ts': [
    ["import { openCounter } from './counter/index.ts'\n", "import { openMarket } from './market/index.ts'"],
    ['    counter: opened.use(openCounter(host)),\n', '  }\n  const owned'],
  ],
  'apps/server/src/router.ts': [
    ["import { counterRouter } from './stages/counter/router.ts'\n", "import type { Stages } from './stages/index.ts'"],
    ['    counter: counterRouter(procedures, stages.counter),\n', '    ops: opsRouter('],
  ],
}

test(
  'a new stage changes at most three files outside its folder',
  async () => {
    await using folder = await temporaryFolder()
    const copy = join(folder.path, 'checkout')
    const tracked = trackedFiles()
    for (const file of tracked) put(copy, file, readFileSync(file))
    linkPackages('node_modules', join(copy, 'node_modules'))
    for (const group of ['apps', 'packages'])
      for (const name of readdirSync(group))
        linkPackages(join(group, name, 'node_modules'), join(copy, group, name, 'node_modules'))

    for (const file of tracked.filter((one) => one.startsWith(`${EXAMPLE}/`)))
      put(copy, file.replace(EXAMPLE, STAGE), readFileSync(file))
    for (const [file, lines] of Object.entries(additions)) put(copy, file, withLines(readFileSync(file, 'utf8'), lines))

    const changed = tracked.filter((file) => !readFileSync(file).equals(readFileSync(join(copy, file))))
    expect(changed.length).toBeLessThanOrEqual(3)

    const bin = join(process.cwd(), 'node_modules/.bin')
    expect(await run(join(bin, 'tsc'), ['-b', ...ONE_AT_A_TIME], { cwd: copy })).toEqual({ code: 0, output: '' })
    const floors = await run(process.execPath, ['scripts/check-floors.ts'], { cwd: copy })
    expect(floors).toEqual({ code: 0, output: '' })
    const tests = await run(join(bin, 'vitest'), ['run', '--project', 'integration', STAGE], { cwd: copy })
    expect(tests, tests.output).toMatchObject({ code: 0 })
  },
  TEST_TIMEOUT_MS,
)

/** Those of the commit, as they stand here now, and new ones that are not ignored. */
const trackedFiles = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && lstatSync(file, { throwIfNoEntry: false })?.isFile())

function put(root: string, file: string, content: string | Buffer): void {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/** Packages of the workspace are those of the copy; all others are shared. */
function linkPackages(from: string, to: string): void {
  if (!lstatSync(from, { throwIfNoEntry: false })?.isDirectory()) return
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (name.startsWith('@')) linkPackages(source, target)
    else if (name === '.pnpm') symlinkSync(join(process.cwd(), source), target)
  }
  // Only what the example changes is compiled again.
  const cache = join(from, '.cache/tsc')
  if (lstatSync(cache, { throwIfNoEntry: false })) cpSync(cache, join(to, '.cache/tsc'), { recursive: true })
}

function withLines(text: string, lines: readonly (readonly [line: string, before: string])[]): string {
  return lines.reduce((all, [line, before]) => {
    expect(all.split(before), `where "${before}" stands`).toHaveLength(2)
    return all.replace(before, () => line + before)
  }, text)
}
