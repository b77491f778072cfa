// Callers share a transaction until it begins, and no answer is older than its call.
import { describe, expect, it } from 'vitest'
import { Batched } from './batched.ts'
import { openStore } from './open.ts'
import { padded } from './padded.ts'
import { temporaryFolder } from '@tablecast/testing'

const at = '2026-01-01T00:00:00.000Z'

async function openCounted() {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const store = opened.use(await openStore({ dataDir: folder.path }))
  const batches: (readonly string[])[] = []
  const names = new Batched<string, string>({
    run: (work) => store.read(work),
    idOf: (id) => id,
    answer: async ({ users }, ids) => {
      batches.push(ids)
      return new Map((await users.getAll(ids)).map(({ id, name }) => [id, name]))
    },
  })
  const put = (id: string, name: string) =>
    store.write(({ users }) => users.put({ id, subject: null, name, mergedInto: null, createdAt: at }))
  const owned = opened.move()
  return { store, names, batches, put, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

describe('a batch', () => {
  it('asks once for all callers of a moment, and gives each their own answer', async () => {
    await using counted = await openCounted()
    for (let n = 0; n < 5; n++) await counted.put(`user-${n}`, `Name ${n}`)
    const asked = ['user-3', 'user-0', 'nobody', 'user-3', 'user-4']
    const answers = await Promise.all(asked.map((id) => counted.names.get(id)))
    expect(answers).toEqual(['Name 3', 'Name 0', null, 'Name 3', 'Name 4'])
    expect(counted.batches).toEqual([['user-3', 'user-0', 'nobody', 'user-4']])
  })

  it('never gives an answer from before the call, whatever else is being read', async () => {
    await using counted = await openCounted()
    await counted.put('user', 'Name 0')
    const answers: Promise<string | null>[] = []
    for (let n = 1; n <= 50; n++) {
      answers.push(counted.names.get('user'))
      await counted.put('user', `Name ${n}`)
      expect(await counted.names.get('user')).toBe(`Name ${n}`)
    }
    expect(new Set(await Promise.all(answers)).size).toBeGreaterThan(1)
  })

  it('has an end: a crowd shares a few transactions', async () => {
    await using counted = await openCounted()
    await counted.put('user-1999', 'The last one')
    const answers = await Promise.all(Array.from({ length: 2_000 }, (_, n) => counted.names.get(`user-${n}`)))
    expect(answers.at(-1)).toBe('The last one')
    expect(counted.batches.map(({ length }) => length)).toEqual([512, 512, 512, 464])
  })

  it('that fails tells every caller, and the next call tries again', async () => {
    const errors = [new Error('the database is away')]
    const failing = new Batched<string, string>({
      run: () => Promise.reject(errors.pop() ?? new Error('the database is still away')),
      idOf: (id) => id,
      answer: () => Promise.resolve(new Map()),
    })
    const first = await Promise.allSettled([failing.get('a'), failing.get('b')])
    expect(first.map((one) => 'reason' in one && String(one.reason))).toEqual([
      'Error: the database is away',
      'Error: the database is away',
    ])
    await expect(failing.get('a')).rejects.toThrow('the database is still away')
  })
})

it('a list of any length becomes one of a few lengths, with nothing new in it', () => {
  for (const [length, becomes] of [
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 8],
    [512, 512],
  ] as const) {
    const values = Array.from({ length }, (_, n) => `value-${n}`)
    expect(padded(values)).toHaveLength(becomes)
    expect(new Set(padded(values))).toEqual(new Set(values))
  }
})
