// A small show, and the limits in the operators' document.
import { parseConfig } from '@tablecast/server'
import { expect, it } from 'vitest'
import { showPreset } from './preset.ts'
import { playShow } from './show.ts'

const WATCHERS = 200
const WORDS = 3
/** On a machine that is loaded twenty times over, the server alone takes half a minute to start again. */
const TEST_TIMEOUT_MS = 600_000

it(
  'every watcher of a show comes in, is back after a kill with a few kilobytes, and hears every word',
  async () => {
    const { join, returns, words, wordsWithSlow } = await playShow({
      watchers: WATCHERS,
      processes: 2,
      restarts: 1,
      words: WORDS,
      wordIntervalMs: 300,
    })
    for (const { live } of [join, ...returns]) {
      expect(live.missing).toBe(0)
      expect(live.lives).toHaveLength(WATCHERS)
      for (const { bytes } of live.lives) expect(bytes).toBeLessThanOrEqual(64_000)
    }
    // Everybody goes on after the position that they had.
    expect(returns.flatMap(({ live }) => live.lives.filter(({ hadSnapshot }) => hadSnapshot))).toEqual([])
    expect(words.missing).toBe(0)
    expect(words.delaysMs).toHaveLength(WORDS * WATCHERS)
    expect(wordsWithSlow.missing).toBe(0)
    expect(wordsWithSlow.delaysMs).toHaveLength(WORDS * WATCHERS * 0.9)
  },
  TEST_TIMEOUT_MS,
)

it('the documented limits of a show are settings, and let ten thousand watchers of one address in', () => {
  const preset = showPreset()
  const config = parseConfig({ ...preset })
  for (const [name, value] of Object.entries(preset)) expect(config[name as keyof typeof config]).toBe(Number(value))
  const { MAX_SOCKETS, MAX_SOCKETS_PER_IP, MAX_SOCKETS_PER_ROOM, MAX_MEMBERS_PER_ROOM } = config
  for (const limit of [MAX_SOCKETS, MAX_SOCKETS_PER_IP, MAX_SOCKETS_PER_ROOM, MAX_MEMBERS_PER_ROOM])
    expect(limit).toBeGreaterThan(10_000)
})
