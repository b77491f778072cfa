// Three projects, told apart by the names of their files: `unit` is neither of the others and is checked to open no server and
// start no process, `integration` does so with nothing but Node, `service` needs a database or bus of its own (PostgreSQL, NATS, Redis).
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { memoryFolder } from './scripts/memory-folder.ts'

// Processes that the tests start are ready sooner with it.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

const folder = memoryFolder()
if (folder) process.env['TMPDIR'] = folder

const ignored = ['**/node_modules/**', '**/dist/**']

const testsWith = (ending: string) => [`{apps,packages}/*/src/**/*${ending}`, `scripts/**/*${ending}`]

/** A machine that is loaded eight times over takes its time. */
const TEST_TIMEOUT_MS = 240_000

const everyProject = {
  // No module keeps a state of its own, so the files of a worker share them: loading them takes longer than most tests.
  isolate: false,
  // Node runs TypeScript itself. That loads a worker's modules sooner than Vite does, and calls between them are faster.
  experimental: { viteModuleRunner: false, nodeLoader: false },
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
          include: testsWith('.test.ts'),
          exclude: [...ignored, ...testsWith('.{integration,service}.test.ts')],
          setupFiles: ['scripts/refuse-servers.ts'],
          ...everyProject,
        },
      },
      {
        test: { name: 'integration', include: testsWith('.integration.test.ts'), exclude: ignored, ...everyProject },
      },
      {
        test: { name: 'service', include: testsWith('.service.test.ts'), exclude: ignored, ...everyProject },
      },
    ],
  },
})
