import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PageLoader } from './page-loader.ts'

const request = new Request('http://table.test/r/main')
const early = Promise.resolve(undefined)

/** A server whose answers the test gives, one for each request. */
function serverOf() {
  const asked: PromiseWithResolvers<Response>[] = []
  const loader = new PageLoader({
    fetch() {
      const one = Promise.withResolvers<Response>()
      asked.push(one)
      return one.promise
    },
    offlinePage: () => Promise.resolve(new Response('offline')),
  })
  const textOf = async (answer: Promise<Response>) => (await answer).text()
  return { loader, asked, textOf }
}

describe('a page', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('comes from the server, which is asked each time', async () => {
    const { loader, asked, textOf } = serverOf()
    for (const text of ['old', 'new']) {
      const { answer, fromServer } = loader.load(request, early)
      await vi.advanceTimersByTimeAsync(0)
      asked.at(-1)?.resolve(new Response(text))
      expect(await textOf(answer)).toBe(text)
      expect(await fromServer).toBe(true)
    }
    expect(asked).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that the browser has asked for already is not asked for again', async () => {
    const { loader, asked, textOf } = serverOf()
    expect(await textOf(loader.load(request, Promise.resolve(new Response('early'))).answer)).toBe('early')
    expect(asked).toHaveLength(0)
  })

  it('is the offline page at once where the network is gone', async () => {
    const { loader, asked, textOf } = serverOf()
    const { answer, fromServer } = loader.load(request, early)
    await vi.advanceTimersByTimeAsync(0)
    asked[0]?.reject(new TypeError('Failed to fetch'))
    expect(await textOf(answer)).toBe('offline')
    expect(await fromServer).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [502, 'offline', false],
    [530, 'offline', false],
    [404, 'its own', true],
    [500, 'its own', true],
  ])('with status %i is the %s page', async (status, expected, isReached) => {
    const { loader, asked, textOf } = serverOf()
    const { answer, fromServer } = loader.load(request, early)
    await vi.advanceTimersByTimeAsync(0)
    asked[0]?.resolve(new Response('its own', { status }))
    expect(await textOf(answer)).toBe(expected)
    expect(await fromServer).toBe(isReached)
  })

  it('is the offline page after a while without an answer, and a slow line gets longer the next time', async () => {
    const { loader, asked, textOf } = serverOf()
    const first = loader.load(request, early)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await textOf(first.answer)).toBe('offline')
    asked[0]?.resolve(new Response('late'))
    expect(await first.fromServer).toBe(true)

    const second = loader.load(request, early)
    await vi.advanceTimersByTimeAsync(6_000)
    asked[1]?.resolve(new Response('slow'))
    expect(await textOf(second.answer)).toBe('slow')
  })

  it('comes from the server in the end where the browser has kept no offline page', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>()
    const loader = new PageLoader({ fetch: () => promise, offlinePage: () => Promise.resolve(undefined) })
    const { answer } = loader.load(request, undefined)
    await vi.advanceTimersByTimeAsync(10_000)
    resolve(new Response('late'))
    expect(await (await answer).text()).toBe('late')
  })
})
