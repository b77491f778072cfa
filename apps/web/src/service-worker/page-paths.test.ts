import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isPage } from './page-paths.ts'

const routes = readFileSync(new URL('../routes.tsx', import.meta.url), 'utf8')
const patterns = [...routes.matchAll(/<Route path="([^"]+)"/g)].map(([, pattern]) => pattern ?? '')

describe('the offline page', () => {
  it('is for each page with an address but the overlay', () => {
    expect(patterns.length).toBeGreaterThan(10)
    for (const pattern of patterns) {
      const full = pattern.replaceAll(/:\w+\??/g, 'a-room_1')
      const short = pattern.replaceAll(/\/:\w+\?/g, '').replaceAll(/:\w+/g, 'a-room_1')
      for (const path of [full, short])
        expect([pattern, path, isPage(path)]).toEqual([pattern, path, !pattern.endsWith('/overlay')])
    }
  })

  it.each([
    '/trpc/rooms.get',
    '/api/tickets',
    '/docs/',
    '/health',
    '/metrics',
    '/topics/orders/messages',
    '/assets/index-12345678.js',
    '/service-worker.js',
    '/r/main/overlay',
    '/r/main/tv/x',
    '/join/a/b',
  ])('leaves %s to the browser', (path) => {
    expect(isPage(path)).toBe(false)
  })
})
