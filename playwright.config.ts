// End to end: each spec starts the real server on a free port and a folder of its own, and drives real Chromium.
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from '@playwright/test'
import { chromiumArguments, chromiumPath } from './e2e/chromium.ts'
import { memoryFolder } from './scripts/memory-folder.ts'

const executablePath = chromiumPath()
if (!executablePath)
  throw new Error(
    'no Chromium found: set E2E_CHROMIUM, or install it (Debian: apt-get install -y chromium-headless-shell)',
  )

// Without it, each run compiles the tests again, since its workers have a temporary folder of their own.
process.env['PLAYWRIGHT_TRANSFORM_CACHE_DIR'] ??= resolve('node_modules/.cache/e2e-transformed')

// The workers read this file as well; they have the folder of the first process.
if (process.env['TEST_WORKER_INDEX'] === undefined) {
  const folder = memoryFolder()
  if (folder) process.env['TMPDIR'] = folder
}

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/first-start.ts',
  outputDir: 'node_modules/.cache/e2e',
  // A page waits for its server as often as it computes, and some tests wait for time to pass.
  workers: availableParallelism() + 2,
  fullyParallel: true,
  // Bounds for a page that does not answer any more. A machine that is loaded eight times over takes its time.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: {
    // Drawing each frame of each transition takes a tenth of the time. Tests of what moves ask for motion.
    contextOptions: { reducedMotion: 'reduce' },
    // Each context would install its own one, for a network that only `phone.spec.ts` takes away.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath,
      args: chromiumArguments(),
    },
  },
})
