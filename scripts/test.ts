// `pnpm test`: everything. Installs the services that the tests start themselves where it may, and else says what is missing.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromiumPath, headlessShell } from '../e2e/chromium.ts'
import { run } from './run.ts'

/** `hasSubstitute`: the tests run without it as well, but take longer. */
type Need = { name: string; package: string; isThere(): boolean; hasSubstitute?(): boolean }

const needs: Need[] = [
  {
    name: 'Chromium',
    package: 'chromium-headless-shell',
    isThere: () => Boolean(process.env['E2E_CHROMIUM']) || headlessShell() !== undefined,
    hasSubstitute: () => chromiumPath() !== undefined,
  },
  {
    name: 'PostgreSQL',
    package: 'postgresql',
    isThere: () => globSync('/usr/lib/postgresql/*/bin/initdb').length > 0 || hasCommand('initdb'),
  },
  { name: 'Python', package: 'python3', isThere: () => hasCommand('python3') },
  { name: 'curl', package: 'curl', isThere: () => hasCommand('curl') },
  { name: 'Redis', package: 'redis-server', isThere: () => hasCommand('redis-server') && hasCommand('redis-cli') },
  { name: 'NATS', package: 'nats-server', isThere: () => hasCommand('nats-server') },
]

const QUIET = { DEBIAN_FRONTEND: 'noninteractive' }
const UPDATE = ['update', '-qq', '-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=20']
const INSTALL = ['install', '-y', '-qq', '--no-install-recommends']

// Each server that a test starts is ready sooner with it.
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/compiled')

const results = 'node_modules/.cache/test-results'
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

await install(needs.filter((need) => !need.isThere()))
await step('build', 'pnpm', ['build'])
// Processes of a server start sooner with it than from the sources.
process.env['TEST_SERVER'] = resolve('apps/server/dist/start.js')
// The faults wait most of the time, so they need no time of their own. Their table is printed after the tests beside them.
const playing = run('node', ['apps/faults/src/main.ts', '--short'])
const unit = await run(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}/vitest.json`],
  { echo: true },
)
const faults = await playing
process.stdout.write(`\n${faults.output}\n`)
const browser = await run('playwright', ['test'], {
  echo: true,
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${results}/playwright.json` },
})

const vitest = readJson<{
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}>('vitest.json')
const playwright = readJson<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(
  'playwright.json',
)
const passed = (vitest?.numPassedTests ?? 0) + (playwright?.stats.expected ?? 0)
const failed = (vitest?.numFailedTests ?? 0) + (playwright?.stats.unexpected ?? 0) + (playwright?.stats.flaky ?? 0)
const skipped = (vitest?.numPendingTests ?? 0) + (vitest?.numTodoTests ?? 0) + (playwright?.stats.skipped ?? 0)
const isGreen =
  unit.code === 0 &&
  browser.code === 0 &&
  faults.code === 0 &&
  failed === 0 &&
  skipped === 0 &&
  Boolean(vitest?.numPassedTests) &&
  Boolean(playwright?.stats.expected)
const faultSummary = /^\d+ faults passed.*$/m.exec(faults.output)?.[0] ?? 'the faults were not played to their end'
process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n${faultSummary}\n`)
process.exitCode = isGreen ? 0 : 1

async function install(missing: Need[]): Promise<void> {
  const needed = missing.filter((need) => need.hasSubstitute?.() !== true)
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!canInstall) {
    if (needed.length === 0) return
    process.stderr.write(
      `The tests need ${needed.map(({ name }) => name).join(' and ')}. Install with: sudo apt-get install -y ${packagesOf(needed)}\n`,
    )
    process.exit(1)
  }
  if (needed.length > 0) {
    process.stdout.write(`Installing ${packagesOf(needed)} …\n`)
    await step('apt-get update', 'apt-get', UPDATE)
    await step('apt-get install', 'apt-get', [...INSTALL, ...needed.map((need) => need.package)])
  }
  for (const need of missing.filter((one) => !needed.includes(one))) await tryToInstall(need)
}

/** For what only saves time: a machine without a network goes on with what it has. */
async function tryToInstall(need: Need): Promise<void> {
  process.stdout.write(`Installing ${need.package}, which saves time …\n`)
  for (const args of [UPDATE, [...INSTALL, '--no-remove', need.package]]) {
    const { code } = await run('apt-get', args, { env: QUIET })
    if (code !== 0) return void process.stdout.write('That did not work; the tests run without it.\n')
  }
}

const packagesOf = (of: readonly Need[]): string => of.map((need) => need.package).join(' ')

async function step(name: string, command: string, args: string[]): Promise<void> {
  const { code, output } = await run(command, args, { env: QUIET })
  if (code === 0) return
  process.stderr.write(`${name} failed\n${output}\n`)
  process.exit(1)
}

function readJson<T>(name: string): T | null {
  try {
    return JSON.parse(readFileSync(`${results}/${name}`, 'utf8')) as T
  } catch {
    return null
  }
}

function hasCommand(name: string): boolean {
  return [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(`${folder}/${name}`))
}
