// `pnpm test`: everything. Installs the services that the tests start themselves where it may, and else says what is missing.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { run } from './run.ts'

type Need = { name: string; package: string; isThere(): boolean }

const needs: Need[] = [
  {
    name: 'Chromium',
    package: 'chromium',
    isThere: () =>
      Boolean(process.env['E2E_CHROMIUM']) ||
      existsSync('/usr/bin/chromium') ||
      globSync(`${process.env['HOME']}/.cache/ms-playwright/chromium-*`).length > 0,
  },
  {
    name: 'PostgreSQL',
    package: 'postgresql',
    isThere: () => globSync('/usr/lib/postgresql/*/bin/initdb').length > 0 || hasCommand('initdb'),
  },
  { name: 'curl', package: 'curl', isThere: () => hasCommand('curl') },
  { name: 'Redis', package: 'redis-server', isThere: () => hasCommand('redis-server') && hasCommand('redis-cli') },
  { name: 'NATS', package: 'nats-server', isThere: () => hasCommand('nats-server') },
]

// Each server that a test starts is ready sooner with it.
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/compiled')

const results = 'node_modules/.cache/test-results'
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

await install(needs.filter((need) => !need.isThere()))
await step('build', 'pnpm', ['build'])
const unit = await run(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}/vitest.json`],
  { echo: true },
)
const browser = await run('playwright', ['test'], {
  echo: true,
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${results}/playwright.json` },
})
const faults = await run('node', ['apps/faults/src/main.ts', '--short'], { echo: true })

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
  if (missing.length === 0) return
  const names = missing.map((need) => need.package)
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!canInstall) {
    process.stderr.write(
      `The tests need ${missing.map(({ name }) => name).join(' and ')}. Install with: sudo apt-get install -y ${names.join(' ')}\n`,
    )
    process.exit(1)
  }
  process.stdout.write(`Installing ${names.join(', ')} …\n`)
  await step('apt-get update', 'apt-get', ['update', '-qq'])
  await step('apt-get install', 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names])
}

async function step(name: string, command: string, args: string[]): Promise<void> {
  const { code, output } = await run(command, args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
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
