import { expect, test } from 'vitest'
import { Notice } from '../../../../api.ts'
import type { SentPicture } from './send-picture.ts'
import { type Upload, UploadQueue } from './upload-queue.ts'

const picture = (id: string, warnings: string[] = []): SentPicture => ({
  id,
  width: 4,
  height: 3,
  thumbhash: '',
  warnings,
})
const file = (name: string) => new File(['bytes'], name)

/** A queue whose sending the test ends by hand. */
function started() {
  let uploads: readonly Upload<string>[] = []
  const calls: {
    name: string
    signal: AbortSignal
    onSent: (share: number) => void
    answer: PromiseWithResolvers<SentPicture>
  }[] = []
  const placed: string[] = []
  let refusal: string | null = null
  const queue = new UploadQueue<string>({
    roomOf: () => 'main',
    useOf: () => ({ kind: 'campaign' }),
    send: (_room, blob, _use, onSent, signal) => {
      const answer = Promise.withResolvers<SentPicture>()
      calls.push({ name: blob instanceof File ? blob.name : '', signal, onSent, answer })
      signal.addEventListener('abort', () => answer.reject(new Notice('It was cancelled.')))
      return answer.promise
    },
    place: async ({ id }, { target }) => {
      await Promise.resolve()
      if (refusal !== null) throw new Notice(refusal)
      placed.push(`${id} in ${target}`)
    },
    changed: (now) => (uploads = now),
  })
  return {
    queue,
    calls,
    placed,
    refuse: (words: string | null) => (refusal = words),
    states: () => uploads.map(({ file: { name }, state }) => `${name} ${state}`),
    all: () => uploads,
    finish: async (index: number, id: string, warnings: string[] = []) => {
      calls[index]?.answer.resolve(picture(id, warnings))
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    },
    fail: async (index: number, words: string) => {
      calls[index]?.answer.reject(new Notice(words))
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    },
  }
}

test('two pictures go out at once, and the others follow in their order', async () => {
  const { queue, calls, states, placed, finish } = started()
  queue.add([file('a'), file('b'), file('c')], 'tray')
  queue.add([file('d')], 'scene')
  expect(states()).toEqual(['a sending', 'b sending', 'c waiting', 'd waiting'])
  await finish(1, 'p1')
  expect(states()).toEqual(['a sending', 'c sending', 'd waiting'])
  await finish(0, 'p0')
  await finish(2, 'p2')
  await finish(3, 'p3')
  expect(calls.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
  expect(placed).toEqual(['p1 in tray', 'p0 in tray', 'p2 in tray', 'p3 in scene'])
  expect(states()).toEqual([])
})

test('a picture that has gone out whole is being checked', () => {
  const { queue, calls, states, all } = started()
  queue.add([file('a')], 'tray')
  calls[0]?.onSent(0.5)
  expect([states(), all()[0]?.share]).toEqual([['a sending'], 0.5])
  calls[0]?.onSent(1)
  expect(states()).toEqual(['a checking'])
})

test('a cancelled picture stops, gets no place, and lets the next one go', async () => {
  const { queue, calls, states, placed, all, finish } = started()
  queue.add([file('a'), file('b'), file('c')], 'tray')
  queue.cancel(all()[0]?.key ?? 0)
  await finish(0, 'p0')
  expect(calls[0]?.signal.aborted).toBe(true)
  expect(states()).toEqual(['b sending', 'c sending'])
  expect(placed).toEqual([])
})

test('a refusal stays with its words until somebody tries again', async () => {
  const { queue, calls, states, all, placed, fail, finish } = started()
  queue.add([file('a'), file('b')], 'tray')
  await fail(0, 'This is no picture.')
  expect(states()).toEqual(['a failed', 'b sending'])
  expect(all()[0]?.problem).toBe('This is no picture.')
  queue.retry(all()[0]?.key ?? 0)
  expect(calls).toHaveLength(3)
  await finish(2, 'p0')
  expect(placed).toEqual(['p0 in tray'])
})

test('a picture that the server has is not sent again when its place was refused', async () => {
  const { queue, calls, all, placed, refuse, finish } = started()
  refuse('The tray is full.')
  queue.add([file('a')], 'tray')
  await finish(0, 'p0')
  expect(all()[0]?.problem).toBe('The tray is full.')
  refuse(null)
  queue.retry(all()[0]?.key ?? 0)
  await finish(0, 'p0')
  expect(calls).toHaveLength(1)
  expect(placed).toEqual(['p0 in tray'])
})

test('a file of which something was left out stays in the list with the reasons, until somebody dismisses it', async () => {
  const { queue, all, placed, finish, states } = started()
  queue.add([file('keep')], 'maps')
  await finish(0, 'p1', ['Two doors without a place were left out.'])
  expect(states()).toEqual(['keep placed'])
  expect(all()[0]?.warnings).toEqual(['Two doors without a place were left out.'])
  expect(placed).toEqual(['p1 in maps'])
  queue.cancel(all()[0]?.key ?? 0)
  expect(states()).toEqual([])
})
