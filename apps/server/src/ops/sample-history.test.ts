import type { NodeSample } from '@tablecast/contracts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SampleHistory } from './sample-history.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** Samples of this many characters, numbered by `uptimeSeconds`. */
function open(characters = 100, given: Partial<ConstructorParameters<typeof SampleHistory>[0]> = {}) {
  let taken = 0
  const sample = () => Promise.resolve({ uptimeSeconds: ++taken, node: 'x'.repeat(characters) } as NodeSample)
  const history = new SampleHistory({
    sample,
    failed: (error) => {
      throw error
    },
    ...given,
  })
  return { history, numbers: () => history.samples.map(({ uptimeSeconds }) => uptimeSeconds), taken: () => taken }
}

it('a node keeps a sample every ten seconds, those of the last five minutes', async () => {
  const { history, numbers, taken } = open()
  using _ = history
  await pass(0)
  expect(numbers()).toEqual([1])
  await pass(40_000)
  expect(numbers()).toEqual([1, 2, 3, 4, 5])
  await pass(60 * 60_000)
  expect(numbers()).toHaveLength(31)
  expect(numbers().at(-1)).toBe(taken())
})

it('the samples take at most 512 kB, however large each is', async () => {
  const { history, numbers } = open(100_000)
  using _ = history
  await pass(5 * 60_000)
  expect(numbers()).toEqual([27, 28, 29, 30, 31])
  expect(history.bytes).toBeLessThanOrEqual(512 * 1_024)
  expect(history.bytes).toBeGreaterThan(500_000)
})

it('a failed sample is reported and left out, and a slow one holds the next back', async () => {
  const errors: unknown[] = []
  let calls = 0
  let answer = () => {}
  const { history } = open(1, {
    failed: (error) => errors.push(error),
    sample() {
      calls += 1
      return new Promise((resolve, reject) => {
        answer = calls === 1 ? () => reject(new Error('no')) : () => resolve({ uptimeSeconds: calls } as NodeSample)
      })
    },
  })
  using _ = history
  await pass(30_000)
  expect(calls).toBe(1)
  answer()
  await pass(10_000)
  expect([calls, errors.length, history.samples]).toEqual([2, 1, []])
  answer()
  await pass(0)
  expect(history.samples).toHaveLength(1)
})

it('a closed history takes no samples', async () => {
  const { history, taken } = open()
  await pass(0)
  history[Symbol.dispose]()
  await pass(60_000)
  expect(taken()).toBe(1)
})
