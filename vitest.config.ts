// Two projects: `unit` needs only Node, `service` starts real servers (PostgreSQL …) of its own on free ports.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { memoryFolder } from './scripts/memory-folder.ts'

// Processes that the tests start are ready sooner with it.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

const folder = memoryFolder()
if (folder) process.env['TMPDIR'] = folder

const ignored = ['**/node_modules/**', '**/dist/**']

/** A machine that is loaded eight times over takes its time. */
const TEST_TIMEOUT_MS = 240_000

const everyProject = {
  // No module keeps a state of its own, so the files of a worker share them: loading them takes longer than most tests.
  isolate: false,
  testTimeout: TEST_TIMEOUT_MS,
  hookTimeout: TEST_TIMEOUT_MS,
}

export default defineConfig({
  test: {
    // Most of the time they wait for servers and for time to pass, so there are more of them than cores.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...ignored, '**/*.service.test.ts'],
          ...everyProject,
        },
      },
      {
        test: {
          name: 'service',
          include: ['{apps,packages}/*/src/**/*.service.test.ts', 'scripts/**/*.service.test.ts'],
          exclude: ignored,
          ...everyProject,
        },
      },
    ],
  },
})
