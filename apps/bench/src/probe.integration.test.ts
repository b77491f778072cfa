import { fork } from 'node:child_process'
import { expect, it } from 'vitest'
import { ask, end } from './child.ts'
import type { Memory } from './probe.ts'

const MIB = 2 ** 20
const LARGE = 400 * MIB

it.runIf(process.platform === 'linux')(
  'the peak of a server leaves out the memory of the process that started it',
  async () => {
    const held = Buffer.alloc(LARGE, 1)
    const child = fork(new URL('bare-server.mjs', import.meta.url), [], {
      execArgv: ['--expose-gc', '--import', new URL('probe.ts', import.meta.url).href],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    try {
      const { resident, peak } = await ask<Memory>(child, 'memory?')
      expect(peak).toBeGreaterThanOrEqual(resident)
      expect(peak).toBeLessThan(held.length)
    } finally {
      await end(child)
    }
  },
)
