// Two projects: `unit` needs only Node, `service` starts real servers (PostgreSQL …) of its own on free ports.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const ignored = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    // Most of the time they wait for servers: on two cores vitest would run one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...ignored, '**/*.service.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'service',
          include: ['{apps,packages}/*/src/**/*.service.test.ts', 'scripts/**/*.service.test.ts'],
          exclude: ignored,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
