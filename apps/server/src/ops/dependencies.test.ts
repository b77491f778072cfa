import { describe, expect, it } from 'vitest'
import { Dependencies, type Probe, errorText } from './dependencies.ts'

function probe(more: Partial<Probe> = {}) {
  const state = { isUp: true, asked: 0, listener: (_isUp: boolean) => {} }
  const made: Probe = {
    name: 'Store',
    detail: 'of a test',
    ping() {
      state.asked += 1
      return state.isUp ? Promise.resolve() : Promise.reject(new Error('refused'))
    },
    isTimed: true,
    everyMs: 0,
    ...more,
  }
  return { state, made }
}

function open(made: Probe) {
  let time = Date.parse('2026-11-21T10:00:00.000Z')
  const dependencies = new Dependencies({
    probes: [made],
    node: () => 'host:1',
    secrets: [],
    now: () => new Date((time += 1_000)),
  })
  const look = async () => (await dependencies.look()).dependencies[0]
  return { dependencies, look }
}

describe('A service that a node depends on', () => {
  it('shows its state since the first check that found it, and keeps its last error', async () => {
    const { state, made } = probe()
    const { look } = open(made)
    const up = await look()
    expect(up).toMatchObject({ name: 'Store', detail: 'of a test', state: 'up', error: null })
    expect(up?.latencyMs).toBeGreaterThanOrEqual(0)
    expect((await look())?.since).toBe(up?.since)
    state.isUp = false
    const down = await look()
    expect(down).toMatchObject({ state: 'down', latencyMs: null, error: 'refused' })
    expect(down?.since).not.toBe(up?.since)
    expect((await look())?.since).toBe(down?.since)
    state.isUp = true
    expect(await look()).toMatchObject({ state: 'up', error: 'refused' })
  })

  it('is pinged once for several operators, and at most once in `everyMs`', async () => {
    const { state, made } = probe({ everyMs: 60_000 })
    const { dependencies } = open(made)
    await Promise.all([dependencies.look(), dependencies.look()])
    await dependencies.look()
    expect(state.asked).toBe(1)
  })

  it('is down since the moment at which its own client noticed the loss', async () => {
    let lost: (isUp: boolean) => void = () => {}
    const { state, made } = probe({
      everyMs: 60_000,
      watch(listener) {
        lost = listener
        return () => {}
      },
    })
    const { look } = open(made)
    await look()
    lost(false)
    state.isUp = false
    expect(await look()).toMatchObject({ state: 'down', since: '2026-11-21T10:00:02.000Z', error: 'refused' })
    expect(state.asked).toBe(2)
  })

  it('is down when it does not answer within three seconds', async () => {
    const { look } = open({ ...probe().made, ping: () => new Promise(() => {}) })
    expect(await look()).toMatchObject({ state: 'down', error: 'no answer within 3 s' })
  })

  it('shows an error as one line without credentials', () => {
    const refused = new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:5432')], '')
    const error = new Error('could not read\n  postgres://me:pa%20ss@db/x', { cause: refused })
    const words = errorText(new Error('the token sk-1 and pa ss', { cause: error }), ['sk-1', 'pa ss'])
    expect(words).toBe(
      'the token [redacted] and [redacted]: could not read postgres://db/x: AggregateError: connect ECONNREFUSED 127.0.0.1:5432',
    )
    expect(errorText('x'.repeat(5_000), [])).toHaveLength(200)
    expect(errorText(undefined, [])).toBe('undefined')
  })
})
